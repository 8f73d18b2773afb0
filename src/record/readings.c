/* readings.c - see readings.h. The first `taken` of the line are being written to the disk. */
#include "record/readings.h"

#include <pthread.h>
#include <stdlib.h>

struct known {
    uint64_t alike; /* 0: free */
    int64_t time_us;
};

struct count {
    uint32_t n, taken;
};

struct readings {
    pthread_mutex_t lock;
    struct reading_taken line[READINGS_MAX];
    uint32_t n, taken;
    struct count counts[READING_N_WHATS];
    struct known known[READINGS_KNOWN];
};

enum kw_err readings_new(struct readings **out)
{
    struct readings *q = calloc(1, sizeof *q);

    if (q == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&q->lock, NULL);
    *out = q;
    return KW_OK;
}

void readings_free(struct readings *q)
{
    if (q == NULL)
        return;
    pthread_mutex_destroy(&q->lock);
    free(q);
}

/* ---- put ---- */

/* Where it is known, else the place that was free, or used longest ago. */
static struct known *place_of(struct readings *q, uint64_t alike)
{
    struct known *oldest = &q->known[0];

    for (size_t i = 0; i < READINGS_KNOWN; i++) {
        struct known *k = &q->known[i];
        if (k->alike == alike)
            return k;
        bool is_older = oldest->alike != 0 && (k->alike == 0 || k->time_us < oldest->time_us);
        oldest = is_older ? k : oldest;
    }
    return oldest;
}

/* Whether one like it was taken just now. A clock that went back forgets. */
static bool was_taken(struct readings *q, uint64_t alike, int64_t now_us)
{
    struct known *k = place_of(q, alike);
    int64_t ago_us = now_us - k->time_us;

    if (k->alike == alike && ago_us >= 0 && ago_us < READINGS_APART_US)
        return true;
    *k = (struct known){alike, now_us};
    return false;
}

static void encode(const struct reading *r, struct reading_taken *out)
{
    out->time_us = r->time_us;
    out->n = reading_encode(r, out->bytes);
}

static void put(struct readings *q, const struct reading *r)
{
    struct count *c = &q->counts[r->what];

    if (q->n < READINGS_MAX)
        encode(r, &q->line[q->n++]);
    else if (c->n < UINT32_MAX)
        c->n++;
}

bool readings_put(struct readings *q, const struct reading *r, uint64_t alike)
{
    if (r->what <= READING_NONE || (unsigned)r->what >= READING_N_WHATS)
        return false; /* could not be read back */
    pthread_mutex_lock(&q->lock);
    bool is_new = alike == 0 || !was_taken(q, alike, r->time_us);
    if (is_new)
        put(q, r);
    pthread_mutex_unlock(&q->lock);
    return is_new;
}

/* ---- taken ---- */

static uint32_t take_counts(struct readings *q, int64_t now_us, struct reading_taken *out)
{
    uint32_t n = 0;

    for (unsigned what = 0; what < READING_N_WHATS; what++) {
        struct count *c = &q->counts[what];
        c->taken = c->n;
        if (c->n == 0)
            continue;
        const struct reading sum = {.time_us = now_us, .what = what, .summed = c->n};
        encode(&sum, &out[n++]);
    }
    return n;
}

uint32_t readings_take(struct readings *q, int64_t now_us,
                       struct reading_taken out[READINGS_TAKEN_MAX])
{
    pthread_mutex_lock(&q->lock);
    uint32_t n = q->taken = q->n;
    memcpy(out, q->line, n * sizeof *out);
    n += take_counts(q, now_us, out + n);
    pthread_mutex_unlock(&q->lock);
    return n;
}

void readings_settle(struct readings *q)
{
    pthread_mutex_lock(&q->lock);
    for (unsigned what = 0; what < READING_N_WHATS; what++) {
        q->counts[what].n -= q->counts[what].taken;
        q->counts[what].taken = 0;
    }
    q->n -= q->taken;
    memmove(q->line, q->line + q->taken, q->n * sizeof q->line[0]);
    q->taken = 0;
    pthread_mutex_unlock(&q->lock);
}
