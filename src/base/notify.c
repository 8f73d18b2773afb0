/* notify.c - see notify.h. */
#include "base/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"

/* "/run/systemd/notify", or "@name" for one in the abstract namespace. */
static bool address_of(const char *name, struct sockaddr_un *a, socklen_t *len)
{
    size_t n = name == NULL ? 0 : strlen(name);

    if (n < 2 || n >= sizeof a->sun_path || (name[0] != '/' && name[0] != '@'))
        return false;
    *a = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(a->sun_path, name, n);
    if (name[0] == '@')
        a->sun_path[0] = '\0';
    *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    return true;
}

void notify_send(const char *lines)
{
    struct sockaddr_un a;
    socklen_t len;

    if (!address_of(getenv("NOTIFY_SOCKET"), &a, &len))
        return;
    AUTO(file_closep) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return;
    ssize_t sent = sendto(fd, lines, strlen(lines), MSG_NOSIGNAL, (const struct sockaddr *)&a, len);
    (void)sent;
}

static bool number_in(const char *name, uint64_t *out)
{
    const char *text = getenv(name);

    return text != NULL && str_u64(str_from(text), UINT64_MAX, out) == KW_OK;
}

uint64_t notify_watchdog_us(void)
{
    uint64_t us, pid;

    if (!number_in("WATCHDOG_USEC", &us))
        return 0;
    return number_in("WATCHDOG_PID", &pid) && pid != (uint64_t)getpid() ? 0 : us;
}
