/* spend.c - see spend.h. */
#include "core/spend.h"

#include "core/limit.h"

enum { HOUR_MS = 60 * 60 * 1000 };

/* ---- words ---- */

static const struct {
    const char *word, *sentence;
} whys[SPEND_N_WHYS] = {
#define X(symbol, word, sentence) [symbol] = {word, sentence},
    SPEND_WHYS(X)
#undef X
};

const char *spend_why_word(enum spend_why why)
{
    return (unsigned)why < SPEND_N_WHYS ? whys[why].word : "";
}

const char *spend_why_sentence(enum spend_why why)
{
    return (unsigned)why < SPEND_N_WHYS ? whys[why].sentence : "";
}

static const struct {
    const char *member, *words;
} limits[SPEND_N_LIMITS] = {[SPEND_PER_TRANSACTION] = {"perTransaction", "at once"},
                            [SPEND_PER_HOUR] = {"perHour", "an hour"},
                            [SPEND_PER_DAY] = {"perDay", "a day"},
                            [SPEND_PER_MONTH] = {"perMonth", "a month"}};

const char *spend_limit_member(enum spend_limit limit)
{
    return limit < SPEND_N_LIMITS ? limits[limit].member : "";
}

const char *spend_limit_words(enum spend_limit limit)
{
    return limit < SPEND_N_LIMITS ? limits[limit].words : "";
}

const char *spend_state_name(enum spend_state state)
{
    switch (state) {
    case SPEND_RESERVED:
        return "reserved";
    case SPEND_COMMITTED:
        return "committed";
    case SPEND_RELEASED:
        return "released";
    case SPEND_EXPIRED:
        return "expired";
    }
    return "unknown";
}

/* ---- windows ---- */

static struct spend_span of_quota(enum quota_window w, int64_t now_ms)
{
    struct quota_span s = quota_span_of(w, now_ms / 1000);

    return (struct spend_span){s.number, s.begin_s * 1000, s.end_s * 1000};
}

struct spend_span spend_span_of(enum spend_limit window, int64_t now_ms)
{
    int64_t at_ms = now_ms < 0 ? 0 : now_ms, hour = at_ms / HOUR_MS;

    switch (window) {
    case SPEND_PER_HOUR:
        return (struct spend_span){(uint32_t)hour, hour * HOUR_MS, (hour + 1) * HOUR_MS};
    case SPEND_PER_DAY:
        return of_quota(QUOTA_DAY, at_ms);
    case SPEND_PER_MONTH:
        return of_quota(QUOTA_MONTH, at_ms);
    case SPEND_PER_TRANSACTION:
    case SPEND_N_LIMITS:
        break;
    }
    return (struct spend_span){.end_ms = INT64_MAX};
}

/* ---- reservations ---- */

bool spend_is_same(const struct reservation *a, const struct reservation *b)
{
    return strcmp(a->key, b->key) == 0 && strcmp(a->reference, b->reference) == 0 &&
           strcmp(a->currency, b->currency) == 0 && amount_compare(a->amount, b->amount) == 0 &&
           strcmp(a->destination, b->destination) == 0 &&
           memcmp(a->request_id, b->request_id, sizeof a->request_id) == 0;
}

/* ---- decided ---- */

static const enum spend_why why_of[SPEND_N_LIMITS] = {
    [SPEND_PER_TRANSACTION] = SPEND_WHY_PER_TRANSACTION,
    [SPEND_PER_HOUR] = SPEND_WHY_PER_HOUR,
    [SPEND_PER_DAY] = SPEND_WHY_PER_DAY,
    [SPEND_PER_MONTH] = SPEND_WHY_PER_MONTH,
};

enum spend_limit spend_limit_of(enum spend_why why)
{
    unsigned i = 0;

    while (i < SPEND_N_LIMITS && why_of[i] != why)
        i++;
    return (enum spend_limit)i;
}

/* A sum never passes amount_max, which stands for no limit. */
static bool fits(struct amount used, struct amount more, struct amount most)
{
    return amount_compare(used, most) <= 0 && amount_compare(more, amount_minus(most, used)) <= 0;
}

enum spend_why spend_judge(const struct spend_rules *rules, const struct spend_used *used,
                           struct reservation *r)
{
    const struct spend_rule none = {.decimals = AMOUNT_DECIMALS_MAX,
                                    .most = {amount_max(), amount_max(), amount_max(), amount_max()}};
    const struct spend_rule *rule =
        rules->n == 0 ? &none : spend_rules_find(rules, str_from(r->currency));

    r->limited = rules->n > 0;
    if (rule == NULL)
        return SPEND_WHY_CURRENCY;
    r->decimals = rules->n == 0 ? 0 : rule->decimals;
    if (!amount_has_decimals(r->amount, rule->decimals))
        return SPEND_WHY_DECIMALS;
    if (!spend_rule_reaches(rule, str_from(r->destination)))
        return SPEND_WHY_DESTINATION;
    for (int i = 0; i < SPEND_N_LIMITS; i++)
        if (!fits(used->of[i], r->amount, rule->most[i]))
            return why_of[i];
    return SPEND_NO_REASON;
}
