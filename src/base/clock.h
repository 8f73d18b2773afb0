/* clock.h - the only place that asks what time it is. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

uint64_t clock_boot_ns(void); /* CLOCK_BOOTTIME: since boot, never set, runs on through sleep */
int64_t clock_wall_us(void);  /* CLOCK_REALTIME: since 1970-01-01 UTC */

static inline uint64_t clock_boot_us(void)
{
    return clock_boot_ns() / 1000;
}

static inline int64_t clock_wall_ms(void)
{
    return clock_wall_us() / 1000;
}

#endif
