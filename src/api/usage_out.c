/* usage_out.c - see usage_out.h. */
#include "api/usage_out.h"

#include <stdlib.h>

#include "jobs/counting.h"
#include "record/line.h"
#include "json/json_out.h"

static json_t *number(uint64_t n)
{
    return json_integer((json_int_t)n);
}

/* An object's allowed and denied, behind what it is about. */
static json_t *counted(const char *name, json_t *what, const struct ask_count *n)
{
    return json_pack("{s:o, s:o, s:o}", name, what, "allowed", number(n->allowed), "denied",
                     number(n->denied));
}

static json_t *buckets_out(const struct ask *q, int64_t from_ms, const struct ask_answer *answer)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < q->n; i++)
        json_out_append(&list, counted("time", json_out_moment(from_ms + i * step_ms(q->step)),
                                       &answer->buckets[i]));
    return list;
}

struct reason_count {
    enum kw_reason why;
    uint64_t n;
};

static int more_first(const void *left, const void *right)
{
    const struct reason_count *a = left, *b = right;

    if (a->n != b->n)
        return a->n < b->n ? 1 : -1;
    return a->why < b->why ? -1 : a->why > b->why;
}

static json_t *reasons_out(const struct ask_answer *answer)
{
    struct reason_count list[KW_N_REASONS];
    size_t n = 0;
    json_t *out = json_array();

    for (enum kw_reason why = 0; (unsigned)why < KW_N_REASONS; why++)
        if (answer->reasons[why] > 0 && !cells_is_allowed(why))
            list[n++] = (struct reason_count){why, answer->reasons[why]};
    qsort(list, n, sizeof list[0], more_first);
    for (size_t i = 0; i < n; i++)
        json_out_append(&out, json_pack("{s:s, s:o}", "reason", kw_reason_name(list[i].why),
                                        "count", number(list[i].n)));
    return out;
}

static json_t *classes_out(const struct ask_answer *answer)
{
    json_t *list = json_array();

    for (enum kw_class k = 0; (unsigned)k < ASK_CLASSES; k++)
        if (answer->classes[k].allowed + answer->classes[k].denied > 0)
            json_out_append(&list, counted("class", json_string(line_class(k)), &answer->classes[k]));
    return list;
}

/* ---- by the day ---- */

static json_t *with_last(json_t *one, int64_t last_ms)
{
    return json_out_with(one, "lastAt", json_out_moment(last_ms));
}

static json_t *shares_out(const char *what, const struct ask_shares *shares)
{
    json_t *list = json_array();

    for (size_t i = 0; i < shares->n; i++) {
        const struct ask_share *s = &shares->at[i];
        json_out_append(&list, with_last(counted(what, json_string(s->name), &s->count), s->last_ms));
    }
    return list;
}

/* Nothing took no time: null. */
static json_t *latency_out(const struct latency *l)
{
    uint64_t n = latency_count(l);

    if (n == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "count", number(n), "medianNs",
                     number(latency_within(l, 50)), "p95Ns", number(latency_within(l, 95)), "p99Ns",
                     number(latency_within(l, 99)), "maxNs", number(l->most_ns));
}

static json_t *sources_out(const struct ask_answer *answer)
{
    json_t *list = json_array();

    for (size_t i = 0; i < answer->n_sources; i++) {
        const struct ask_source *s = &answer->sources[i];
        json_out_append(&list,
                        with_last(counted("source", json_string(s->net), &s->count), s->last_ms));
    }
    return list;
}

/* ---- all of it ---- */

json_t *usage_out(const struct server *s, const struct ask *q, const struct usage_stretch *of,
                  const struct ask_answer *answer)
{
    const int64_t begin_ms = 1; /* 1970: nothing is counted yet; of 0, json_out_moment says null */
    int64_t until_ms = of->recorded_ms < begin_ms ? begin_ms : of->recorded_ms;
    json_t *all =
        json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:b}", "from", json_out_moment(of->from_ms),
                  "until", json_out_moment(of->until_ms), "step", step_name(q->step), "recordedUntil",
                  json_out_moment(until_ms), "allowed", number(answer->all.allowed), "denied",
                  number(answer->all.denied), "places", counting_knows_countries(s->counting));

    all = json_out_with(all, "buckets", buckets_out(q, of->from_ms, answer));
    all = json_out_with(all, "reasons", reasons_out(answer));
    all = json_out_with(all, "classes", classes_out(answer));
    all = json_out_with(all, "routes", shares_out("route", &answer->routes));
    all = json_out_with(all, "countries", shares_out("country", &answer->countries));
    all = json_out_with(all, "latency", latency_out(&answer->latency));
    return json_out_with(all, "sources", sources_out(answer));
}
