/* leak_desk.c - see leak_desk.h. Reports wait in a ring, under the lock; the desk's worker looks at them, one after the other. */
#include "jobs/leak_desk.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "core/exposure.h"
#include "core/key.h"
#include "jobs/attempts.h"
#include "jobs/leak_judge.h"
#include "jobs/worker.h"

struct leak_desk {
    struct leak_desk_options o;
    struct attempts *attempts; /* owns, as the next */
    struct worker *worker;
    pthread_mutex_t lock; /* around all below */
    bool is_working;      /* a job of the worker goes on until the ring is empty */
    unsigned first, n;
    struct leak_report ring[LEAK_DESK_ROOM];
};

/* ---- what is reported ---- */

static bool holds(struct str text, struct str piece)
{
    for (size_t i = 0; i + piece.n <= text.n; i++)
        if (memcmp(text.p + i, piece.p, piece.n) == 0)
            return true;
    return false;
}

/* The secret alone, without what stands in front of it in a key, looks like nothing of ours: that it is one only this report
 * tells. Looked for before the text is cut, so that no part of it stays. */
static void put_clean(struct str text, struct str key, char *out, size_t max)
{
    enum { SECRET_TAIL = KEY_SECRET_LEN + KEY_CHECK_LEN, LONG = 4096 };
    const struct str any = {NULL, 0};
    char clean[LONG];
    struct str rest = {clean, exposure_redact(text, any, any, clean, sizeof clean)};
    size_t n = key.n < SECRET_TAIL ? key.n : SECRET_TAIL;
    struct str secret = {key.p + key.n - n, n < KEY_SECRET_LEN ? n : KEY_SECRET_LEN};

    if (n > 0 && holds(rest, secret))
        rest = STR("…");
    rest = utf8_cut(rest, max);
    memcpy(out, rest.p, rest.n);
    out[rest.n] = '\0';
    explicit_bzero(clean, sizeof clean);
}

void leak_report_fill(struct leak_report *r, struct str key, struct str url, struct str note)
{
    r->key.n = key.n <= sizeof r->key.p ? key.n : 0;
    memcpy(r->key.p, r->key.n == 0 ? "" : key.p, r->key.n);
    put_clean(url, key, r->url, LEAK_URL_MAX);
    put_clean(note, key, r->note, LEAK_NOTE_MAX);
}

static void report_wipe(struct leak_report *r)
{
    explicit_bzero(r, sizeof *r);
}

/* ---- in the desk's thread ---- */

/* False: none waits, and whoever comes next has to wake the worker. */
static bool take(struct leak_desk *d, struct leak_report *out)
{
    pthread_mutex_lock(&d->lock);
    bool is_there = d->is_working = d->n > 0;
    if (is_there) {
        *out = d->ring[d->first];
        report_wipe(&d->ring[d->first]);
        d->first = (d->first + 1) % LEAK_DESK_ROOM;
        d->n--;
    }
    pthread_mutex_unlock(&d->lock);
    return is_there;
}

/* Also when the process ends: what was taken is looked at. */
static void work(void *ctx, bool is_over)
{
    struct leak_desk *d = ctx;
    AUTO(report_wipe) struct leak_report r = {.by = LEAK_BY_ANYBODY};

    (void)is_over;
    while (take(d, &r))
        leak_judge(&d->o, &r);
}

/* ---- the others ---- */

static void put(struct leak_desk *d, const struct leak_report *reports, size_t n)
{
    for (size_t i = 0; i < n; i++)
        d->ring[(d->first + d->n++) % LEAK_DESK_ROOM] = reports[i];
}

enum kw_err leak_desk_submit(struct leak_desk *d, const struct leak_report *reports, size_t n)
{
    enum kw_err err = KW_OK;

    pthread_mutex_lock(&d->lock);
    if (n > LEAK_DESK_ROOM - d->n)
        err = KW_EBUSY;
    else if (!d->is_working)
        err = worker_submit(d->worker, &(struct worker_job){STR("leaks"), work, d});
    if (err == KW_OK) {
        put(d, reports, n);
        d->is_working = true;
    }
    pthread_mutex_unlock(&d->lock);
    return err;
}

bool leak_desk_may(struct leak_desk *d, const struct address *source, int64_t now_ms,
                   uint32_t *retry_after_s)
{
    const struct attempt a = {.source = source->b, .email = {NULL, 0}};

    return attempts_take(d->attempts, &a, now_ms, retry_after_s);
}

/* ---- opened and closed ---- */

void leak_desk_free(struct leak_desk *d)
{
    if (d == NULL)
        return;
    worker_free(d->worker);
    attempts_free(d->attempts);
    pthread_mutex_destroy(&d->lock);
    explicit_bzero(d->ring, sizeof d->ring);
    free(d);
}

enum kw_err leak_desk_new(const struct leak_desk_options *o, struct leak_desk **out)
{
    struct leak_desk *d = calloc(1, sizeof *d);

    if (d == NULL)
        return KW_ENOMEM;
    d->o = *o;
    pthread_mutex_init(&d->lock, NULL);
    enum kw_err err = attempts_new(&attempts_to_report, &d->attempts);
    if (err == KW_OK)
        err = worker_new(&d->worker);
    if (err != KW_OK) {
        leak_desk_free(d);
        return err;
    }
    *out = d;
    return KW_OK;
}
