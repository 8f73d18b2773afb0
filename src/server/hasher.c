/* hasher.c - see hasher.h. The thread owns the job that it computes; the queue is everybody's, under the lock. */
#include "server/hasher.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

/* Who changes his password waits twice, and his connection is given 30 s (http.c, and nginx's proxy_read_timeout). */
enum { MAX_WAITING = 128, MAX_OF_SOURCE = 16, PATIENCE_S = 10, NICE = 10 };

struct job {
    char password[PASSWORD_BYTES_MAX], encoded[PASSWORD_HASH_MAX];
    size_t n_password, n_encoded;
    bool is_verification, is_known;
    struct address source;
    uint64_t since_us;
    void (*done)(void *ctx, const struct hasher_answer *answer);
    void *ctx;
};

struct hasher {
    pthread_mutex_t lock;   /* around stopping and the queue */
    pthread_cond_t changed; /* one of them did */
    bool stopping, joined;
    uint64_t patience_us;
    pthread_t thread;
    unsigned max_of_source;
    unsigned first, n, max; /* a ring */
    struct job jobs[];
};

static void job_wipe(struct job *j)
{
    OPENSSL_cleanse(j, sizeof *j);
}

static void answer_wipe(struct hasher_answer *a)
{
    OPENSSL_cleanse(a, sizeof *a);
}

/* Under the lock, with n > 0. */
static void take_first(struct hasher *h, struct job *out)
{
    *out = h->jobs[h->first];
    job_wipe(&h->jobs[h->first]);
    h->first = (h->first + 1) % h->max;
    h->n--;
}

/* Waits for a job. False: it is time to stop. */
static bool next(struct hasher *h, struct job *out)
{
    pthread_mutex_lock(&h->lock);
    while (h->n == 0 && !h->stopping)
        pthread_cond_wait(&h->changed, &h->lock);
    bool is_there = !h->stopping;
    if (is_there)
        take_first(h, out);
    pthread_mutex_unlock(&h->lock);
    return is_there;
}

static void compute(const struct job *j, struct hasher_answer *out)
{
    struct str password = {j->password, j->n_password}, encoded = {j->encoded, j->n_encoded};

    if (!j->is_verification) {
        out->err = password_hash(password, out->encoded);
        return;
    }
    out->err = password_verify(encoded, password, &out->matches);
    out->needs_rehash = out->matches && password_needs_rehash(encoded);
}

/* What is secret goes first: whoever is called may take his time. */
static void finish(struct job *j, const struct hasher_answer *answer)
{
    void (*done)(void *ctx, const struct hasher_answer *answer) = j->done;
    void *ctx = j->ctx;

    job_wipe(j);
    done(ctx, answer);
}

static void answer(struct hasher *h, struct job *j)
{
    AUTO(answer_wipe) struct hasher_answer a = {.err = KW_EBUSY};

    if (clock_boot_us() - j->since_us <= h->patience_us)
        compute(j, &a);
    finish(j, &a);
}

static void *run(void *arg)
{
    struct hasher *h = arg;
    struct job job = {0};

    /* On Linux the niceness is the thread's own (setpriority(2), BUGS). That it stays as it was is no error. */
    int result = setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
    (void)result;
    while (next(h, &job))
        answer(h, &job);
    return NULL;
}

static enum kw_err start(struct hasher *h)
{
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->changed, NULL);
    if (pthread_create(&h->thread, NULL, run, h) == 0)
        return KW_OK;
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
    return KW_EUNAVAILABLE;
}

enum kw_err hasher_new(const struct hasher_limits *limits, struct hasher **out)
{
    const struct hasher_limits none = {0}, l = limits == NULL ? none : *limits;
    unsigned max = l.max_waiting == 0 ? MAX_WAITING : l.max_waiting;
    struct hasher *h = calloc(1, sizeof *h + max * sizeof h->jobs[0]);

    if (h == NULL)
        return KW_ENOMEM;
    h->max = max;
    h->max_of_source = l.max_of_source == 0 ? MAX_OF_SOURCE : l.max_of_source;
    h->patience_us = l.patience_us == 0 ? PATIENCE_S * 1000000ULL : l.patience_us;
    enum kw_err err = start(h);
    if (err != KW_OK) {
        free(h);
        return err;
    }
    *out = h;
    return KW_OK;
}

static bool next_unanswered(struct hasher *h, struct job *out)
{
    pthread_mutex_lock(&h->lock);
    bool is_there = h->n > 0;
    if (is_there)
        take_first(h, out);
    pthread_mutex_unlock(&h->lock);
    return is_there;
}

void hasher_stop(struct hasher *h)
{
    const struct hasher_answer too_late = {.err = KW_EUNAVAILABLE};
    struct job job = {0};

    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
    if (!h->joined)
        pthread_join(h->thread, NULL);
    h->joined = true;
    while (next_unanswered(h, &job))
        finish(&job, &too_late);
}

void hasher_free(struct hasher *h)
{
    if (h == NULL)
        return;
    hasher_stop(h);
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

void hasher_freep(struct hasher **h)
{
    hasher_free(*h);
}

static void fill(struct job *j, const struct hasher_job *from)
{
    *j = (struct job){.done = from->done, .ctx = from->ctx, .since_us = clock_boot_us()};
    j->source = from->source;
    j->is_known = from->is_known;
    j->is_verification = from->encoded.p != NULL;
    j->n_password = from->password.n;
    j->n_encoded = from->encoded.n;
    if (from->password.p != NULL)
        memcpy(j->password, from->password.p, j->n_password);
    if (from->encoded.p != NULL)
        memcpy(j->encoded, from->encoded.p, j->n_encoded);
}

/* Under the lock. */
static bool is_full_for(const struct hasher *h, const struct hasher_job *job)
{
    unsigned n_of_source = 0, n_strange = 0;

    for (unsigned i = 0; i < h->n; i++) {
        const struct job *j = &h->jobs[(h->first + i) % h->max];
        n_of_source += memcmp(&j->source, &job->source, sizeof j->source) == 0;
        n_strange += !j->is_known;
    }
    return h->n == h->max || n_of_source >= h->max_of_source ||
           (!job->is_known && n_strange >= h->max - h->max / 4);
}

enum kw_err hasher_submit(struct hasher *h, const struct hasher_job *job)
{
    if (job->password.n > PASSWORD_BYTES_MAX || job->encoded.n > PASSWORD_HASH_MAX)
        return KW_ERANGE;
    pthread_mutex_lock(&h->lock);
    enum kw_err err = h->stopping ? KW_EUNAVAILABLE : is_full_for(h, job) ? KW_EBUSY : KW_OK;
    if (err == KW_OK) {
        fill(&h->jobs[(h->first + h->n++) % h->max], job);
        pthread_cond_signal(&h->changed);
    }
    pthread_mutex_unlock(&h->lock);
    return err;
}

unsigned hasher_waiting(struct hasher *h)
{
    pthread_mutex_lock(&h->lock);
    unsigned n = h->n;
    pthread_mutex_unlock(&h->lock);
    return n;
}
