/* key_filter.c - see key_filter.h. */
#include "api/key_filter.h"

#include "core/permission.h"
#include "record/asked.h"
#include "server/last_use.h"

/* Expired is no stored state: which stored states are asked for, and whether they must have
 * expired. */
struct key_filter_state {
    const char *name;
    int stored; /* enum key_state; -1: any */
    enum { EITHER, NOT_EXPIRED, EXPIRED } expiry;
};

static const struct key_filter_state wanted_states[] = {
    {"active", KEY_ACTIVE, NOT_EXPIRED},
    {"disabled", KEY_DISABLED, NOT_EXPIRED},
    {"revoked", KEY_REVOKED, EITHER},
    {"expired", -1, EXPIRED},
};

static bool ends_before(const struct grant *g, int64_t before_ms)
{
    int64_t ends_ms = grant_ends_ms(g);

    return g->state != KEY_REVOKED && ends_ms != 0 && ends_ms < before_ms;
}

static bool is_wanted(const struct key_filter *f, const struct call *c, const struct grant *g)
{
    bool expired = lifecycle_expired(grant_ends_ms(g), c->now_ms);

    if (expired && (f->stored.due_before_ms != 0 || f->expires_before_ms != 0))
        return false;
    if (f->expires_before_ms != 0 && !ends_before(g, f->expires_before_ms))
        return false;
    if (f->state == NULL || f->state->expiry == EITHER)
        return true;
    if (f->state->expiry == NOT_EXPIRED)
        return !expired;
    return expired && g->state != KEY_REVOKED;
}

/* What is noted and not saved yet is newer than what the store went by. */
static bool is_unused(const struct key_filter *f, const struct last_use *use)
{
    return f->stored.used_before_ms == 0 || use->at_ms < f->stored.used_before_ms;
}

static bool is_from(const struct key_filter *f, const struct last_use *use)
{
    struct address from;

    if (!f->has_source)
        return true;
    return address_parse(str_from(use->source), &from) == KW_OK &&
           address_allowed(&f->source, 1, &from, KW_CLASS_READ);
}

enum kw_err key_filter_takes(const struct key_filter *f, const struct call *c, struct store *store,
                             const struct grant *g, struct last_use *use, bool *takes)
{
    *takes = false;
    if (!is_wanted(f, c, g))
        return KW_OK;
    TRY(last_use_find(c->server, store, USE_KEY, g->slot, str_from(g->id), use));
    *takes = is_unused(f, use) && is_from(f, use);
    return KW_OK;
}

/* ---- read ---- */

static enum kw_err read_state(struct call *c, struct key_filter *f)
{
    struct str name = query_get(&c->query, "state");

    f->stored.state = -1;
    if (name.p == NULL)
        return KW_OK;
    size_t i = STR_IN_BY(name, wanted_states, name);
    if (i == COUNT_OF(wanted_states))
        return problem_field(&c->problem, "syntax", "state",
                             "It is \"active\", \"disabled\", \"revoked\" or \"expired\"");
    f->state = &wanted_states[i];
    f->stored.state = f->state->stored;
    return KW_OK;
}

/* Takes "<brand>_test_" or "<brand>_live_" off the front of a key, whole, masked or cut short. */
static bool cut_brand(const char *brand, struct str *text)
{
    struct str first, environment, rest;

    if (!str_cut(*text, '_', &first, &rest) || !str_cut(rest, '_', &environment, &rest))
        return false;
    if (!str_eq(first, str_from(brand)) ||
        !(str_eq(environment, STR("test")) || str_eq(environment, STR("live"))))
        return false;
    *text = rest;
    return true;
}

/* Text for people's search fields: a part of the name, the beginning of an id, or a key as it is shown. What stands behind
 * the id is not looked at. */
static void read_search(struct call *c, struct store_key_filter *f)
{
    struct str id, behind;

    f->looks_like = query_get(&c->query, "q");
    f->id_begins = f->looks_like;
    if (cut_brand(c->server->config->brand, &f->id_begins) && str_cut(f->id_begins, '_', &id, &behind))
        f->id_begins = id;
}

/* "usedAfter", "createdBefore" and the like. 0: not asked for. */
static enum kw_err read_time(struct call *c, const char *name, int64_t *out_ms)
{
    struct str text = query_get(&c->query, name);
    int64_t us = 0;

    if (text.p != NULL && asked_time(text, c->now_ms * 1000, &us) != KW_OK)
        return problem_field(
            &c->problem, "syntax", name,
            "A time is written like 2026-11-24, 2026-11-24T03:00:00Z, 90m, 12h or 7d");
    *out_ms = us / 1000;
    return KW_OK;
}

/* "dueBefore" and "expiresBefore", which look ahead. Nothing was due, or ended, before 1970. */
static enum kw_err read_ahead(struct call *c, const char *name, int64_t *out_ms)
{
    struct str text = query_get(&c->query, name);
    int64_t us = 0;

    if (text.p == NULL)
        return KW_OK;
    if (asked_time_ahead(text, c->now_ms * 1000, &us) != KW_OK)
        return problem_field(&c->problem, "syntax", name,
                             "A time is written like 2026-11-24, 2026-11-24T03:00:00Z, or 30d for "
                             "so long from now");
    *out_ms = us < 1000 ? 1 : us / 1000;
    return KW_OK;
}

/* "usedFrom": an address, or a network. */
static enum kw_err read_source(struct call *c, struct key_filter *f)
{
    struct str text = query_get(&c->query, "usedFrom");

    f->has_source = text.p != NULL;
    if (!f->has_source)
        return KW_OK;
    if (address_rule_parse(text, &f->source) == KW_OK && f->source.classes == ADDRESS_EVERY_CLASS)
        return KW_OK;
    return problem_field(&c->problem, "syntax", "usedFrom",
                         "Write it as \"203.0.113.7\", \"10.8.0.0/16\" or \"2001:db8::/32\"");
}

static enum kw_err read_stored(struct call *c, struct store_key_filter *f)
{
    struct str environment = query_get(&c->query, "environment");
    struct str permission = query_get(&c->query, "permission");
    enum kw_permission one;

    f->account = call_listed_account(c);
    f->name_contains = query_get(&c->query, "name");
    f->created_by = query_get(&c->query, "createdBy");
    TRY(read_time(c, "createdAfter", &f->created_after_ms));
    TRY(read_time(c, "createdBefore", &f->created_before_ms));
    TRY(read_time(c, "usedAfter", &f->used_after_ms));
    TRY(read_time(c, "usedBefore", &f->used_before_ms));
    TRY(read_ahead(c, "dueBefore", &f->due_before_ms));
    if (environment.p != NULL && environment_parse(environment, &f->environment) != KW_OK)
        return problem_field(&c->problem, "syntax", "environment",
                             "It is \"sandbox\" or \"production\"");
    if (permission.p == NULL)
        return KW_OK;
    if (permission_parse(permission, &one) != KW_OK)
        return problem_field(&c->problem, "syntax", "permission",
                             "A permission is \"read_only\", \"transactions\", "
                             "\"account_management\" or \"full_access\"");
    f->permissions = one;
    return KW_OK;
}

enum kw_err key_filter_read(struct call *c, struct key_filter *out)
{
    struct key_filter f = {.state = NULL};

    TRY(read_stored(c, &f.stored));
    read_search(c, &f.stored);
    TRY(read_ahead(c, "expiresBefore", &f.expires_before_ms));
    TRY(read_source(c, &f));
    TRY(read_state(c, &f));
    *out = f;
    return KW_OK;
}
