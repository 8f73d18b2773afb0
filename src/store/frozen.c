/* frozen.c - the keys and accounts of which something is frozen: few of many, found by an index of their own. */
#include "store/inside.h"
#include "store/row.h"

enum kw_err store_frozen_keys(struct store *s, struct str account, uint32_t limit,
                              store_key_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct grant g;

    TRY(db_ask(&s->db, SQL_KEYS_FROZEN, &st));
    struct giver to = {.st = st};
    give_text(&to, account);
    give_int(&to, limit);
    TRY(give_done(&to));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(key_verified(s, st, &g));
        TRY(each(ctx, &g));
    }
    return err;
}

enum kw_err store_frozen_accounts(struct store *s, uint32_t limit, store_account_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct account a;

    TRY(db_ask(&s->db, SQL_ACCOUNTS_FROZEN, &st));
    struct giver to = {.st = st};
    give_int(&to, limit);
    TRY(give_done(&to));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(account_verified(s, st, &a));
        TRY(each(ctx, &a));
    }
    return err;
}
