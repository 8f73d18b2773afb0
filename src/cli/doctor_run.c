/* doctor_run.c - what `nginx -T` says, from itself or from a pipe. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/doctor.h"

extern char **environ;

enum { PIECE = 65536 };

static enum kw_err spawn(int to, pid_t *child)
{
    char name[] = "nginx", option[] = "-T";
    char *const argv[] = {name, option, NULL};
    posix_spawn_file_actions_t actions;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return KW_ENOMEM;
    int failed = posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
    if (failed == 0) /* what it says besides is not for us */
        failed = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (failed == 0)
        failed = posix_spawnp(child, name, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0 ? KW_OK : file_err(failed);
}

enum kw_err doctor_read(int fd, struct buf *out)
{
    for (;;) {
        void *room = buf_room(out, PIECE);
        if (room == NULL)
            return KW_EFULL;
        ssize_t n = read(fd, room, PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 ? KW_OK : KW_EIO;
        out->n += (size_t)n;
    }
}

enum kw_err doctor_run_nginx(struct buf *out)
{
    int ends[2], status = 0;
    pid_t child = -1;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return file_err(errno);
    AUTO(file_closep) int from = ends[0];
    AUTO(file_closep) int to = ends[1];
    TRY(spawn(to, &child));
    file_closep(&to);
    enum kw_err err = doctor_read(from, out);
    file_closep(&from);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (err == KW_OK && WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return KW_ENOTFOUND;
    return err == KW_OK && status != 0 ? KW_EIO : err;
}
