/* advice_facts.c - see advice_facts.h. */
#include "watch/advice_facts.h"

#include <stdlib.h>

enum { HOUR_MS = 60 * 60 * 1000, DAY_MS = 24 * HOUR_MS };

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Since when everything that the key did is counted by the day. */
static int64_t since(int64_t begin_ms, const struct grant *g, int64_t now_ms)
{
    int64_t first_day_ms = ((int64_t)step_at(STEP_DAY, now_ms) - (ADVICE_DAYS - 1)) * DAY_MS;
    int64_t watched_ms = begin_ms == INT64_MAX ? now_ms : begin_ms;

    return later(later(first_day_ms, watched_ms), g->created_ms);
}

static void take_counts(const struct ask *q, const struct ask_answer *a, struct advice_facts *f)
{
    f->requests = a->all.allowed;
    for (unsigned i = 0; i < ADVICE_CLASSES; i++)
        f->classes[i] = a->classes[i].allowed;
    for (uint32_t i = 0; i < q->n; i++)
        if (a->buckets[i].allowed > 0)
            f->last_used_ms = (int64_t)(q->first + i + 1) * DAY_MS - 1;
    if (f->last_used_ms > f->now_ms)
        f->last_used_ms = f->now_ms;
}

/* All of them are known where none was summed up as "other", the list did not end because it was full, and they make up all
 * requests. */
static void take_networks(const struct ask_answer *a, struct advice_read *r)
{
    struct advice_facts *f = &r->facts;
    uint64_t sum = 0;

    for (size_t i = 0; i < a->n_sources; i++) {
        const struct ask_source *s = &a->sources[i];
        struct advice_network *n = &r->networks[f->n_networks];
        if (s->count.allowed == 0 || address_rule_parse(str_from(s->net), &n->net) != KW_OK)
            continue;
        n->requests = s->count.allowed;
        sum += n->requests;
        f->n_networks++;
    }
    f->networks = r->networks;
    f->has_all_networks = a->n_sources < ASK_SOURCES_MAX && sum == f->requests;
}

static enum kw_err read(struct book *usage, const struct grant *g, struct ask_answer *answer,
                        struct advice_read *r)
{
    struct advice_facts *f = &r->facts;
    int64_t begin_ms;

    TRY(ask_begin(usage, &begin_ms));
    f->since_ms = since(begin_ms, g, f->now_ms);
    struct ask q = {.key_id = str_from(g->id), .step = STEP_DAY};
    q.first = step_at(STEP_DAY, f->since_ms);
    q.n = step_at(STEP_DAY, f->now_ms) - q.first + 1;
    TRY(ask_of(usage, &q, answer));
    take_counts(&q, answer, f);
    take_networks(answer, r);
    return KW_OK;
}

void advice_facts_none(int64_t now_ms, struct advice_read *out)
{
    *out = (struct advice_read){.facts = {.now_ms = now_ms, .since_ms = now_ms}};
}

enum kw_err advice_facts_read(struct book *usage, const struct grant *g, int64_t now_ms,
                              int64_t counted_ms, struct advice_read *out)
{
    struct ask_answer *answer = calloc(1, sizeof *answer);

    advice_facts_none(now_ms, out);
    if (answer == NULL)
        return KW_ENOMEM;
    enum kw_err err = read(usage, g, answer, out);
    free(answer);
    if (err != KW_OK)
        advice_facts_none(now_ms, out);
    out->counted_ms = err == KW_OK ? counted_ms : 0;
    out->is_current = out->counted_ms >= now_ms - HOUR_MS;
    return err;
}

bool advice_facts_say(const struct advice_read *r, enum advice_kind kind, const struct grant *g,
                      struct grant *after)
{
    return r->is_current && advice_of(kind, &r->facts, g, after);
}
