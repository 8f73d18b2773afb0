/* quota.c - the quotas used, kept beside the keys. */
#include "store/inside.h"
#include "store/row.h"

static enum kw_err save(struct store *s, const struct quota_used *q)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_QUOTA_SAVE, &st));
    struct giver to = {.st = st};
    give_int(&to, q->slot);
    give_int(&to, q->window);
    give_int(&to, q->count);
    TRY(give_done(&to));
    return db_change_one(st);
}

static enum kw_err save_all(struct store *s, const struct quota_used *q, size_t n)
{
    for (size_t i = 0; i < n; i++)
        TRY(save(s, &q[i]));
    return KW_OK;
}

enum kw_err store_save_quotas(struct store *s, const struct quota_used *q, size_t n)
{
    if (s->is_changing)
        return KW_EINVAL;
    if (n == 0)
        return KW_OK;
    TRY(change_begin_unlogged(s));
    TRY(change_ended(s, save_all(s, q, n)));
    return change_commit(s);
}

static enum kw_err take(sqlite3_stmt *st, struct quota_used *q)
{
    struct taker from = {.st = st};

    q->slot = take_u32(&from);
    q->window = take_u32(&from);
    q->count = take_u32(&from);
    return take_done(&from);
}

enum kw_err store_quotas(struct store *s, store_quota_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_QUOTAS, &st));
    enum kw_err err;
    while (db_next(st, &err)) {
        struct quota_used q;
        TRY(take(st, &q));
        TRY(each(ctx, &q));
    }
    return err;
}
