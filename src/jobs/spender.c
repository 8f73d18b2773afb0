/* spender.c - see spender.h. The thread owns what it has taken; the line of those who wait is everybody's, under the lock. */
#include "jobs/spender.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/log.h"

enum { AT_ONCE = 256, TEND_S = 1 };

struct spender {
    struct sync *sync; /* borrows */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct spend_job *first, **end; /* the line */
    unsigned n;
    bool stopping, joined;
    enum kw_err last; /* of tending: logged when it changes */
    pthread_t thread;
};

/* ---- the thread ---- */

static struct timespec soon(void)
{
    struct timespec at;

    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += TEND_S;
    return at;
}

/* Under the lock. */
static unsigned take_some(struct spender *s, struct spend_job *jobs[AT_ONCE])
{
    unsigned n = 0;

    for (; n < AT_ONCE && s->first != NULL; s->n--) {
        jobs[n++] = s->first;
        s->first = s->first->next;
    }
    if (s->first == NULL)
        s->end = &s->first;
    return n;
}

/* Waits for somebody, a second at most. False: it is time to stop, and nobody waits. */
static bool next(struct spender *s, struct spend_job *jobs[AT_ONCE], unsigned *n)
{
    const struct timespec until = soon();
    int rc = 0;

    pthread_mutex_lock(&s->lock);
    while (s->first == NULL && !s->stopping && rc == 0)
        rc = pthread_cond_timedwait(&s->changed, &s->lock, &until);
    *n = take_some(s, jobs);
    bool goes_on = !s->stopping || *n > 0;
    pthread_mutex_unlock(&s->lock);
    return goes_on;
}

static void tend(struct spender *s)
{
    enum kw_err err = sync_tend_spends(s->sync);

    if (err != s->last && err != KW_OK)
        log_error("what has expired of reservations cannot be given back: %s", kw_strerror(err));
    s->last = err;
}

static void spend(struct spender *s, struct spend_job *const *jobs, unsigned n)
{
    struct spend_item *items[AT_ONCE];

    for (unsigned i = 0; i < n; i++)
        items[i] = &jobs[i]->item;
    sync_spend(s->sync, items, n);
    for (unsigned i = 0; i < n; i++)
        jobs[i]->done(jobs[i]->ctx);
}

static void *run(void *arg)
{
    struct spender *s = arg;
    struct spend_job *jobs[AT_ONCE];
    unsigned n;

    while (next(s, jobs, &n)) {
        if (n > 0)
            spend(s, jobs, n);
        else
            tend(s);
    }
    return NULL;
}

/* ---- everybody ---- */

static void init(struct spender *s, struct sync *sync)
{
    pthread_condattr_t clock;

    s->sync = sync;
    s->end = &s->first;
    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&s->changed, &clock);
    pthread_condattr_destroy(&clock);
}

static void deinit(struct spender *s)
{
    pthread_cond_destroy(&s->changed);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

enum kw_err spender_new(struct sync *sync, struct spender **out)
{
    struct spender *s = calloc(1, sizeof *s);

    if (s == NULL)
        return KW_ENOMEM;
    init(s, sync);
    if (pthread_create(&s->thread, NULL, run, s) != 0) {
        deinit(s);
        return KW_EUNAVAILABLE;
    }
    *out = s;
    return KW_OK;
}

enum kw_err spender_submit(struct spender *s, struct spend_job *job)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = s->stopping                   ? KW_EUNAVAILABLE
                      : s->n == SPENDER_WAITING_MAX ? KW_EBUSY
                                                    : KW_OK;
    if (err == KW_OK) {
        job->next = NULL;
        *s->end = job;
        s->end = &job->next;
        s->n++;
        pthread_cond_signal(&s->changed);
    }
    pthread_mutex_unlock(&s->lock);
    return err;
}

void spender_stop(struct spender *s)
{
    pthread_mutex_lock(&s->lock);
    s->stopping = true;
    pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
    if (!s->joined)
        pthread_join(s->thread, NULL);
    s->joined = true;
}

void spender_free(struct spender *s)
{
    if (s == NULL)
        return;
    spender_stop(s);
    deinit(s);
}
