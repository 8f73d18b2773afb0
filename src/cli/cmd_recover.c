/* cmd_recover.c - keyward recover. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/place.h"
#include "store/store.h"

static bool is_confirmed(void)
{
    char line[16] = "";

    fputs(
        "Accept the database as it is? Whatever was changed after it was copied is given up: keys\n"
        "that were revoked since are valid again. [y/N] ",
        stderr);
    return fgets(line, sizeof line, stdin) != NULL && (line[0] == 'y' || line[0] == 'Y');
}

static enum exit_status recover(const struct command *self, const struct config_paths *paths)
{
    const struct store_paths store = {
        .database = paths->database, .master_key = paths->master_key, .head = paths->head};
    char why[256] = "";
    uint64_t lost = 0;

    enum kw_err err = store_recover(&store, &lost, why);
    if (err != KW_OK)
        return exit_say(exit_of(err), self->name, "%s", why[0] == '\0' ? kw_strerror(err) : why);
    printf("Every row and every change holds; the database is accepted. Changes given up: %llu.\n",
           (unsigned long long)lost);
    if (lost > 0)
        puts("Keys that were revoked, disabled or narrowed in them are as they were before: look "
             "through\n"
             "them (`keyward audit search --changes` shows what was changed) before you go on.");
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_IO;
}

static enum exit_status run(const struct command *self, const struct args *args)
{
    AUTO(file_closep) int lock = -1;
    struct config config;
    struct config_paths paths;

    enum exit_status status = place_read(self, args, &config);
    if (status != EXIT_DONE)
        return status;
    config_paths_of(&config, &paths);
    status = place_lock(self, paths.lock, &lock);
    if (status != EXIT_DONE)
        return status;
    if (!args_has(args, "yes") && !isatty(STDIN_FILENO))
        return exit_say(
            EXIT_USAGE,
            self->name, "this may make revoked keys valid again, and there is no terminal to ask on: give --yes");
    if (!args_has(args, "yes") && !is_confirmed())
        return exit_say(EXIT_REFUSED, self->name, "nothing was done");
    return recover(self, &paths);
}

static const struct option options[] = {
    PLACE_OPTION,
    {"yes", NULL, false, "do not ask"},
    {NULL},
};

const struct command cmd_recover = {
    .name = "recover",
    .operands = "",
    .summary = "accept a database that was put back from a copy",
    .about =
        "keyward serve refuses a database that is older than the last change it has acknowledged.\n"
        "This verifies all of it, says how many changes are given up, and accepts it.",
    .options = options,
    .run = run,
};
