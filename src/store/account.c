/* account.c - accounts: put, found, gone through. */
#include "store/inside.h"
#include "store/row.h"

enum { NEWEST_COLUMN = 11 }; /* behind ACCOUNT_COLUMNS */

enum kw_err account_verified(struct store *s, sqlite3_stmt *st, struct account *a)
{
    struct digest seal;

    TRY(account_take(st, a, &seal));
    if (!is_newest(st, NEWEST_COLUMN, a->version))
        return KW_EDAMAGED;
    return seal_check_account(s, a, &seal);
}

enum kw_err store_account_in_slot(struct store *s, uint32_t slot, struct account *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct account a;

    TRY(db_ask(&s->db, SQL_ACCOUNT_BY_SLOT, &st));
    struct giver to = {.st = st};
    give_int(&to, slot);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(account_verified(s, st, &a));
    if (a.slot != slot)
        return KW_EDAMAGED;
    *out = a;
    return KW_OK;
}

enum kw_err store_account(struct store *s, struct str id, struct account *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct account a;

    TRY(db_ask(&s->db, SQL_ACCOUNT_BY_ID, &st));
    struct giver to = {.st = st};
    give_text(&to, id);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(account_verified(s, st, &a));
    if (!str_eq(str_from(a.id), id)) /* an index that was tampered with */
        return KW_EDAMAGED;
    *out = a;
    return KW_OK;
}

enum kw_err store_accounts(struct store *s, uint32_t *n_damaged, store_account_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct account a;

    TRY(db_ask(&s->db, SQL_ACCOUNTS, &st));
    enum kw_err err;
    while (db_next(st, &err)) {
        enum kw_err holds = account_verified(s, st, &a);
        if (holds == KW_EDAMAGED && n_damaged != NULL) {
            ++*n_damaged;
            continue;
        }
        TRY(holds);
        TRY(each(ctx, &a));
    }
    return err;
}

static enum kw_err check_form(const struct account *a)
{
    struct str id = text_in(a->id, sizeof a->id), name = text_in(a->name, sizeof a->name);

    return account_id_check(id) == KW_OK && grant_name_check(name) == KW_OK ? KW_OK : KW_EINVAL;
}

/* Makes `next` the version after the stored one; a new account gets its slot. */
static enum kw_err number(struct store *s, struct account *next)
{
    struct account stored;

    if (next->slot == 0) {
        next->version = 1;
        return next_slot(s, SQL_ACCOUNT_MAX, &next->slot);
    }
    enum kw_err err = store_account_in_slot(s, next->slot, &stored);
    if (err == KW_ENOTFOUND || (err == KW_OK && stored.version != next->version))
        return KW_ECONFLICT;
    TRY(err);
    if (strcmp(stored.id, next->id) != 0)
        return KW_EINVAL;
    return next_version(&next->version);
}

static enum kw_err write_row(struct store *s, const struct account *a, const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, a->version == 1 ? SQL_ACCOUNT_INSERT : SQL_ACCOUNT_UPDATE, &st));
    TRY(account_give(st, a, seal));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, struct account *next)
{
    struct digest seal;

    TRY(check_form(next));
    TRY(number(s, next));
    buf_clear(&s->image);
    TRY(image_of_account(next, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, next, &seal));
    return change_log(s, CHANGE_ACCOUNT, next->slot, next->version, &seal);
}

enum kw_err store_put_account(struct store *s, struct account *a)
{
    struct account next = *a;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, &next)));
    *a = next;
    return KW_OK;
}
