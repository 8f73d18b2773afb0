/* listen.c - see listen.h. */
#include "server/listen.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"

enum { BACKLOG = 128, GROUP_ENTRY_MAX = 1 << 20 };

enum kw_err listen_group(const char *name, gid_t *out)
{
    struct group entry, *found = NULL;
    char *room = malloc(GROUP_ENTRY_MAX);

    if (room == NULL)
        return KW_ENOMEM;
    int failed = getgrnam_r(name, &entry, room, GROUP_ENTRY_MAX, &found);
    if (failed == 0 && found != NULL)
        *out = entry.gr_gid;
    free(room);
    return failed == 0 && found != NULL ? KW_OK : KW_ENOTFOUND;
}

enum kw_err listen_user(const char *name, uid_t *out)
{
    struct passwd entry, *found = NULL;
    char *room = malloc(GROUP_ENTRY_MAX);

    if (room == NULL)
        return KW_ENOMEM;
    int failed = getpwnam_r(name, &entry, room, GROUP_ENTRY_MAX, &found);
    if (failed == 0 && found != NULL)
        *out = entry.pw_uid;
    free(room);
    return failed == 0 && found != NULL ? KW_OK : KW_ENOTFOUND;
}

static enum kw_err remove_old(const char *path)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return errno == ENOENT ? KW_OK : file_err(errno);
    if (!S_ISSOCK(st.st_mode))
        return KW_EEXISTS;
    return unlink(path) == 0 ? KW_OK : file_err(errno);
}

/* Nobody can connect before listen: by then owner and mode are right. */
static enum kw_err bind_and_listen(int fd, const struct sockaddr_un *a, gid_t group)
{
    if (bind(fd, (const struct sockaddr *)a, sizeof *a) != 0)
        return file_err(errno);
    if (lchown(a->sun_path, (uid_t)-1, group) != 0 || chmod(a->sun_path, 0660) != 0)
        return file_err(errno);
    return listen(fd, BACKLOG) == 0 ? KW_OK : file_err(errno);
}

enum kw_err listen_unix(const char *path, gid_t group, int *fd)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};

    if (snprintf(a.sun_path, sizeof a.sun_path, "%s", path) >= (int)sizeof a.sun_path)
        return KW_ERANGE;
    TRY(remove_old(path));
    AUTO(file_closep) int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s < 0)
        return file_err(errno);
    TRY(bind_and_listen(s, &a, group));
    *fd = s;
    s = -1;
    return KW_OK;
}
