/* detect_rate.c - how much a key does: far more than usual, at hours at which it never did; and what is refused altogether. */
#include "watch/detect_state.h"

enum { HOUR_S = 3600, HOURS = 24 };

static struct baseline_limits limits(const struct sight *s, uint32_t first_s, enum threshold times,
                                     enum threshold least, enum threshold learn)
{
    return (struct baseline_limits){.times = s->t->of[times],
                                    .least = s->t->of[least],
                                    .first_s = first_s,
                                    .learn_s = s->t->of[learn] * (uint32_t)DAY_S};
}

static void add_excess(struct finding *f, const struct baseline_excess *x)
{
    finding_number(f, "perMinute", (int64_t)x->count);
    finding_number(f, "usual", (int64_t)x->usual);
}

/* ---- all of a key's requests, and those that move money ---- */

static enum kw_err judge(struct detect *d, const struct sight *s, struct baseline *b,
                         enum detector which, const struct baseline_limits *l)
{
    struct baseline_excess x;

    baseline_add(b, s->now_s, s->e->count, l);
    if (!baseline_judge(b, s->now_s, l, &x))
        return KW_OK;
    struct finding f = detect_finding_of_key(s, which, b->began_s);
    add_excess(&f, &x);
    detect_fact_source(&f, &s->e->source);
    return detect_raise(d, s, &f);
}

/* ---- hours ---- */

/* Whether it moved money at this hour of the day, or the one before or after, ever. */
static bool is_odd(const struct key_habits *k, uint32_t hour)
{
    uint32_t near = 1u << hour % HOURS | 1u << (hour + 1) % HOURS | 1u << (hour + HOURS - 1) % HOURS;

    return (k->hours & near) == 0;
}

static enum kw_err detect_hours(struct detect *d, const struct sight *s, struct key_habits *k)
{
    uint32_t hour = s->now_s / HOUR_S, learn_s = s->t->of[ODD_HOURS_LEARN] * (uint32_t)DAY_S;

    if (k->first_transact_s == 0)
        k->first_transact_s = s->now_s;
    if (hour == k->last_hour)
        return KW_OK;
    bool is_learnt =
        k->hours_seen >= s->t->of[ODD_HOURS_LEAST] && s->now_s - k->first_transact_s >= learn_s;
    bool is_found = is_learnt && is_odd(k, hour);
    k->last_hour = hour;
    k->hours |= 1u << hour % HOURS;
    k->hours_seen += k->hours_seen < UINT32_MAX;
    if (!is_found || !detect_once(&k->once_s[ONCE_ODD_HOURS], s->now_s, ONCE_QUIET_S))
        return KW_OK;
    struct finding f = detect_finding_of_key(s, DETECT_ODD_HOURS, s->now_s);
    finding_number(&f, "hour", hour % HOURS);
    detect_fact_source(&f, &s->e->source);
    return detect_raise(d, s, &f);
}

enum kw_err detect_rate(struct detect *d, const struct sight *s, struct key_habits *k)
{
    const struct baseline_limits all =
        limits(s, k->first_s, USAGE_SPIKE_TIMES, USAGE_SPIKE_LEAST, USAGE_SPIKE_LEARN);
    const struct baseline_limits transact =
        limits(s, k->first_s, TRANSACT_BURST_TIMES, TRANSACT_BURST_LEAST, TRANSACT_BURST_LEARN);

    TRY(judge(d, s, &k->all, DETECT_USAGE_SPIKE, &all));
    if (s->e->route_class != KW_CLASS_TRANSACT || !event_is_allowed(s->e))
        return KW_OK;
    TRY(judge(d, s, &k->transact, DETECT_TRANSACT_BURST, &transact));
    return detect_hours(d, s, k);
}

/* ---- refusals, of everybody ---- */

enum kw_err detect_denied_rate(struct detect *d, const struct sight *s)
{
    const struct sight of_all = detect_sight_of_all(d, s);
    struct all_state *all = &d->all;
    struct baseline_excess x;

    if (all->first_s == 0)
        all->first_s = s->now_s;
    d->is_all_changed = true;
    const struct baseline_limits l =
        limits(&of_all, all->first_s, DENIAL_RATE_TIMES, DENIAL_RATE_LEAST, DENIAL_RATE_LEARN);
    baseline_add(&all->denied, s->now_s, s->e->count, &l);
    if (!baseline_judge(&all->denied, s->now_s, &l, &x))
        return KW_OK;
    struct finding f = detect_finding(&of_all, DETECT_DENIAL_RATE, all->denied.began_s);
    f.environment = KW_NO_ENVIRONMENT;
    add_excess(&f, &x);
    finding_text(&f, "reason", str_from(kw_reason_name(s->e->reason)));
    return detect_raise(d, &of_all, &f);
}
