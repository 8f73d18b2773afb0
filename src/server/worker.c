/* worker.c - see worker.h. The thread owns the job that it runs; the queue is everybody's, under the lock. */
#include "server/worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MAX_WAITING = 32 };

struct worker {
    pthread_mutex_t lock;   /* around the queue */
    pthread_cond_t changed; /* it, or stopping */
    _Atomic bool stopping;  /* relaxed where it is read without the lock: a hint to whoever works */
    bool joined;
    pthread_t thread;
    unsigned first, n; /* a ring */
    struct worker_job jobs[MAX_WAITING];
};

/* Under the lock, with n > 0. */
static struct worker_job take_first(struct worker *w)
{
    struct worker_job job = w->jobs[w->first];

    w->first = (w->first + 1) % MAX_WAITING;
    w->n--;
    return job;
}

/* Waits for a job. False: it is time to stop. */
static bool next(struct worker *w, struct worker_job *out)
{
    pthread_mutex_lock(&w->lock);
    while (w->n == 0 && !w->stopping)
        pthread_cond_wait(&w->changed, &w->lock);
    bool goes_on = !w->stopping;
    if (goes_on)
        *out = take_first(w);
    pthread_mutex_unlock(&w->lock);
    return goes_on;
}

static void *run(void *arg)
{
    struct worker_job job = {NULL, NULL};

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
    enum kw_err err = w->stopping ? KW_EUNAVAILABLE : w->n == MAX_WAITING ? KW_EBUSY : KW_OK;
    if (err == KW_OK) {
        w->jobs[(w->first + w->n++) % MAX_WAITING] = *job;
        pthread_cond_signal(&w->changed);
    }
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
        struct worker_job job = take_first(w);
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
