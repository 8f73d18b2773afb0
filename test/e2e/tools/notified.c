/* notified.c - plays the supervisor: a datagram socket at a path, and a line on standard output for each line that comes.
 *
 *     notified PATH       "ready" first; ends when standard input does */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_at(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || strlen(path) >= sizeof a.sun_path)
        return -1;
    memcpy(a.sun_path, path, strlen(path));
    return bind(fd, (const struct sockaddr *)&a, sizeof a) == 0 ? fd : -1;
}

int main(int argc, char *argv[])
{
    char text[4096];
    int fd = argc == 2 ? listen_at(argv[1]) : -1;

    if (fd < 0)
        return 1;
    puts("ready");
    fflush(stdout);
    for (;;) {
        struct pollfd wait[2] = {{.fd = STDIN_FILENO, .events = POLLIN},
                                 {.fd = fd, .events = POLLIN}};
        if (poll(wait, 2, -1) < 0)
            return 1;
        if (wait[1].revents != 0) {
            ssize_t n = recv(fd, text, sizeof text, 0);
            printf("%.*s\n", (int)(n < 0 ? 0 : n), text);
            fflush(stdout);
        } else if (wait[0].revents != 0) {
            return 0;
        }
    }
}
