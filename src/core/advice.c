/* advice.c - see advice.h. */
#include "core/advice.h"

#include "core/permission.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static const char *const words[ADVICE_N_KINDS] = {
#define X(symbol, word) [symbol] = word,
    ADVICE_KINDS(X)
#undef X
};

const char *advice_word(enum advice_kind kind)
{
    return (unsigned)kind < ADVICE_N_KINDS ? words[kind] : "";
}

enum kw_err advice_parse(struct str word, enum advice_kind *out)
{
    size_t i = STR_IN(word, words);

    if (i == COUNT_OF(words))
        return KW_ESYNTAX;
    *out = (enum advice_kind)i;
    return KW_OK;
}

int64_t advice_ready_ms(const struct advice_facts *f)
{
    return f->since_ms + (int64_t)ADVICE_DAYS_MIN * DAY_MS;
}

static bool is_enough(const struct advice_facts *f)
{
    return f->requests >= ADVICE_REQUESTS_MIN;
}

/* ---- permissions ---- */

/* The least that covers what was asked for. A route that the policy does not list is covered by full access alone. */
static unsigned needed(const struct advice_facts *f)
{
    static const struct {
        enum kw_class class;
        enum kw_permission least;
    } by_class[] = {
        {KW_CLASS_TRANSACT, KW_TRANSACTIONS},
        {KW_CLASS_MANAGE, KW_ACCOUNT_MANAGEMENT},
    };
    unsigned set = 0;

    if (f->classes[KW_CLASS_UNLISTED] > 0)
        return KW_FULL_ACCESS;
    for (size_t i = 0; i < COUNT_OF(by_class); i++)
        if (f->classes[by_class[i].class] > 0)
            set |= by_class[i].least;
    return set == 0 ? KW_READ_ONLY : set;
}

static unsigned opened(unsigned permissions)
{
    unsigned set = 0;

    for (enum kw_class c = KW_CLASS_UNLISTED; (unsigned)c < ADVICE_CLASSES; c++)
        if (permission_opens(permissions, c))
            set |= 1U << c;
    return set;
}

/* What it did while it could do more than now says nothing against what it may do now. */
static bool smaller(const struct advice_facts *f, const struct grant *g, struct grant *out)
{
    unsigned least = needed(f), is = opened(g->permissions);

    if (!is_enough(f) || (opened(least) & ~is) != 0 || opened(least) == is)
        return false;
    out->permissions = least;
    return true;
}

/* ---- addresses ---- */

static bool listed(const struct advice_facts *f, const struct grant *g, struct grant *out)
{
    if (!is_enough(f) || !f->has_all_networks || f->n_networks == 0 ||
        f->n_networks > ADVICE_NETWORKS_MAX)
        return false;
    out->n_rules = (uint32_t)f->n_networks;
    memset(out->rules, 0, sizeof out->rules);
    for (size_t i = 0; i < f->n_networks; i++)
        out->rules[i] = f->networks[i].net;
    return address_rules_within(out->rules, out->n_rules, g->rules, g->n_rules) &&
           !address_rules_within(g->rules, g->n_rules, out->rules, out->n_rules);
}

/* ---- the end ---- */

static bool is_unused(const struct advice_facts *f)
{
    int64_t quiet_from_ms = f->last_used_ms == 0 ? f->since_ms : f->last_used_ms;

    return f->now_ms - quiet_from_ms >= (int64_t)ADVICE_UNUSED_DAYS * DAY_MS;
}

static bool ends_sooner(const struct advice_facts *f, const struct grant *g, int64_t days,
                        struct grant *out)
{
    out->expires_ms = (f->now_ms / DAY_MS + days) * DAY_MS;
    return g->expires_ms == 0 || out->expires_ms < g->expires_ms;
}

static bool ends(const struct advice_facts *f, const struct grant *g, struct grant *out)
{
    return g->expires_ms == 0 && !is_unused(f) && ends_sooner(f, g, ADVICE_EXPIRY_DAYS, out);
}

static bool ends_unused(const struct advice_facts *f, const struct grant *g, struct grant *out)
{
    return is_unused(f) && ends_sooner(f, g, ADVICE_UNUSED_END_DAYS, out);
}

/* ---- each ---- */

bool advice_of(enum advice_kind kind, const struct advice_facts *f, const struct grant *g,
               struct grant *out)
{
    static bool (*const kinds[ADVICE_N_KINDS])(const struct advice_facts *f, const struct grant *g,
                                               struct grant *out) = {
        [ADVICE_PERMISSIONS] = smaller,
        [ADVICE_ADDRESSES] = listed,
        [ADVICE_EXPIRY] = ends,
        [ADVICE_UNUSED] = ends_unused,
    };
    struct grant after = *g;

    if (f->now_ms < advice_ready_ms(f) || g->state == KEY_REVOKED ||
        lifecycle_expired(grant_ends_ms(g), f->now_ms))
        return false;
    if (!kinds[kind](f, g, &after) || !grant_narrows(g, &after))
        return false;
    *out = after;
    return true;
}
