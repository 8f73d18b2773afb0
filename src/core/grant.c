/* grant.c - see grant.h. */
#include "core/grant.h"

#include "base/utf8.h"
#include "core/permission.h"

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

enum kw_err account_id_check(struct str id)
{
    if (id.n > KW_ACCOUNT_MAX)
        return KW_ERANGE;
    if (id.n == 0 || !is_lower(id.p[0]))
        return KW_ESYNTAX;
    return str_only(id, "abcdefghijklmnopqrstuvwxyz0123456789-") ? KW_OK : KW_ESYNTAX;
}

enum kw_err grant_name_check(struct str name)
{
    if (name.n > GRANT_NAME_MAX)
        return KW_ERANGE;
    return name.n > 0 && utf8_printable(name) ? KW_OK : KW_ESYNTAX;
}

static bool ends_no_later(int64_t after_ms, int64_t before_ms) /* 0: never ends */
{
    return before_ms == 0 || (after_ms != 0 && after_ms <= before_ms);
}

static bool rate_no_wider(const struct rate *after, const struct rate *before)
{
    if (before->n == 0)
        return true;
    return after->n != 0 && after->burst <= before->burst &&
           (uint64_t)after->n * before->window_s <= (uint64_t)before->n * after->window_s;
}

static bool quota_no_wider(const struct quota *after, const struct quota *before)
{
    if (before->window == QUOTA_NONE)
        return true;
    return after->window == before->window && after->n <= before->n;
}

static bool opens_no_more(unsigned these, unsigned those)
{
    for (enum kw_class c = KW_CLASS_UNLISTED; c <= KW_CLASS_MANAGE; c++)
        if (permission_opens(these, c) && !permission_opens(those, c))
            return false;
    return true;
}

static bool same_secrets(const struct grant *a, const struct grant *b)
{
    return memcmp(a->digest, b->digest, sizeof a->digest) == 0 &&
           memcmp(a->old_digest, b->old_digest, sizeof a->old_digest) == 0 &&
           a->old_ends_ms == b->old_ends_ms;
}

bool grant_narrows(const struct grant *before, const struct grant *after)
{
    if (after->state != KEY_ACTIVE)
        return true;
    return before->state == KEY_ACTIVE && same_secrets(before, after) &&
           before->environment == after->environment &&
           opens_no_more(after->permissions, before->permissions) &&
           ends_no_later(after->expires_ms, before->expires_ms) &&
           rate_no_wider(&after->rate, &before->rate) &&
           quota_no_wider(&after->quota, &before->quota) &&
           address_rules_within(after->rules, after->n_rules, before->rules, before->n_rules);
}

bool account_narrows(const struct account *before, const struct account *after)
{
    if (after->state != ACCOUNT_ACTIVE)
        return true;
    return before->state == ACCOUNT_ACTIVE &&
           address_rules_within(after->rules, after->n_rules, before->rules, before->n_rules);
}

static void keep_secrets(struct grant *g, const struct grant *before)
{
    memcpy(g->digest, before->digest, sizeof g->digest);
    memcpy(g->old_digest, before->old_digest, sizeof g->old_digest);
    g->old_ends_ms = before->old_ends_ms;
}

/* Transactions and account management have reading in common. */
static unsigned narrower_permissions(unsigned before, unsigned after)
{
    if (opens_no_more(after, before))
        return after;
    return opens_no_more(before, after) ? before : KW_READ_ONLY;
}

struct grant grant_narrower(const struct grant *before, const struct grant *after)
{
    struct grant g = *after;

    if (grant_narrows(before, after))
        return g;
    if (before->state != KEY_ACTIVE)
        g.state = before->state;
    if (!same_secrets(before, after))
        keep_secrets(&g, before);
    g.environment = before->environment;
    g.permissions = narrower_permissions(before->permissions, after->permissions);
    if (!ends_no_later(after->expires_ms, before->expires_ms))
        g.expires_ms = before->expires_ms;
    if (!rate_no_wider(&after->rate, &before->rate))
        g.rate = before->rate;
    if (!quota_no_wider(&after->quota, &before->quota))
        g.quota = before->quota;
    if (!address_rules_within(after->rules, after->n_rules, before->rules, before->n_rules)) {
        memcpy(g.rules, before->rules, sizeof g.rules);
        g.n_rules = before->n_rules;
    }
    return g;
}

struct account account_narrower(const struct account *before, const struct account *after)
{
    struct account a = *after;

    if (account_narrows(before, after))
        return a;
    a.state = before->state;
    if (!address_rules_within(after->rules, after->n_rules, before->rules, before->n_rules)) {
        memcpy(a.rules, before->rules, sizeof a.rules);
        a.n_rules = before->n_rules;
    }
    return a;
}
