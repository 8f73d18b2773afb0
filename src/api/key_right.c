/* key_right.c - see key_right.h. */
#include "api/key_right.h"

enum { STRONG = KW_TRANSACTIONS | KW_FULL_ACCESS };

enum kw_err key_right_touch(struct call *c, const struct grant *g)
{
    return g->environment == KW_PRODUCTION ? call_needs(c, SCOPE_KEYS_PRODUCTION) : KW_OK;
}

static bool is_strong(const struct grant *g)
{
    return g->environment == KW_PRODUCTION && (g->permissions & STRONG) != 0;
}

/* No rules at all let everybody in. */
static bool lets_more_in(const struct grant *before, const struct grant *after)
{
    return !address_rules_within(after->rules, after->n_rules, before->rules, before->n_rules);
}

/* Later, or never, or with less to follow: a secret that leaked unseen is good for longer. */
static bool rotates_later(const struct grant *before, const struct grant *after)
{
    return before->rotation_days != 0 &&
           (after->rotation_days == 0 || after->rotation_days > before->rotation_days ||
            after->overdue < before->overdue);
}

/* What is done to a disabled key waits for it to be enabled again, and counts as if it were. */
static bool loosens(const struct grant *before, const struct grant *after)
{
    struct grant was = *before, is = *after;

    if (was.state == is.state)
        was.state = is.state = KEY_ACTIVE;
    return rotates_later(before, after) || !grant_narrows(&was, &is);
}

enum kw_err key_right_become(struct call *c, const struct grant *before, const struct grant *after)
{
    unsigned had = before == NULL ? 0 : before->permissions;
    bool is_stronger = before == NULL || (after->permissions & ~had & STRONG) != 0;

    TRY(key_right_touch(c, after));
    if (is_strong(after) && (is_stronger || loosens(before, after)))
        TRY(call_needs_step_up(c, "A production key with Transactions or Full Access"));
    if (before != NULL && lets_more_in(before, after))
        TRY(call_needs_step_up(c, "Letting more addresses use a key"));
    return KW_OK;
}

enum kw_err key_right_spend(struct call *c, const struct grant *g, bool loosens)
{
    TRY(key_right_touch(c, g));
    if (loosens && is_strong(g))
        TRY(call_needs_step_up(c, "Looser spend limits of a production key"));
    return KW_OK;
}
