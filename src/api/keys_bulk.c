/* keys_bulk.c - the calls that end many keys at once, or let them end earlier: counted first, then done when the count still holds. */
#include <stdlib.h>

#include "api/api.h"
#include "api/key_filter.h"
#include "api/slowly.h"
#include "base/clock.h"
#include "core/expiry.h"
#include "server/last_use.h"
#include "json/key_out.h"

/* So much of one call: the rest is for the next one. Nobody waits for the store longer than for SLOTS keys. */
enum { DO_MAX = 1000, DO_US = 5 * 1000 * 1000, SHOWN = 20, SLOTS = 2500, TRIES = 3 };

struct bulk {
    struct call *call;
    bool (*fits)(const struct bulk *b, const struct grant *g); /* whether there is anything to do */
    void (*change)(const struct bulk *b, struct grant *g);
    int64_t expires_ms;
    bool is_dry;
    uint32_t expected;

    struct key_filter filter;
    struct store *store;
    uint32_t *slots; /* owned; of those that match, n of cap */
    uint32_t n, cap;
    json_t *shown; /* owned; the first of them */
    uint32_t looked_at, changed, unsaved;
};

static void bulk_deinit(struct bulk *b)
{
    free(b->slots);
    json_decref(b->shown);
}

/* ---- asked ---- */

/* The filter is read as the parameters of the list are: what is seen there is what is meant here. */
static enum kw_err read_filter(struct call *c)
{
    static const char *const names[] = {KEY_FILTER_NAMES, NULL};
    const json_t *filter = json_object_get(c->body, "filter");
    struct str value;

    if (!json_is_object(filter))
        return problem_field(&c->problem, "wrong_type", "filter", "It is an object");
    TRY(json_in_only(filter, names, &c->problem));
    if (json_object_size(filter) == 0)
        return problem_field(&c->problem, "missing", "filter",
                             "It says which keys are meant: an empty one would mean all");
    for (size_t i = 0; names[i] != NULL; i++) {
        TRY(json_in_text(filter, names[i], &c->problem, &value));
        if (value.p == NULL)
            continue;
        c->query.parameters[c->query.n].name = str_from(names[i]);
        c->query.parameters[c->query.n++].value = value;
    }
    return KW_OK;
}

static enum kw_err read_mode(struct call *c, struct bulk *b)
{
    bool expects = json_object_get(c->body, "expect") != NULL;

    TRY(json_in_bool(c->body, "dryRun", &c->problem, &b->is_dry));
    TRY(json_in_u32(c->body, "expect", UINT32_MAX, &c->problem, &b->expected));
    if (expects == b->is_dry)
        return problem_field(&c->problem, "missing", "expect",
                             "Ask with \"dryRun\":true first, then with \"expect\" and the number "
                             "that matched");
    return KW_OK;
}

/* Who may not touch production says that he means the sandbox: nothing is left out in silence. */
static enum kw_err begin(struct bulk *b)
{
    struct call *c = b->call;

    TRY(read_mode(c, b));
    TRY(read_filter(c));
    TRY(key_filter_read(c, &b->filter));
    if (b->filter.stored.environment != KW_SANDBOX)
        TRY(call_needs(c, SCOPE_KEYS_PRODUCTION));
    b->shown = json_array();
    return b->shown == NULL ? KW_ENOMEM : KW_OK;
}

/* ---- counted ---- */

static enum kw_err keep(struct bulk *b, uint32_t slot)
{
    if (b->n == b->cap) {
        uint32_t cap = b->cap == 0 ? 256 : b->cap * 2;
        uint32_t *slots = realloc(b->slots, (size_t)cap * sizeof *slots);
        if (slots == NULL)
            return KW_ENOMEM;
        b->slots = slots;
        b->cap = cap;
    }
    b->slots[b->n++] = slot;
    return KW_OK;
}

static enum kw_err take(void *ctx, const struct grant *g)
{
    struct bulk *b = ctx;
    const struct call *c = b->call;
    struct last_use use;
    bool takes;

    TRY(key_filter_takes(&b->filter, c, b->store, g, &use, &takes));
    if (!takes || !b->fits(b, g))
        return KW_OK;
    if (b->n < SHOWN)
        json_out_append(&b->shown,
                        last_use_out(&use, key_out(g, c->server->config->brand, c->now_ms)));
    return b->shown == NULL ? KW_ENOMEM : keep(b, g->slot);
}

static enum kw_err count_some(struct bulk *b, uint32_t *max)
{
    struct store_key_filter *f = &b->filter.stored;

    TRY(store_key_slots(b->store, max));
    f->until_slot = f->after_slot > UINT32_MAX - SLOTS ? UINT32_MAX : f->after_slot + SLOTS;
    return store_keys(b->store, f, take, b);
}

static enum kw_err count(struct bulk *b)
{
    uint32_t max = UINT32_MAX;

