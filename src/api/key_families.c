/* key_families.c - the calls about the tokens that a key was exchanged for: listed, and ended, by people. */
#include <stdio.h>
#include <stdlib.h>

#include "api/api.h"
#include "api/key_one.h"
#include "api/key_right.h"
#include "api/slowly.h"
#include "server/page.h"
#include "json/key_out.h"

static json_t *family_out(const struct family *f)
{
    char from[ADDRESS_TEXT_MAX], refreshed[ADDRESS_TEXT_MAX];
    size_t n_from = address_print(&f->created_from, from),
           n_refreshed = address_print(&f->refreshed_from, refreshed);
    json_t *last_from = f->refreshed_ms == 0 ? json_null() : json_stringn(refreshed, n_refreshed);

    return json_pack("{s:s, s:s, s:o, s:s, s:o, s:s%, s:o, s:o, s:I, s:o, s:o}", "id", f->id, "key",
                     f->key, "permissions", permissions_out(f->permissions), "state",
                     f->state == FAMILY_ACTIVE ? "active" : "ended", "createdAt",
                     json_out_moment(f->created_ms), "createdFrom", from, n_from, "accessEnds",
                     json_out_moment(f->access_ends_ms), "refreshEnds", json_out_moment(f->ends_ms),
                     "refreshes", (json_int_t)f->refreshes, "refreshedAt",
                     json_out_moment(f->refreshed_ms), "refreshedFrom", last_from);
}

/* ---- listed ---- */

static void page_deinitp(struct page *p)
{
    page_deinit(p);
}

static enum kw_err take(void *ctx, const struct family *f)
{
    return page_add(ctx, f->slot, family_out(f));
}

enum kw_err key_families_list(struct call *c)
{
    static const char *const parameters[] = {"limit", "cursor", NULL};
    AUTO(page_deinitp) struct page page = {.call = c};
    struct grant g;

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(key_one_find(c, &g));
    TRY(page_begin(c, "families", &page));
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_families(store, str_from(g.id), c->now_ms, page.after, 0, take, &page);
    sync_unlock(c->server->sync);
    if (err != KW_EFULL)
        TRY(err);
    return page_answer(&page);
}

/* ---- ended ---- */

static enum kw_err reload(struct call *c, struct family *f)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_family(store, str_from(f->id), f);
    sync_unlock(c->server->sync);
    return err;
}

/* A refresh in between is no reason to refuse. */
static enum kw_err end_one(struct call *c, struct family *f)
{
    enum kw_err err = KW_ECONFLICT;

    for (int i = 0; i < KEY_ONE_TRIES && err == KW_ECONFLICT; i++) {
        if (f->state != FAMILY_ACTIVE)
            return KW_OK;
        err = sync_end_family(c->server->sync, call_actor(c), f);
        if (err == KW_ECONFLICT)
            TRY(reload(c, f));
    }
    return err;
}

/* Who may change a key may end its tokens: other than the key, they can be had again. */
static enum kw_err find_key(struct call *c, const char *id, struct grant *out)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_key(store, str_from(id), call_account(c).p, out);
    sync_unlock(c->server->sync);
    TRY(err);
    return key_right_touch(c, out);
}

static enum kw_err find_family(struct call *c, struct family *f)
{
    struct grant g;

    snprintf(f->id, sizeof f->id, "%.*s", (int)c->id.n, c->id.p);
    enum kw_err err = key_id_ok(c->id) ? reload(c, f) : KW_ENOTFOUND;
    if (err == KW_OK)
        err = find_key(c, f->key, &g);
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There are no tokens of that id");
    return err;
}

enum kw_err families_end(struct call *c)
{
    struct family f = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(find_family(c, &f));
    enum kw_err err = end_one(c, &f);
    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict",
                           "The tokens are being refreshed all the time: ask again");
    TRY(call_saved(c, err));
    return call_answer(c, 200, family_out(&f));
}

/* ---- all of a key ---- */

enum {
    AT_ONCE = 500
}; /* each waits for the disk: revoking the key is what ends all of them in one step */

struct several {
    struct family at[AT_ONCE];
    size_t n;
    bool more;
};

static enum kw_err gather(void *ctx, const struct family *f)
{
    struct several *s = ctx;

    s->more = s->n == AT_ONCE;
    if (s->more)
        return KW_EFULL;
    s->at[s->n++] = *f;
    return KW_OK;
}

static enum kw_err gather_all(struct call *c, const struct grant *g, struct several *s)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_families(store, str_from(g->id), c->now_ms, 0, 0, gather, s);
    sync_unlock(c->server->sync);
    return err == KW_EFULL ? KW_OK : err;
}

static enum kw_err end_several(struct call *c, struct several *s)
{
    struct grant g;

    TRY(key_one_find(c, &g));
    TRY(key_right_touch(c, &g));
    TRY(gather_all(c, &g, s));
    enum kw_err first = KW_OK;
    for (size_t i = 0; i < s->n; i++) { /* one that cannot be ended, or saved, keeps no other alive */
        enum kw_err err = end_one(c, &s->at[i]);
        first = first == KW_OK || (first == KW_EUNSAVED && err != KW_OK) ? err : first;
    }
    TRY(call_saved(c, first));
    return call_answer(c, 200, json_pack("{s:I, s:b}", "ended", (json_int_t)s->n, "more", s->more));
}

static enum kw_err end_all(struct call *c)
{
    struct several *s = calloc(1, sizeof *s);

    if (s == NULL)
        return KW_ENOMEM;
    enum kw_err err = end_several(c, s);
    free(s);
    return err;
}

enum kw_err key_families_end(struct call *c)
{
    TRY(call_no_parameters(c));
    return slowly(c, end_all);
}
