/* leaks.c - see leaks.h. The first `taken` of the line are being written to the disk. */
#include "record/leaks.h"

#include <pthread.h>
#include <stdlib.h>

struct count {
    uint32_t n, taken;
};

struct leaks {
    pthread_mutex_t lock;
    struct leak_taken line[LEAKS_MAX];
    uint32_t n, taken;
    struct count counts[LEAK_N_WHATS][LEAK_N_BYS];
};

enum kw_err leaks_new(struct leaks **out)
{
    struct leaks *q = calloc(1, sizeof *q);

    if (q == NULL)
        return KW_ENOMEM;
    pthread_mutex_init(&q->lock, NULL);
    *out = q;
    return KW_OK;
}

void leaks_free(struct leaks *q)
{
    if (q == NULL)
        return;
    pthread_mutex_destroy(&q->lock);
    free(q);
}

static size_t encode(const struct leak *l, struct leak_taken *out)
{
    out->time_us = l->time_us;
    out->n = leak_encode(l, out->bytes);
    return out->n;
}

static void count(struct leaks *q, const struct leak *l)
{
    struct count *c = &q->counts[l->what][l->by];

    if (c->n < UINT32_MAX)
        c->n++;
}

void leaks_put(struct leaks *q, const struct leak *l)
{
    if (l->what <= LEAK_NONE || (unsigned)l->what >= LEAK_N_WHATS || (unsigned)l->by >= LEAK_N_BYS)
        return; /* could not be read back */
    pthread_mutex_lock(&q->lock);
    if (leak_is_key(l->what) && q->n < LEAKS_MAX)
        encode(l, &q->line[q->n++]);
    else
        count(q, l);
    pthread_mutex_unlock(&q->lock);
}

static uint32_t take_counts(struct leaks *q, int64_t now_us, struct leak_taken *out)
{
    uint32_t n = 0;

    for (unsigned what = 0; what < LEAK_N_WHATS; what++)
        for (unsigned by = 0; by < LEAK_N_BYS; by++) {
            struct count *c = &q->counts[what][by];
            c->taken = c->n;
            if (c->n == 0)
                continue;
            const struct leak sum = {.time_us = now_us, .what = what, .by = by, .summed = c->n};
            encode(&sum, &out[n++]);
        }
    return n;
}

uint32_t leaks_take(struct leaks *q, int64_t now_us, struct leak_taken out[LEAKS_TAKEN_MAX])
{
    pthread_mutex_lock(&q->lock);
    uint32_t n = q->taken = q->n;
    memcpy(out, q->line, n * sizeof *out);
    n += take_counts(q, now_us, out + n);
    pthread_mutex_unlock(&q->lock);
    return n;
}

void leaks_settle(struct leaks *q)
{
    pthread_mutex_lock(&q->lock);
    for (unsigned what = 0; what < LEAK_N_WHATS; what++)
        for (unsigned by = 0; by < LEAK_N_BYS; by++) {
            struct count *c = &q->counts[what][by];
            c->n -= c->taken;
            c->taken = 0;
        }
    q->n -= q->taken;
    memmove(q->line, q->line + q->taken, q->n * sizeof q->line[0]);
    q->taken = 0;
    pthread_mutex_unlock(&q->lock);
}
