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

static uint32_t window_s(const struct quota *q, int64_t wall_s)
{
    if (q->window == QUOTA_DAY)
        return 86400;
    uint32_t month = quota_window_number(QUOTA_MONTH, wall_s);
    int64_t end = quota_window_end_s(QUOTA_MONTH, wall_s), begin = end - INT64_C(28) * 86400;

    while (quota_window_number(QUOTA_MONTH, begin) == month)
        begin -= 86400;
    return (uint32_t)(end - begin - 86400);
}

static void tell_limits(struct kw_decision *d, const struct limits_ask *ask,
                        const struct limits_answer *answer)
{
    if (ask->rate.n != 0)
        d->rate = (struct kw_limit_state){.quota = ask->rate.n,
                                          .window_s = ask->rate.window_s,
                                          .remaining = answer->rate.remaining,
                                          .reset_s = answer->rate.reset_s};
    if (ask->quota.window != QUOTA_NONE)
        d->quota = (struct kw_limit_state){.quota = ask->quota.n,
                                           .window_s = window_s(&ask->quota, ask->wall_s),
                                           .remaining = answer->quota.remaining,
                                           .reset_s = answer->quota.reset_s};
    d->limited_by = answer->refused_by;
    if (answer->refused_by != KW_NO_LIMIT)
        d->retry_after_s =
            answer->refused_by == KW_LIMIT_RATE ? answer->rate.retry_s : answer->quota.retry_s;
}

enum kw_reason step_limits(struct attempt *a)
{
    const struct keyring_record *r = &a->found.record;
    struct limits_answer answer;
    struct limits_ask ask = {
        .slot = a->found.slot,
        .id = {r->id, KW_KEY_ID_LEN},
        .rate = {.n = r->rate_n, .window_s = r->rate_window_s, .burst = r->rate_burst},
        .quota = {.n = r->quota_n, .window = r->quota_window},
        .boot_us = a->boot_us,
        .wall_s = a->wall_us / 1000000,
    };

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
