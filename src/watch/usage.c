/* usage.c - see usage.h. The thread owns the rounds; what others ask of it and what it has done lies under the lock. */
#include "watch/usage.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

enum {
    PAUSE_MS = 5000,   /* so much is counted in one transaction, when nobody asks */
    CATCH_UP_MS = 20,  /* between the rounds of a long way: whoever serves has his turn */
    TROUBLE_MS = 1000, /* after an error */
};

struct usage {
    struct rounds *rounds;
    pthread_mutex_t lock;
    pthread_cond_t asked, done;
    bool is_asked, is_doubted, stopping;
    struct round_result result; /* of the last round, like the next */
    enum kw_err err;
    uint64_t whole_us; /* boot clock: when the last round began that left nothing */
    pthread_t thread;
};

static struct timespec in_ms(uint32_t ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += (time_t)(ms / 1000);
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* ---- the thread ---- */

/* False: it is time to stop. */
static bool wait_for_turn(struct usage *u, uint32_t ms)
{
    const struct timespec until = in_ms(ms);

    pthread_mutex_lock(&u->lock);
    while (!u->stopping && !u->is_asked && pthread_cond_timedwait(&u->asked, &u->lock, &until) == 0)
        ;
    u->is_asked = false;
    if (u->is_doubted)
        rounds_doubt(u->rounds);
    u->is_doubted = false;
    bool goes_on = !u->stopping;
    pthread_mutex_unlock(&u->lock);
    return goes_on;
}

static void publish(struct usage *u, const struct round_result *result, enum kw_err err,
                    uint64_t begun_us)
{
    pthread_mutex_lock(&u->lock);
    u->result = *result;
    u->err = err;
    if (result->is_whole)
        u->whole_us = begun_us;
    pthread_cond_broadcast(&u->done);
    pthread_mutex_unlock(&u->lock);
}

static void *run(void *arg)
{
    struct usage *u = arg;
    struct round_result result;
    uint32_t pause_ms = 0;

    while (wait_for_turn(u, pause_ms)) {
        uint64_t begun_us = clock_boot_us();
        enum kw_err err = rounds_run(u->rounds, &result); /* logged there */
        publish(u, &result, err, begun_us);
        pause_ms = err != KW_OK ? TROUBLE_MS : result.more ? CATCH_UP_MS : PAUSE_MS;
    }
    return NULL;
}

/* ---- the others ---- */

void usage_wait(struct usage *u, uint64_t batch, uint32_t ms, struct round_result *out)
{
    const struct timespec until = in_ms(ms);

    pthread_mutex_lock(&u->lock);
    if (u->result.batch < batch) {
        u->is_asked = true;
        pthread_cond_signal(&u->asked);
    }
    while (u->result.batch < batch && pthread_cond_timedwait(&u->done, &u->lock, &until) == 0)
        ;
    *out = u->result;
    pthread_mutex_unlock(&u->lock);
}

void usage_state(struct usage *u, struct usage_state *out)
{
    uint64_t now_us = clock_boot_us();

    pthread_mutex_lock(&u->lock);
    *out = (struct usage_state){.batch = u->result.batch,
                                .lag_us = now_us > u->whole_us ? now_us - u->whole_us : 0,
                                .err = u->err};
    pthread_mutex_unlock(&u->lock);
}

void usage_doubt(struct usage *u)
{
    pthread_mutex_lock(&u->lock);
    u->is_doubted = true;
    u->is_asked = true;
    pthread_cond_signal(&u->asked);
    pthread_mutex_unlock(&u->lock);
}

/* ---- started and stopped ---- */

static void free_all(struct usage *u)
{
    pthread_cond_destroy(&u->asked);
    pthread_cond_destroy(&u->done);
    pthread_mutex_destroy(&u->lock);
    rounds_free(u->rounds);
    free(u);
}

static void init_locks(struct usage *u)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&u->asked, &attr);
    pthread_cond_init(&u->done, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&u->lock, NULL);
}

enum kw_err usage_start(const struct round_options *o, struct usage **out)
{
    struct usage *u = calloc(1, sizeof *u);

    if (u == NULL)
        return KW_ENOMEM;
    init_locks(u);
    u->whole_us = clock_boot_us();
    enum kw_err err = rounds_new(o, &u->rounds);
    if (err == KW_OK && pthread_create(&u->thread, NULL, run, u) != 0)
        err = KW_EUNAVAILABLE;
    if (err != KW_OK) {
        free_all(u);
        return err;
    }
    *out = u;
    return KW_OK;
}

void usage_stop(struct usage *u)
{
    if (u == NULL)
        return;
    pthread_mutex_lock(&u->lock);
    u->stopping = true;
    pthread_cond_broadcast(&u->asked);
    pthread_mutex_unlock(&u->lock);
    pthread_join(u->thread, NULL);
    free_all(u);
}
