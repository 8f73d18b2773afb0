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

static const struct {
    enum freeze frozen;
    const char *name;
} freezes[] = {{FREEZE_NOTHING, "nothing"}, {FREEZE_TRANSACT, "transact"}, {FREEZE_ALL, "all"}};

const char *freeze_name(enum freeze frozen)
{
    for (size_t i = 0; i < COUNT_OF(freezes); i++)
        if (freezes[i].frozen == frozen)
            return freezes[i].name;
    return "all";
}

enum kw_err freeze_parse(struct str name, enum freeze *out)
{
    size_t i = STR_IN_BY(name, freezes, name);

    if (i == COUNT_OF(freezes))
        return KW_ESYNTAX;
    *out = freezes[i].frozen;
    return KW_OK;
}

enum kw_err freeze_why_check(struct str why)
{
    if (why.n > FREEZE_WHY_MAX)
        return KW_ERANGE;
    return utf8_printable(why) ? KW_OK : KW_ESYNTAX;
}

static int64_t due_if(const struct grant *g, enum rotation_overdue overdue)
{
    return g->overdue == overdue ? grant_rotation_due(g->secret_since_ms, g->rotation_days) : 0;
}

int64_t grant_ends_ms(const struct grant *g)
{
    return grant_earlier(g->expires_ms, due_if(g, OVERDUE_EXPIRE));
}

int64_t grant_only_reads_from_ms(const struct grant *g)
{
    return due_if(g, OVERDUE_READ_ONLY);
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

/* The old secret may end earlier; any other step from one secret to the next lets somebody in who was not. */
static bool secrets_no_more(const struct grant *after, const struct grant *before)
{
    return memcmp(after->digest, before->digest, sizeof after->digest) == 0 &&
           memcmp(after->old_digest, before->old_digest, sizeof after->old_digest) == 0 &&
           after->old_ends_ms <= before->old_ends_ms;
}

static bool frozen_no_less(enum freeze after, enum freeze before)
{
    return ((unsigned)after & (unsigned)before) == (unsigned)before;
}

static bool times_no_later(const struct grant *after, const struct grant *before)
{
    return ends_no_later(grant_ends_ms(after), grant_ends_ms(before)) &&
           ends_no_later(grant_only_reads_from_ms(after), grant_only_reads_from_ms(before));
}

bool grant_narrows(const struct grant *before, const struct grant *after)
{
    if (after->state != KEY_ACTIVE)
        return true;
    return before->state == KEY_ACTIVE && secrets_no_more(after, before) &&
           before->environment == after->environment &&
           opens_no_more(after->permissions, before->permissions) &&
           times_no_later(after, before) && frozen_no_less(after->frozen, before->frozen) &&
           rate_no_wider(&after->rate, &before->rate) &&
           quota_no_wider(&after->quota, &before->quota) &&
           address_rules_within(after->rules, after->n_rules, before->rules, before->n_rules);
}

bool account_narrows(const struct account *before, const struct account *after)
{
    if (after->state != ACCOUNT_ACTIVE)
        return true;
    return before->state == ACCOUNT_ACTIVE && frozen_no_less(after->frozen, before->frozen) &&
           address_rules_within(after->rules, after->n_rules, before->rules, before->n_rules);
}

bool environment_narrows(const struct environment *before, const struct environment *after)
{
    return frozen_no_less(after->frozen, before->frozen);
}

static void keep_secrets(struct grant *g, const struct grant *before)
{
    memcpy(g->digest, before->digest, sizeof g->digest);
    memcpy(g->old_digest, before->old_digest, sizeof g->old_digest);
    g->old_ends_ms = before->old_ends_ms;
    g->old_since_ms = before->old_since_ms;
    g->secret_since_ms = before->secret_since_ms;
    g->generation = before->generation;
}

/* What decides when the key ends, or only reads, goes together: its parts mean nothing by themselves. */
static void keep_times(struct grant *g, const struct grant *before)
{
    g->expires_ms = before->expires_ms;
    g->rotation_days = before->rotation_days;
    g->overdue = before->overdue;
}

static enum freeze both_frozen(enum freeze a, enum freeze b)
{
    return (enum freeze)((unsigned)a | (unsigned)b);
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
    if (!secrets_no_more(after, before))
        keep_secrets(&g, before);
    g.environment = before->environment;
    g.permissions = narrower_permissions(before->permissions, after->permissions);
    if (!times_no_later(&g, before))
        keep_times(&g, before);
    g.frozen = both_frozen(before->frozen, after->frozen);
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
    a.frozen = both_frozen(before->frozen, after->frozen);
    if (!address_rules_within(after->rules, after->n_rules, before->rules, before->n_rules)) {
        memcpy(a.rules, before->rules, sizeof a.rules);
        a.n_rules = before->n_rules;
    }
    return a;
}

struct environment environment_narrower(const struct environment *before,
                                        const struct environment *after)
{
    struct environment e = *after;

    e.frozen = both_frozen(before->frozen, after->frozen);
    return e;
}
