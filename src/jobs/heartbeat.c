/* heartbeat.c - see heartbeat.h. */
#include "jobs/heartbeat.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/notify.h"

enum { TICK_NS = 100000000 };

struct heartbeat {
    struct sync *sync;         /* borrows */
    struct uses *uses;         /* borrows */
    struct key_uses *key_uses; /* borrows */
    pthread_t thread;
    _Atomic bool stopping;    /* relaxed: nothing else depends on it */
    _Atomic uint64_t last_us; /* relaxed: a number for people */
};

static void *beat(void *arg)
{
    struct heartbeat *h = arg;
    const struct timespec pause = {.tv_nsec = TICK_NS};
    const uint64_t watchdog_us = notify_watchdog_us();
    uint64_t told_us = 0;
    bool goes_on = true;

    while (!atomic_load_explicit(&h->stopping, memory_order_relaxed)) {
        if (!sync_tick(h->sync) && goes_on)
            goes_on = kill(getpid(), HEARTBEAT_STOPPED) != 0;
        uint64_t now_us = clock_boot_us();
        atomic_store_explicit(&h->last_us, now_us, memory_order_relaxed);
        if (watchdog_us > 0 && goes_on && now_us - told_us > watchdog_us / 3) {
            notify_send("WATCHDOG=1");
            told_us = now_us;
        }
        uses_tend(h->uses, h->sync, now_us);
        key_uses_tend(h->key_uses, h->sync, now_us);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

enum kw_err heartbeat_start(struct sync *sync, struct uses *uses, struct key_uses *key_uses,
                            struct heartbeat **out)
{
    struct heartbeat *h = calloc(1, sizeof *h);

    if (h == NULL)
        return KW_ENOMEM;
    h->sync = sync;
    h->uses = uses;
    h->key_uses = key_uses;
    h->last_us = clock_boot_us();
    if (pthread_create(&h->thread, NULL, beat, h) != 0) {
        free(h);
        return KW_EUNAVAILABLE;
    }
    *out = h;
    return KW_OK;
}

void heartbeat_stop(struct heartbeat *h)
{
    if (h == NULL)
        return;
    atomic_store_explicit(&h->stopping, true, memory_order_relaxed);
    pthread_join(h->thread, NULL);
    free(h);
}

uint64_t heartbeat_age_us(const struct heartbeat *h)
{
    uint64_t last = atomic_load_explicit(&h->last_us, memory_order_relaxed);
    uint64_t now = clock_boot_us();

    return now > last ? now - last : 0;
}
