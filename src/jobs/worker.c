/* worker.c - see worker.h. The thread owns the job that it runs; the queue is everybody's, under the lock. */
#include "jobs/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MAX_WAITING = 128, MAX_OF_ASKER = 16 };

struct waiting {
    struct worker_job job;
    uint64_t turn;
};

struct worker {
    pthread_mutex_t lock;   /* around turn and queue */
    pthread_cond_t changed; /* it, or stopping */
    _Atomic bool stopping;  /* relaxed where it is read without the lock: a hint to whoever works */
    bool joined;
    pthread_t thread;
    uint64_t turn;                     /* of the job that was taken last */
    size_t n;                          /* that wait, */
    struct waiting queue[MAX_WAITING]; /* in the order in which they came */
};

/* Under the lock, with n > 0: the first of the lowest turn. */
static struct worker_job take_next(struct worker *w)
{
    size_t next = 0;

    for (size_t i = 1; i < w->n; i++)
        if (w->queue[i].turn < w->queue[next].turn)
            next = i;
    struct waiting taken = w->queue[next];
    w->n--;
    memmove(&w->queue[next], &w->queue[next + 1], (w->n - next) * sizeof w->queue[0]);
    w->turn = taken.turn;
    return taken.job;
}

/* Under the lock. One job of each asker has the same turn: whoever has asked once comes before what another has asked
 * twice, but behind the first thing that he asked before. */
static enum kw_err add(struct worker *w, const struct worker_job *job)
{
    uint64_t turn = w->turn + 1;
    size_t n_own = 0;

    for (size_t i = 0; i < w->n; i++)
        if (str_eq(w->queue[i].job.asker, job->asker)) {
            turn = w->queue[i].turn + 1;
            n_own++;
        }
    if (w->n == MAX_WAITING || n_own == MAX_OF_ASKER)
        return KW_EBUSY;
    w->queue[w->n++] = (struct waiting){*job, turn};
    return KW_OK;
}

/* Waits for a job. False: it is time to stop. */
static bool next(struct worker *w, struct worker_job *out)
{
    pthread_mutex_lock(&w->lock);
    while (w->n == 0 && !w->stopping)
        pthread_cond_wait(&w->changed, &w->lock);
    bool goes_on = !w->stopping;
    if (goes_on)
        *out = take_next(w);
    pthread_mutex_unlock(&w->lock);
    return goes_on;
}

static void *run(void *arg)
{
    struct worker_job job = {.run = NULL};

    while (next(arg, &job))
        job.run(job.ctx, false);
    return NULL;
}

enum kw_err worker_new(struct worker **out)
{
    struct worker *w = calloc(1, sizeof *w);

    if (w == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->changed, NULL);
    if (pthread_create(&w->thread, NULL, run, w) == 0) {
        *out = w;
        return KW_OK;
    }
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
    return KW_EUNAVAILABLE;
}

enum kw_err worker_submit(struct worker *w, const struct worker_job *job)
{
    pthread_mutex_lock(&w->lock);
    enum kw_err err = w->stopping ? KW_EUNAVAILABLE : add(w, job);
    if (err == KW_OK)
        pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    return err;
}

bool worker_is_over(struct worker *w)
{
    return atomic_load_explicit(&w->stopping, memory_order_relaxed);
}

void worker_stop(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    if (!w->joined)
        pthread_join(w->thread, NULL);
    w->joined = true;
    while (w->n > 0) { /* nobody else has it any more */
        struct worker_job job = take_next(w);
        job.run(job.ctx, true);
    }
}

void worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    worker_stop(w);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

void worker_freep(struct worker **w)
{
    worker_free(*w);
}
