/* overview.c - the call that counts keys and members, and says what wants looking after. */
#include "api/api.h"
#include "api/slowly.h"
#include "jobs/census.h"

enum {
    SLOTS = 5000,
    MEMBERS = 500
}; /* at a time: sync's lock is not held for longer than a few milliseconds */

struct counting {
    const struct call *call;
    struct str account; /* empty: all */
    struct census census;
    uint32_t last_member, active, invited;
    bool is_done;
};

/* What is noted and not saved yet is newer; of a key that was used lately it makes no difference. */
static enum kw_err add_key(void *ctx, const struct key_outline *outline)
{
    struct counting *n = ctx;
    struct key_outline k = *outline;
    struct last_use noted = {.at_ms = 0};

    if (k.used_ms < n->call->now_ms - census_unused_ms &&
        key_uses_find(n->call->server->key_uses, str_from(k.id), &noted) && noted.at_ms > k.used_ms)
        k.used_ms = noted.at_ms;
    census_add(&n->census, &k, n->call->now_ms);
    return KW_OK;
}

static enum kw_err add_some_keys(struct counting *n, uint32_t after)
{
    uint32_t until = after > UINT32_MAX - SLOTS ? UINT32_MAX : after + SLOTS, max;
    struct store *store = sync_lock(n->call->server->sync);
    enum kw_err err = store_key_slots(store, &max);

    if (err == KW_OK)
        err = store_key_outlines(store, n->account, after, until, add_key, n);
    sync_unlock(n->call->server->sync);
    n->is_done = err == KW_OK && until >= max;
    return err;
}

static enum kw_err count_keys(struct counting *n)
{
    n->is_done = false;
    for (uint32_t after = 0; !n->is_done; after += SLOTS) {
        if (worker_is_over(n->call->server->worker))
            return KW_EUNAVAILABLE;
        TRY(add_some_keys(n, after));
    }
    return KW_OK;
}

static enum kw_err add_member(void *ctx, const struct member *m)
{
    struct counting *n = ctx;

    n->active += m->state == MEMBER_ACTIVE;
    n->invited += m->state == MEMBER_INVITED;
    n->last_member = m->slot;
    return KW_OK;
}

static enum kw_err count_members(struct counting *n)
{
    struct store_member_filter f = {.account = n->account, .limit = MEMBERS};

    do {
        f.after_slot = n->last_member;
        struct store *store = sync_lock(n->call->server->sync);
        enum kw_err err = store_members(store, &f, add_member, n);
        sync_unlock(n->call->server->sync);
        TRY(err);
    } while (n->last_member != f.after_slot);
    return KW_OK;
}

static json_t *states_out(const uint32_t n[CENSUS_N_STATES])
{
    return json_pack("{s:i, s:i, s:i, s:i}", "active", (int)n[CENSUS_ACTIVE], "disabled",
                     (int)n[CENSUS_DISABLED], "expired", (int)n[CENSUS_EXPIRED], "revoked",
                     (int)n[CENSUS_REVOKED]);
}

static json_t *members_out(const struct counting *n, bool may_see)
{
    if (!may_see)
        return json_null();
    return json_pack("{s:i, s:i}", "active", (int)n->active, "invited", (int)n->invited);
}

static enum kw_err answer(struct call *c, const struct counting *n, bool may_see_members)
{
    const struct census *of = &n->census;

    return call_answer(c, 200,
                       json_pack("{s:o, s:{s:o, s:o}, s:{s:i, s:i}, s:i, s:i, s:i, s:o}", "at",
                                 json_out_moment(c->now_ms), "keys", "sandbox",
                                 states_out(of->sandbox), "production", states_out(of->production),
                                 "rotation", "overdue", (int)of->overdue, "due30Days",
                                 (int)of->due_soon, "unused90Days", (int)of->unused,
                                 "expiring30Days", (int)of->expiring, "neverUsed",
                                 (int)of->never_used, "members", members_out(n, may_see_members)));
}

static enum kw_err count(struct call *c)
{
    static const char *const parameters[] = {"account", NULL};
    bool may_see_members = (c->caller.scopes & SCOPE_MEMBERS_READ) != 0;
    struct counting n = {.call = c, .account = call_listed_account(c)};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(count_keys(&n));
    if (may_see_members)
        TRY(count_members(&n));
    return answer(c, &n, may_see_members);
}

enum kw_err overview_get(struct call *c)
{
    return slowly(c, count);
}
