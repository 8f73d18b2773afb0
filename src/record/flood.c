/* flood.c - see flood.h. */
#include "record/flood.h"

#include <stdlib.h>

#include "crypto/random.h"
#include "record/hash.h"

/* Powers of two, and at least twice what is put in, so that a search always ends soon. */
enum { SOURCES = 2048, PLACES = 512 };

struct summary {
    struct address source;
    enum kw_reason reason;
    uint32_t count;
};

struct flood {
    uint64_t seed; /* so that nobody can choose addresses that collide */
    int64_t second;
    uint32_t n_single; /* in this second */
    struct {
        struct address source;
        uint32_t n; /* 0: free */
    } sources[SOURCES];

    struct summary summaries[FLOOD_SUMMARIES];
    uint32_t n_summaries;
    uint16_t places[PLACES]; /* 1 + number of a summary; 0: free */
    uint32_t rest[KW_N_REASONS];
};

enum kw_err flood_new(struct flood **out)
{
    struct flood *f = calloc(1, sizeof *f);

    if (f == NULL)
        return KW_ENOMEM;
    enum kw_err err = random_bytes(&f->seed, sizeof f->seed);
    if (err != KW_OK) {
        free(f);
        return err;
    }
    *out = f;
    return KW_OK;
}

void flood_free(struct flood *f)
{
    free(f);
}

static uint64_t hash(const struct flood *f, const struct address *a, uint64_t salt)
{
    return hash_bytes((struct str){(const char *)a->b, sizeof a->b}, f->seed ^ salt);
}

static bool same(const struct address *a, const struct address *b)
{
    return memcmp(a->b, b->b, sizeof a->b) == 0;
}

/* ---- one by one ---- */

/* The table never has more than FLOOD_PER_SECOND sources in it: whoever comes later is not
 * admitted. */
static bool admit_source(struct flood *f, const struct address *source)
{
    size_t i = hash(f, source, 0) % SOURCES;

    while (f->sources[i].n > 0 && !same(&f->sources[i].source, source))
        i = (i + 1) % SOURCES;
    if (f->sources[i].n >= FLOOD_PER_SOURCE)
        return false;
    f->sources[i].source = *source;
    f->sources[i].n++;
    return true;
}

static bool admit(struct flood *f, int64_t now_us, const struct address *source)
{
    int64_t second = now_us / 1000000;

    if (second != f->second) {
        f->second = second;
        f->n_single = 0;
        memset(f->sources, 0, sizeof f->sources);
    }
    if (f->n_single >= FLOOD_PER_SECOND || !admit_source(f, source))
        return false;
    f->n_single++;
    return true;
}

/* ---- summed up ---- */

static struct summary *find_summary(struct flood *f, const struct address *source, enum kw_reason why)
{
    size_t i = hash(f, source, 1 + (uint64_t)why) % PLACES;

    for (; f->places[i] > 0; i = (i + 1) % PLACES) {
        struct summary *s = &f->summaries[f->places[i] - 1];
        if (s->reason == why && same(&s->source, source))
            return s;
    }
    if (f->n_summaries == FLOOD_SUMMARIES)
        return NULL;
    f->places[i] = (uint16_t)++f->n_summaries;
    struct summary *fresh = &f->summaries[f->n_summaries - 1];
    *fresh = (struct summary){.source = *source, .reason = why};
    return fresh;
}

bool flood_admit(struct flood *f, int64_t now_us, const struct event *e)
{
    struct address source = address_source(&e->source);

    if (admit(f, now_us, &source))
        return true;
    struct summary *s = find_summary(f, &source, e->reason);
    if (s != NULL)
        s->count++;
    else
        f->rest[e->reason]++;
    return false;
}

uint32_t flood_pending(const struct flood *f)
{
    uint32_t n = f->n_summaries;

    for (int why = 0; why < KW_N_REASONS; why++)
        n += f->rest[why] > 0;
    return n;
}

static void give(const struct address *source, enum kw_reason why, uint32_t count, int64_t now_us,
                 flood_fn *each, void *ctx)
{
    struct event e = {.kind = EVENT_SUMMARY,
                      .count = count,
                      .time_us = now_us,
                      .source = *source,
                      .reason = why,
                      .status = (uint16_t)kw_reason_status(why)};

    each(ctx, &e);
}

void flood_take(struct flood *f, int64_t now_us, flood_fn *each, void *ctx)
{
    static const struct address unspecified;

    for (uint32_t i = 0; i < f->n_summaries; i++) {
        const struct summary *s = &f->summaries[i];
        give(&s->source, s->reason, s->count, now_us, each, ctx);
    }
    for (enum kw_reason why = 0; (unsigned)why < KW_N_REASONS; why++)
        if (f->rest[why] > 0)
            give(&unspecified, why, f->rest[why], now_us, each, ctx);
    f->n_summaries = 0;
    memset(f->places, 0, sizeof f->places);
    memset(f->rest, 0, sizeof f->rest);
}
