/* shifted_clock.c - a wall clock that a test sets: for LD_PRELOAD.
 *
 *     SHIFTED_CLOCK=FILE     its text is how many seconds the clock is ahead (-3600); no file: none */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

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
    return n > 0 ? strtol(text, NULL, 10) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, out);

    if (failed == 0 && clock == CLOCK_REALTIME)
        out->tv_sec += shift_s();
    return failed;
}
