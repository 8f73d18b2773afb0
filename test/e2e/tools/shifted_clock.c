/* shifted_clock.c - a wall clock that a test sets: for LD_PRELOAD.
 *
 *     SHIFTED_CLOCK=FILE     its text is how many seconds the clock is ahead (+3600, -3600); no file: none */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"

static long shift_s(void)
{
    const char *file = getenv("SHIFTED_CLOCK");
    char text[32] = "";

    if (file == NULL)
        return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    uint64_t s;
    if (n < 1 || str_u64((struct str){text + 1, (size_t)n - 1}, INT32_MAX, &s) != KW_OK)
        return 0;
    return text[0] == '-' ? -(long)s : (long)s;
}

int clock_gettime(clockid_t clock_id, struct timespec *tp)
{
    int failed = (int)syscall(SYS_clock_gettime, clock_id, tp);

    if (failed == 0 && clock_id == CLOCK_REALTIME)
        tp->tv_sec += shift_s();
    return failed;
}
