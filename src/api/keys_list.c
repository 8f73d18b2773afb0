/* keys_list.c - the call that looks through the keys. */
#include "api/api.h"
#include "api/key_filter.h"
#include "base/clock.h"
#include "server/last_use.h"
#include "server/page.h"
#include "json/key_out.h"

enum { SLOTS = 2500, GIVE_WAY_US = 100000 };

struct listing {
    const struct call *call;
    struct store *store;
    struct key_filter filter;
    struct page page;
    uint64_t at;  /* a slot: of the last one looked at; 0: none has been */
    bool is_done; /* all were */
};

static void listing_deinit(struct listing *l)
{
    page_deinit(&l->page);
}

static enum kw_err take(void *ctx, const struct grant *g)
{
    struct listing *l = ctx;
    const struct call *c = l->call;
    struct last_use use;
    bool takes;

    TRY(key_filter_takes(&l->filter, c, l->store, g, &use, &takes));
    if (!takes)
        return KW_OK;
    return page_add(&l->page, g->slot,
                    last_use_out(&use, key_out(g, c->server->config->brand, c->now_ms)));
}

static enum kw_err read_order(struct call *c, struct store_key_filter *f)
{
    struct str order = query_get(&c->query, "order");

    f->newest_first = str_eq(order, STR("newest"));
    if (order.p == NULL || f->newest_first || str_eq(order, STR("oldest")))
        return KW_OK;
    return problem_field(&c->problem, "syntax", "order", "It is \"oldest\" or \"newest\"");
}

static void next_slots(struct listing *l, uint32_t max)
{
    struct store_key_filter *f = &l->filter.stored;

    f->after_slot = (uint32_t)l->at;
    f->until_slot = f->after_slot > UINT32_MAX - SLOTS ? UINT32_MAX : f->after_slot + SLOTS;
    l->at = f->until_slot;
    l->is_done = f->until_slot >= max;
}

static void slots_before(struct listing *l, uint32_t max)
{
    struct store_key_filter *f = &l->filter.stored;

    f->until_slot = l->at == 0 ? max : (uint32_t)l->at - 1;
    f->after_slot = f->until_slot > SLOTS ? f->until_slot - SLOTS : 0;
    l->at = f->after_slot + UINT64_C(1);
    l->is_done = f->after_slot == 0;
}

static enum kw_err look_at_some(struct listing *l)
{
    uint32_t max;

    TRY(store_key_slots(l->store, &max));
    if (l->filter.stored.newest_first)
        slots_before(l, max);
    else
        next_slots(l, max);
    if (l->filter.stored.until_slot == 0) /* there is none */
        return KW_OK;
    return store_keys(l->store, &l->filter.stored, take, l);
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
    static const char *const parameters[] = {KEY_FILTER_NAMES, "limit", "cursor", "order", NULL};
    AUTO(listing_deinit) struct listing l = {.call = c};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(key_filter_read(c, &l.filter));
    TRY(read_order(c, &l.filter.stored));
    TRY(page_begin_order(c, "keys", l.filter.stored.newest_first ? "keys newest" : "keys", &l.page));
    TRY(look(&l));
    return page_answer(&l.page);
}
