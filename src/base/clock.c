/* clock.c - see clock.h. Neither clock can fail on Linux; both are read without a system call
 * (vDSO). */
#include "base/clock.h"

#include <time.h>

uint64_t clock_boot_ns(void)
{
    struct timespec t = {0};

    clock_gettime(CLOCK_BOOTTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int64_t clock_wall_us(void)
{
    struct timespec t = {0};

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}
