/* log.c - the change log, read: entries are handed out only where the chain holds. */
#include "store/inside.h"
#include "store/row.h"

static enum kw_err place_of(struct store *s, uint64_t n, struct link *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct entry e;

    if (n == 0)
        return chain_start(s->seals.log, out);
    TRY(db_ask(&s->db, SQL_CHANGE, &st));
    struct giver to = {.st = st};
    give_int(&to, (int64_t)n);
    TRY(give_done(&to));
    enum kw_err err = db_row(st);
    if (err == KW_ENOTFOUND)
        return KW_EDAMAGED;
    TRY(err);
    TRY(chain_take(st, &e));
    *out = (struct link){.n = n, .mac = e.mac};
    return KW_OK;
}

enum kw_err log_walk(struct store *s, const struct link *after, uint64_t last, uint32_t limit,
                     entry_fn *each, void *ctx, struct link *end)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct link at = *after;
    struct entry e;

    TRY(db_ask(&s->db, SQL_CHANGES, &st));
    struct giver to = {.st = st};
    give_int(&to, (int64_t)after->n);
    give_int(&to, (int64_t)last);
    give_int(&to, limit == 0 ? -1 : (int64_t)limit);
    TRY(give_done(&to));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(chain_take(st, &e));
        TRY(chain_follow(s->seals.log, &at, &e, &at));
        if (each != NULL)
            TRY(each(ctx, &e));
    }
    TRY(err);
    *end = at;
    return KW_OK;
}

enum kw_err log_entry_at(struct store *s, uint64_t n, struct link *out)
{
    struct link before, end;

    if (n == 0)
        return chain_start(s->seals.log, out);
    TRY(place_of(s, n - 1, &before));
    TRY(log_walk(s, &before, n, 1, NULL, NULL, &end));
    if (end.n != n)
        return KW_ENOTFOUND;
    *out = end;
    return KW_OK;
}

static uint64_t mark_of(const struct link *l)
{
    uint64_t mark;

    memcpy(&mark, l->mac.b, sizeof mark);
    return mark;
}

enum kw_err store_change_mark(struct store *s, uint64_t n, uint64_t *out)
{
    struct link l;

    TRY(log_entry_at(s, n, &l));
    *out = mark_of(&l);
    return KW_OK;
}

uint64_t store_newest_mark(const struct store *s)
{
    return mark_of(&s->saved);
}

struct hand_out { /* what store_changes was called with */
    store_change_fn *each;
    void *ctx;
};

static enum kw_err hand_out(void *ctx, const struct entry *e)
{
    const struct hand_out *to = ctx;

    return to->each(to->ctx, &e->change);
}

enum kw_err store_changes(struct store *s, uint64_t after, uint32_t limit, store_change_fn *each,
                          void *ctx)
{
    struct hand_out to = {each, ctx};
    struct link from, end;

    if (after >= s->saved.n)
        return KW_OK;
    TRY(place_of(s, after, &from));
    TRY(log_walk(s, &from, s->saved.n, limit, hand_out, &to, &end));
    if (end.n == s->saved.n)
        return digest_eq(&end.mac, &s->saved.mac) ? KW_OK : KW_EDAMAGED;
    /* Short of the end: the limit was reached, or entries are missing. */
    return limit != 0 && end.n - after == limit ? KW_OK : KW_EDAMAGED;
}

struct wanted {
    enum change_kind kind;
    uint32_t object, version;
    store_change_fn *each;
    void *ctx;
};

static enum kw_err take_wanted(void *ctx, const struct change *c)
{
    const struct wanted *w = ctx;

    if (c->kind != w->kind || c->object != w->object || c->version != w->version)
        return KW_EDAMAGED;
    return w->each(w->ctx, c);
}

static enum kw_err entry_of(struct store *s, const struct wanted *w, uint64_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_CHANGE_OF, &st));
    struct giver to = {.st = st};
    give_word(&to, WORDS_CHANGE_KIND, w->kind);
    give_int(&to, w->object);
    give_int(&to, w->version);
    TRY(give_done(&to));
    TRY(db_row(st));
    struct taker from = {.st = st};
    *n = (uint64_t)take_int(&from);
    return *n == 0 ? KW_EDAMAGED : take_done(&from);
}

enum kw_err store_change_of(struct store *s, enum change_kind kind, uint32_t object,
                            uint32_t version, store_change_fn *each, void *ctx)
{
    struct wanted w = {kind, object, version, each, ctx};
    uint64_t n;

    TRY(entry_of(s, &w, &n));
    return store_changes(s, n - 1, 1, take_wanted, &w);
}

static enum kw_err take_image(void *ctx, const struct change *c)
{
    struct buf *image = ctx;

    buf_str(image, c->image);
    return image->failed ? KW_ENOMEM : KW_OK;
}

enum kw_err store_change_image(struct store *s, enum change_kind kind, uint32_t object,
                               uint32_t version, struct buf *image)
{
    return store_change_of(s, kind, object, version, take_image, image);
}