    for (b->filter.stored.after_slot = 0; b->filter.stored.after_slot < max;
         b->filter.stored.after_slot = b->filter.stored.until_slot) {
        if (worker_is_over(b->call->server->worker))
            return KW_EUNAVAILABLE;
        b->store = sync_lock(b->call->server->sync);
        enum kw_err err = count_some(b, &max);
        sync_unlock(b->call->server->sync);
        TRY(err);
    }
    return KW_OK;
}

/* ---- done ---- */

static enum kw_err find(struct bulk *b, uint32_t slot, struct grant *g)
{
    enum kw_err err = store_key_in_slot(sync_lock(b->call->server->sync), slot, g);

    sync_unlock(b->call->server->sync);
    return err;
}

/* As one alone is changed: a change of its own, and one in between is no reason to leave it out. */
static enum kw_err change_one(struct bulk *b, uint32_t slot)
{
    enum kw_err err = KW_ECONFLICT;
    struct grant g;

    for (int i = 0; i < TRIES && err == KW_ECONFLICT; i++) {
        TRY(find(b, slot, &g));
        if (!b->fits(b, &g))
            return KW_OK;
        b->change(b, &g);
        err = sync_change_key(b->call->server->sync, call_actor(b->call), &g);
    }
    if (err != KW_OK && err != KW_EUNSAVED)
        return err;
    b->changed++;
    b->unsaved += err == KW_EUNSAVED ? 1 : 0;
    return KW_OK;
}

static enum kw_err change_some(struct bulk *b)
{
    uint64_t until_us = clock_boot_us() + DO_US;

    while (b->looked_at < b->n && b->looked_at < DO_MAX && clock_boot_us() < until_us) {
        if (worker_is_over(b->call->server->worker))
            return KW_EUNAVAILABLE;
        TRY(change_one(b, b->slots[b->looked_at]));
        b->looked_at++;
    }
    if (b->unsaved == 0)
        return KW_OK;
    return problem_say(
        &b->call->problem, 507, "unsaved",
        "In force, not yet saved: %u keys, and %u are still to be done: look at the disks of the "
        "state folder and of the keys, then count again",
        b->unsaved, b->n - b->looked_at);
}

static enum kw_err do_it(struct bulk *b)
{
    if (b->is_dry)
        return KW_OK;
    if (b->n != b->expected)
        return problem_say(&b->call->problem, 409, "count_changed",
                           "%u keys match now, not %u: look at them again", b->n, b->expected);
    return change_some(b);
}

/* Takes the call's answer; what was done before an error is on the record. */
static enum kw_err run(struct bulk *b)
{
    TRY(begin(b));
    TRY(count(b));
    TRY(do_it(b));
    return call_answer(b->call, 200,
                       json_pack("{s:I, s:I, s:I, s:O}", "matched", (json_int_t)b->n, "changed",
                                 (json_int_t)b->changed, "left", (json_int_t)(b->n - b->looked_at),
                                 "keys", b->shown));
}

/* ---- the two ---- */

static bool is_alive(const struct bulk *b, const struct grant *g)
{
    return g->state != KEY_REVOKED && !lifecycle_expired(grant_ends_ms(g), b->call->now_ms);
}

static void become_revoked(const struct bulk *b, struct grant *g)
{
    (void)b;
    g->state = KEY_REVOKED;
}

static enum kw_err revoke_all(struct call *c)
{
    static const char *const members[] = {"filter", "dryRun", "expect", NULL};
    struct bulk b = {.call = c, .fits = is_alive, .change = become_revoked};

    TRY(json_in_only(c->body, members, &c->problem));
    enum kw_err err = run(&b);
    bulk_deinit(&b);
    return err;
}

enum kw_err keys_revoke_all(struct call *c)
{
    TRY(call_no_parameters(c));
    return slowly(c, revoke_all);
}

/* Only ever earlier: a key that ends before that keeps its end. */
static bool ends_later(const struct bulk *b, const struct grant *g)
{
    return is_alive(b, g) && (g->expires_ms == 0 || g->expires_ms > b->expires_ms);
}

static void end_earlier(const struct bulk *b, struct grant *g)
{
    g->expires_ms = b->expires_ms;
}

static enum kw_err read_expires(struct call *c, int64_t *out_ms)
{
    struct str text;

    TRY(json_in_required(c->body, "expires", &c->problem, &text));
    if (expiry_parse(text, c->now_ms, out_ms) == KW_OK && *out_ms != 0)
        return KW_OK;
    return problem_field(
        &c->problem, "syntax", "expires",
        "Write it as \"90d\", \"2030-01-31\" or \"2030-01-31T12:00:00Z\": in the future, "
        "at most %d days away, and not never",
        EXPIRY_DAYS_MAX);
}

static enum kw_err expire_all(struct call *c)
{
    static const char *const members[] = {"filter", "expires", "dryRun", "expect", NULL};
    struct bulk b = {.call = c, .fits = ends_later, .change = end_earlier};

    TRY(json_in_only(c->body, members, &c->problem));
    TRY(read_expires(c, &b.expires_ms));
    enum kw_err err = run(&b);
    bulk_deinit(&b);
    return err;
}

enum kw_err keys_expire_all(struct call *c)
{
    TRY(call_no_parameters(c));
    return slowly(c, expire_all);
}
