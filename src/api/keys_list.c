/* keys_list.c - the call that looks through the keys. */
#include "api/api.h"
#include "base/clock.h"
#include "core/permission.h"
#include "record/asked.h"
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

enum { SLOTS = 2500, GIVE_WAY_US = 100000 };

struct listing {
    const struct call *call;
    const struct wanted_state *state; /* NULL: any */
    struct store *store;
    struct store_key_filter filter;
    struct page page;
    uint64_t at;  /* a slot: of the last one looked at; 0: none has been */
    bool is_done; /* all were */
};

static void listing_deinit(struct listing *l)
{
    page_deinit(&l->page);
}

static bool is_wanted(const struct listing *l, const struct grant *g)
{
    bool expired = lifecycle_expired(grant_ends_ms(g), l->call->now_ms);

    if (expired && l->filter.due_before_ms != 0)
        return false;
    if (l->state == NULL || l->state->expiry == EITHER)
        return true;
    if (l->state->expiry == NOT_EXPIRED)
        return !expired;
    return expired && g->state != KEY_REVOKED;
}

/* What is noted and not saved yet is newer than what the store went by. */
static bool is_unused(const struct listing *l, const struct last_use *use)
{
    return l->filter.used_before_ms == 0 || use->at_ms < l->filter.used_before_ms;
}

static enum kw_err take(void *ctx, const struct grant *g)
{
    struct listing *l = ctx;
    const struct server *s = l->call->server;
    struct last_use use;

    if (!is_wanted(l, g))
        return KW_OK;
    TRY(last_use_find(s, l->store, USE_KEY, g->slot, str_from(g->id), &use));
    if (!is_unused(l, &use))
        return KW_OK;
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

/* "usedAfter", "usedBefore". 0: not asked for. */
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

/* "dueBefore", which looks ahead. Nothing was due before 1970. */
static enum kw_err read_due(struct call *c, int64_t *out_ms)
{
    struct str text = query_get(&c->query, "dueBefore");
    int64_t us = 0;

    if (text.p == NULL)
        return KW_OK;
    if (asked_time_ahead(text, c->now_ms * 1000, &us) != KW_OK)
        return problem_field(&c->problem, "syntax", "dueBefore",
                             "A time is written like 2026-11-24, 2026-11-24T03:00:00Z, or 30d for "
                             "so long from now");
    *out_ms = us < 1000 ? 1 : us / 1000;
    return KW_OK;
}

static enum kw_err read_order(struct call *c, struct store_key_filter *f)
{
    struct str order = query_get(&c->query, "order");

    f->newest_first = str_eq(order, STR("newest"));
    if (order.p == NULL || f->newest_first || str_eq(order, STR("oldest")))
        return KW_OK;
    return problem_field(&c->problem, "syntax", "order", "It is \"oldest\" or \"newest\"");
}

static enum kw_err read_filter(struct call *c, struct store_key_filter *f)
{
    struct str environment = query_get(&c->query, "environment");
    struct str permission = query_get(&c->query, "permission");
    enum kw_permission one;

    f->account = call_listed_account(c);
    f->name_contains = query_get(&c->query, "name");
    TRY(read_time(c, "usedAfter", &f->used_after_ms));
    TRY(read_time(c, "usedBefore", &f->used_before_ms));
    TRY(read_due(c, &f->due_before_ms));
    TRY(read_order(c, f));
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

static void next_slots(struct listing *l, uint32_t max)
{
    struct store_key_filter *f = &l->filter;

    f->after_slot = (uint32_t)l->at;
    f->until_slot = f->after_slot > UINT32_MAX - SLOTS ? UINT32_MAX : f->after_slot + SLOTS;
    l->at = f->until_slot;
    l->is_done = f->until_slot >= max;
}

static void slots_before(struct listing *l, uint32_t max)
{
    struct store_key_filter *f = &l->filter;

    f->until_slot = l->at == 0 ? max : (uint32_t)l->at - 1;
    f->after_slot = f->until_slot > SLOTS ? f->until_slot - SLOTS : 0;
    l->at = f->after_slot + UINT64_C(1);
    l->is_done = f->after_slot == 0;
}

static enum kw_err look_at_some(struct listing *l)
{
    uint32_t max;

    TRY(store_key_slots(l->store, &max));
    if (l->filter.newest_first)
        slots_before(l, max);
    else
        next_slots(l, max);
    if (l->filter.until_slot == 0) /* there is none */
        return KW_OK;
    return store_keys(l->store, &l->filter, take, l);
}

/* Some slots at a time: others get at the store in between. One thread answers all calls of a socket: after a while it gives
 * way to them, and `next` says where to go on. */
static enum kw_err look(struct listing *l)
{
    uint64_t until_us = clock_boot_us() + GIVE_WAY_US;

    for (l->at = l->page.after; !l->is_done && clock_boot_us() < until_us;) {
        l->store = sync_lock(l->call->server->sync);
        enum kw_err err = look_at_some(l);
        sync_unlock(l->call->server->sync);
        if (err == KW_EFULL)
            return KW_OK;
        TRY(err);
    }
    if (!l->is_done)
        page_give_way(&l->page, (uint32_t)l->at);
    return KW_OK;
}

enum kw_err keys_list(struct call *c)
{
    static const char *const parameters[] = {
        "account",    "environment", "state",  "permission", "name",  "q", "usedAfter",
        "usedBefore", "limit",       "cursor", "dueBefore",  "order", NULL};
    AUTO(listing_deinit) struct listing l = {.call = c};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(read_filter(c, &l.filter));
    read_search(c, &l.filter);
    TRY(read_state(c, &l, &l.filter));
    TRY(page_begin_order(c, "keys", l.filter.newest_first ? "keys newest" : "keys", &l.page));
    TRY(look(&l));
    return page_answer(&l.page);
}
