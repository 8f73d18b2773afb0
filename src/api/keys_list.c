/* keys_list.c - the call that looks through the keys. */
#include "api/api.h"
#include "core/permission.h"
#include "server/key_out.h"
#include "server/last_use.h"
#include "server/page.h"

/* Expired is no stored state: which stored states are asked for, and whether they must have
 * expired. */
struct wanted_state {
    const char *name;
    int stored; /* enum key_state; -1: any */
    enum { EITHER, NOT_EXPIRED, EXPIRED } expiry;
};

static const struct wanted_state wanted_states[] = {
    {"active", KEY_ACTIVE, NOT_EXPIRED},
    {"disabled", KEY_DISABLED, NOT_EXPIRED},
    {"revoked", KEY_REVOKED, EITHER},
    {"expired", -1, EXPIRED},
};

struct listing {
    const struct call *call;
    const struct wanted_state *state; /* NULL: any */
    struct store *store;
    struct page page;
};

static void listing_deinit(struct listing *l)
{
    page_deinit(&l->page);
}

static bool is_wanted(const struct listing *l, const struct grant *g)
{
    bool expired = lifecycle_expired(g->expires_ms, l->call->now_ms);

    if (l->state == NULL || l->state->expiry == EITHER)
        return true;
    if (l->state->expiry == NOT_EXPIRED)
        return !expired;
    return expired && g->state != KEY_REVOKED;
}

static enum kw_err take(void *ctx, const struct grant *g)
{
    struct listing *l = ctx;
    const struct server *s = l->call->server;
    struct last_use use;

    if (!is_wanted(l, g))
        return KW_OK;
    TRY(last_use_find(s, l->store, USE_KEY, g->slot, str_from(g->id), &use));
    return page_add(&l->page, g->slot,
                    last_use_out(&use, key_out(g, s->config->brand, l->call->now_ms)));
}

static enum kw_err read_state(struct call *c, struct listing *l, struct store_key_filter *f)
{
    struct str name = query_get(&c->query, "state");

    f->state = -1;
    if (name.p == NULL)
        return KW_OK;
    for (size_t i = 0; i < COUNT_OF(wanted_states); i++)
        if (str_eq(name, str_from(wanted_states[i].name)))
            l->state = &wanted_states[i];
    if (l->state == NULL)
        return problem_field(&c->problem, "syntax", "state",
                             "It is \"active\", \"disabled\", \"revoked\" or \"expired\"");
    f->state = l->state->stored;
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

static enum kw_err read_filter(struct call *c, struct store_key_filter *f)
{
    struct str environment = query_get(&c->query, "environment");
    struct str permission = query_get(&c->query, "permission");
    enum kw_permission one;

    f->account = call_listed_account(c);
    f->name_contains = query_get(&c->query, "name");
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

enum kw_err keys_list(struct call *c)
{
    static const char *const parameters[] = {
        "account", "environment", "state", "permission", "name", "q", "limit", "cursor", NULL};
    AUTO(listing_deinit) struct listing l = {.call = c};
    struct store_key_filter f = {0};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(read_filter(c, &f));
    read_search(c, &f);
    TRY(read_state(c, &l, &f));
    TRY(page_begin(c, "keys", &l.page));
    f.after_slot = l.page.after;
    l.store = sync_lock(c->server->sync);
    enum kw_err err = store_keys(l.store, &f, take, &l);
    sync_unlock(c->server->sync);
    if (err != KW_EFULL)
        TRY(err);
    return page_answer(&l.page);
}
