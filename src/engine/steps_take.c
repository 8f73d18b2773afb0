/* steps_take.c - the last steps, which take something: a place on the record, then one request of
 * each limit. */
#include "engine/attempt.h"

/* No place: transactions and changes are refused, for they would leave no trace; reads go on and
 * are counted. */
enum kw_reason step_reserve(struct attempt *a)
{
    a->is_reserved = claim_reserve(a->view->claim, RING_PROVED, &a->position) == KW_OK;
    return a->is_reserved || a->decision->route_class == KW_CLASS_READ ? KW_WHY_ALLOWED
                                                                       : KW_WHY_UNRECORDABLE;
}

static struct kw_limit_state state_of(uint32_t n, const struct limit_verdict *v)
{
    return (struct kw_limit_state){
        .quota = n, .window_s = v->window_s, .remaining = v->remaining, .reset_s = v->reset_s};
}

static void tell_limits(struct kw_decision *d, const struct limits_ask *ask,
                        const struct limits_answer *answer)
{
    if (ask->rate.n != 0)
        d->rate = state_of(ask->rate.n, &answer->rate);
    if (ask->quota.window != QUOTA_NONE)
        d->quota = state_of(ask->quota.n, &answer->quota);
    d->limited_by = answer->refused_by;
    if (answer->refused_by != KW_NO_LIMIT)
        d->retry_after_s =
            answer->refused_by == KW_LIMIT_RATE ? answer->rate.retry_s : answer->quota.retry_s;
}

static struct limits_ask ask_of(const struct attempt *a)
{
    const struct keyring_record *r = &a->found.record;

    return (struct limits_ask){
        .slot = a->found.slot,
        .id = {r->id, KW_KEY_ID_LEN},
        .rate = {.n = r->rate_n, .window_s = r->rate_window_s, .burst = r->rate_burst},
        .quota = {.n = r->quota_n, .window = r->quota_window},
        .boot_us = a->boot_us,
        .wall_s = a->wall_us / 1000000,
    };
}

enum kw_reason step_limits(struct attempt *a)
{
    struct limits_answer answer;
    struct limits_ask ask = ask_of(a);

    if (limits_take(a->view->limits, &ask, &answer) != KW_OK)
        return KW_WHY_UNAVAILABLE;
    tell_limits(a->decision, &ask, &answer);
    switch (answer.refused_by) {
    case KW_NO_LIMIT:
        return KW_WHY_ALLOWED;
    case KW_LIMIT_RATE:
        return KW_WHY_RATE_LIMITED;
    case KW_LIMIT_QUOTA:
        return KW_WHY_QUOTA_EXCEEDED;
    }
    return KW_WHY_UNAVAILABLE;
}

void attempt_tell_limits(struct attempt *a)
{
    struct limits_answer answer;
    struct limits_ask ask = ask_of(a);

    if (limits_peek(a->view->limits, &ask, &answer) == KW_OK)
        tell_limits(a->decision, &ask, &answer);
}
