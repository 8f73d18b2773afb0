/* spend_list.c - the call that lists what a key has reserved and spent, newest first. */
#include "api/api.h"
#include "api/spend_out.h"
#include "core/key.h"
#include "server/page.h"

struct listing {
    const struct call *call;
    struct page page;
};

static void listing_deinit(struct listing *l)
{
    page_deinit(&l->page);
}

static enum kw_err take(void *ctx, const struct reservation *r)
{
    struct listing *l = ctx;

    return page_add(&l->page, r->slot, spend_out(r, l->call->now_ms));
}

static enum kw_err find_key(struct call *c, struct store *store, struct str id, struct grant *out)
{
    enum kw_err err = store_key(store, id, call_account(c).p, out);

    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no key of that id");
    return err;
}

static enum kw_err look(struct call *c, struct str id, struct listing *l)
{
    struct grant g;

    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = find_key(c, store, id, &g);
    if (err == KW_OK)
        err = store_reservations(store, g.slot, l->page.after, l->page.limit + 1, take, l);
    sync_unlock(c->server->sync);
    return err == KW_EFULL ? KW_OK : err;
}

enum kw_err spend_list(struct call *c)
{
    static const char *const parameters[] = {"key", "limit", "cursor", NULL};
    AUTO(listing_deinit) struct listing l = {.call = c};
    struct str key = query_get(&c->query, "key");

    TRY(query_only(&c->query, parameters, &c->problem));
    if (key.p == NULL || !key_id_ok(key))
        return problem_field(&c->problem, key.p == NULL ? "missing" : "syntax", "key",
                             "Name the key by its id");
    TRY(page_begin(c, "reservations", &l.page));
    TRY(look(c, key, &l));
    return page_answer(&l.page);
}
