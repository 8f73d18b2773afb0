/* key.c - keys: put, and found. */
#include "core/key.h"

#include "base/utf8.h"
#include "store/inside.h"
#include "store/row.h"

enum { NEWEST_COLUMN = 29 }; /* behind KEY_COLUMNS */

enum kw_err key_verified(struct store *s, sqlite3_stmt *st, struct grant *g)
{
    struct digest seal;

    TRY(key_take(st, g, &seal));
    if (!is_newest(st, NEWEST_COLUMN, g->version))
        return KW_EDAMAGED;
    return seal_check_key(s, g, &seal);
}

enum kw_err store_key_in_slot(struct store *s, uint32_t slot, struct grant *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct grant g;

    TRY(db_ask(&s->db, SQL_KEY_BY_SLOT, &st));
    struct giver to = {.st = st};
    give_int(&to, slot);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(key_verified(s, st, &g));
    if (g.slot != slot)
        return KW_EDAMAGED;
    *out = g;
    return KW_OK;
}

enum kw_err store_key(struct store *s, struct str id, const char *account, struct grant *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct grant g;

    TRY(db_ask(&s->db, SQL_KEY_BY_ID, &st));
    struct giver to = {.st = st};
    give_text(&to, id);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(key_verified(s, st, &g));
    if (!str_eq(str_from(g.id), id)) /* an index that was tampered with */
        return KW_EDAMAGED;
    if (account != NULL && strcmp(g.account, account) != 0)
        return KW_ENOTFOUND;
    *out = g;
    return KW_OK;
}

static enum kw_err check_form(const struct grant *g)
{
    struct str made_by = text_in(g->created_by, sizeof g->created_by);

    if (!key_id_ok(text_in(g->id, sizeof g->id)))
        return KW_EINVAL;
    if (account_id_check(text_in(g->account, sizeof g->account)) != KW_OK ||
        grant_name_check(text_in(g->name, sizeof g->name)) != KW_OK)
        return KW_EINVAL;
    return made_by.n <= KW_ACCOUNT_MAX && utf8_printable(made_by) ? KW_OK : KW_EINVAL;
}

static enum kw_err number_new(struct store *s, struct grant *next)
{
    struct account owner;

    TRY(store_account(s, str_from(next->account), &owner));
    next->account_slot = owner.slot;
    next->version = 1;
    return next_slot(s, SQL_KEY_MAX, &next->slot);
}

/* Makes `next` the version after the stored one. */
static enum kw_err number(struct store *s, struct grant *next)
{
    struct grant stored;

    if (next->slot == 0)
        return number_new(s, next);
    enum kw_err err = store_key_in_slot(s, next->slot, &stored);
    if (err == KW_ENOTFOUND || (err == KW_OK && stored.version != next->version))
        return KW_ECONFLICT;
    TRY(err);
    if (strcmp(stored.id, next->id) != 0 || strcmp(stored.account, next->account) != 0)
        return KW_EINVAL;
    next->account_slot = stored.account_slot;
    return next_version(&next->version);
}

static enum kw_err write_row(struct store *s, const struct grant *g, const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, g->version == 1 ? SQL_KEY_INSERT : SQL_KEY_UPDATE, &st));
    TRY(key_give(st, g, seal));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, struct grant *next)
{
    struct digest seal;

    TRY(check_form(next));
    TRY(number(s, next));
    buf_clear(&s->image);
    TRY(image_of_key(next, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, next, &seal));
    return change_log(s, CHANGE_KEY, next->slot, next->version, &seal);
}

enum kw_err store_put_key(struct store *s, struct grant *g)
{
    struct grant next = *g;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, &next)));
    *g = next;
    return KW_OK;
}
