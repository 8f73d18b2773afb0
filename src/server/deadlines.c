/* deadlines.c - see deadlines.h. The thread owns nothing; under the lock it looks at all clocks, and shuts descriptors down
 * that are still open. Their owner notices as if the caller had gone. */
#include "server/deadlines.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"

enum { PAUSE_NS = 100000000 };

struct connection_clock {
    bool is_used;
    int fd;
    uint64_t since_us;
};

struct deadlines {
    pthread_mutex_t lock; /* around the clocks */
    uint64_t step_us;
    pthread_t thread;
    _Atomic bool stopping; /* relaxed: nothing else depends on it */
    unsigned max;
    struct connection_clock clocks[];
};

static void shut_late_ones(struct deadlines *d)
{
    uint64_t now_us = clock_boot_us();

    pthread_mutex_lock(&d->lock);
    for (unsigned i = 0; i < d->max; i++) {
        const struct connection_clock *c = &d->clocks[i];
        if (c->is_used && now_us - c->since_us > d->step_us)
            shutdown(c->fd, SHUT_RDWR); /* again and again, until it is closed: harmless */
    }
    pthread_mutex_unlock(&d->lock);
}

static void *run(void *arg)
{
    struct deadlines *d = arg;
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    while (!atomic_load_explicit(&d->stopping, memory_order_relaxed)) {
        shut_late_ones(d);
        nanosleep(&pause, NULL);
    }
    return NULL;
}

enum kw_err deadlines_new(unsigned max, uint64_t step_us, struct deadlines **out)
{
    struct deadlines *d = calloc(1, sizeof *d + max * sizeof d->clocks[0]);

    if (d == NULL)
        return KW_ENOMEM;
    d->max = max;
    d->step_us = step_us;
    pthread_mutex_init(&d->lock, NULL);
    if (pthread_create(&d->thread, NULL, run, d) != 0) {
        pthread_mutex_destroy(&d->lock);
        free(d);
        return KW_EUNAVAILABLE;
    }
    *out = d;
    return KW_OK;
}

void deadlines_free(struct deadlines *d)
{
    if (d == NULL)
        return;
    atomic_store_explicit(&d->stopping, true, memory_order_relaxed);
    pthread_join(d->thread, NULL);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

struct connection_clock *deadlines_start(struct deadlines *d, int fd)
{
    struct connection_clock *c = NULL;

    pthread_mutex_lock(&d->lock);
    for (unsigned i = 0; i < d->max && c == NULL; i++)
        if (!d->clocks[i].is_used)
            c = &d->clocks[i];
    if (c != NULL)
        *c = (struct connection_clock){.is_used = true, .fd = fd, .since_us = clock_boot_us()};
    pthread_mutex_unlock(&d->lock);
    return c;
}

void deadlines_step(struct deadlines *d, struct connection_clock *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&d->lock);
    c->since_us = clock_boot_us();
    pthread_mutex_unlock(&d->lock);
}

void deadlines_stop(struct deadlines *d, struct connection_clock *c)
{
    if (c == NULL)
        return;
    pthread_mutex_lock(&d->lock);
    *c = (struct connection_clock){0};
    pthread_mutex_unlock(&d->lock);
}
