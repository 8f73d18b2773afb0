/* place.c - see place.h. */
#include "cli/place.h"

#include <errno.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#include "server/lock.h"

const char *place_file(const struct args *args)
{
    const char *file = args_value(args, "config");

    return file == NULL ? CONFIG_DEFAULT_FILE : file;
}

static enum exit_status become_owner(const struct command *self, const char *state_dir)
{
    struct stat st;

    if (geteuid() != 0 || stat(state_dir, &st) != 0 || st.st_uid == 0)
        return EXIT_DONE;
    if (setgroups(0, NULL) == 0 && setresgid(st.st_gid, st.st_gid, st.st_gid) == 0 &&
        setresuid(st.st_uid, st.st_uid, st.st_uid) == 0)
        return EXIT_DONE;
    return exit_say(EXIT_PERMISSION, self->name,
                    "this process cannot become user %u, whose %s is: %s", (unsigned)st.st_uid,
                    state_dir, kw_strerror(file_err(errno)));
}

enum exit_status place_read_as_caller(const struct command *self, const struct args *args,
                                      struct config *out)
{
    char why[CONFIG_WHY_MAX] = "";

    enum kw_err err = config_load(place_file(args), out, why);
    if (err == KW_OK)
        return EXIT_DONE;
    return exit_say(err == KW_ENOTFOUND ? EXIT_NO_INPUT : EXIT_CONFIG, self->name, "%s", why);
}

enum exit_status place_read(const struct command *self, const struct args *args, struct config *out)
{
    enum exit_status status = place_read_as_caller(self, args, out);

    return status == EXIT_DONE ? become_owner(self, out->state_dir) : status;
}

enum exit_status place_lock(const struct command *self, const char *path, int *fd)
{
    unsigned holder = 0;

    enum kw_err err = lock_take(path, fd, &holder);
    if (err == KW_EBUSY)
        return exit_say(EXIT_BUSY, self->name,
                        "keyward serve, process %u, is running: stop it first", holder);
    if (err != KW_OK)
        return exit_say(exit_of(err), self->name, "%s cannot be locked: %s", path, kw_strerror(err));
    return EXIT_DONE;
}
