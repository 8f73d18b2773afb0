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

static bool same_rules(const struct grant *a, const struct grant *b)
{
    return a->n_rules == b->n_rules &&
           (a->n_rules == 0 || memcmp(a->rules, b->rules, a->n_rules * sizeof a->rules[0]) == 0);
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
    if (before->state != KEY_ACTIVE || !same_secrets(before, after))
        return false;
    for (enum kw_class c = KW_CLASS_UNLISTED; c <= KW_CLASS_MANAGE; c++)
        if (permission_opens(after->permissions, c) && !permission_opens(before->permissions, c))
            return false;
    return before->environment == after->environment &&
           ends_no_later(after->expires_ms, before->expires_ms) &&
           rate_no_wider(&after->rate, &before->rate) &&
           quota_no_wider(&after->quota, &before->quota) &&
           (same_rules(before, after) || before->n_rules == 0);
}
