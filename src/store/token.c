/* token.c - management tokens: put, found, gone through. */
#include "base/utf8.h"
#include "core/key.h"
#include "store/inside.h"

enum { NEWEST_COLUMN = 14 }; /* behind TOKEN_COLUMNS */

enum kw_err token_verified(struct store *s, sqlite3_stmt *st, struct token *t)
{
    struct digest seal;

    TRY(token_take(st, t, &seal));
    if (!is_newest(st, NEWEST_COLUMN, t->version))
        return KW_EDAMAGED;
    return seal_check_token(s, t, &seal);
}

/* ---- found ---- */

enum kw_err store_token_in_slot(struct store *s, uint32_t slot, struct token *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct token t;

    TRY(db_ask(&s->db, SQL_TOKEN_BY_SLOT, &st));
    struct giver to = {.st = st};
    give_int(&to, slot);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(token_verified(s, st, &t));
    if (t.slot != slot)
        return KW_EDAMAGED;
    *out = t;
    return KW_OK;
}

enum kw_err store_token(struct store *s, struct str id, const char *account, struct token *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct token t;

    TRY(db_ask(&s->db, SQL_TOKEN_BY_ID, &st));
    struct giver to = {.st = st};
    give_text(&to, id);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(token_verified(s, st, &t));
    if (!str_eq(str_from(t.id), id)) /* an index that was tampered with */
        return KW_EDAMAGED;
    if (account != NULL && strcmp(t.account, account) != 0)
        return KW_ENOTFOUND;
    *out = t;
    return KW_OK;
}

static enum kw_err give_filter(sqlite3_stmt *st, const struct store_token_filter *f)
{
    struct giver to = {.st = st};

    give_int(&to, f->after_slot);
    give_int(&to, f->limit == 0 ? -1 : (int64_t)f->limit);
    give_text(&to, f->member);
    if (f->account.n > 0)
        give_text(&to, f->account);
    return give_done(&to);
}

enum kw_err store_tokens(struct store *s, const struct store_token_filter *f, store_token_fn *each,
                         void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct token t;

    TRY(db_ask(&s->db, f->account.n > 0 ? SQL_TOKENS_OF_ACCOUNT : SQL_TOKENS, &st));
    TRY(give_filter(st, f));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(token_verified(s, st, &t));
        TRY(each(ctx, &t));
    }
    return err;
}

/* ---- put ---- */

static bool texts_ok(const struct token *t)
{
    struct str account = text_in(t->account, sizeof t->account);
    struct str member = text_in(t->member, sizeof t->member);
    struct str made_by = text_in(t->created_by, sizeof t->created_by);

    return key_id_ok(text_in(t->id, sizeof t->id)) &&
           (account.n == 0 || account_id_check(account) == KW_OK) &&
           (member.n == 0 || key_id_ok(member)) &&
           grant_name_check(text_in(t->name, sizeof t->name)) == KW_OK &&
           made_by.n <= KW_ACCOUNT_MAX && utf8_printable(made_by);
}

/* What a member made ends some day; only the host's may last. */
static enum kw_err check_form(const struct token *t)
{
    bool lasts = t->expires_ms == 0;

    return texts_ok(t) && t->scopes != 0 && t->expires_ms >= 0 && !(lasts && t->member[0] != '\0')
               ? KW_OK
               : KW_EINVAL;
}

/* A member's token is for his own account; an operator's may be for another, or for all. */
static enum kw_err find_member(struct store *s, struct token *next)
{
    struct member m;

    next->member_slot = 0;
    if (next->member[0] == '\0')
        return KW_OK;
    TRY(store_member(s, str_from(next->member), NULL, &m));
    next->member_slot = m.slot;
    return m.is_operator || strcmp(m.account, next->account) == 0 ? KW_OK : KW_EINVAL;
}

static enum kw_err number_new(struct store *s, struct token *next)
{
    struct account home;

    if (next->account[0] != '\0')
        TRY(store_account(s, str_from(next->account), &home));
    TRY(find_member(s, next));
    next->version = 1;
    return next_slot(s, SQL_TOKEN_MAX, &next->slot);
}

static bool is_of_same(const struct token *a, const struct token *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->account, b->account) == 0 &&
           strcmp(a->member, b->member) == 0;
}

/* Makes `next` the version after the stored one. */
static enum kw_err number(struct store *s, struct token *next)
{
    struct token stored;

    if (next->slot == 0)
        return number_new(s, next);
    enum kw_err err = store_token_in_slot(s, next->slot, &stored);
    if (err == KW_ENOTFOUND || (err == KW_OK && stored.version != next->version))
        return KW_ECONFLICT;
    TRY(err);
    if (!is_of_same(&stored, next))
        return KW_EINVAL;
    next->member_slot = stored.member_slot;
    return next_version(&next->version);
}

static enum kw_err write_row(struct store *s, const struct token *t, const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, t->version == 1 ? SQL_TOKEN_INSERT : SQL_TOKEN_UPDATE, &st));
    TRY(token_give(st, t, seal));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, struct token *next)
{
    struct digest seal;

    TRY(check_form(next));
    TRY(number(s, next));
    buf_clear(&s->image);
    TRY(image_of_token(next, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, next, &seal));
    return change_log(s, CHANGE_TOKEN, next->slot, next->version, &seal);
}

enum kw_err store_put_token(struct store *s, struct token *t)
{
    struct token next = *t;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, &next)));
    *t = next;
    return KW_OK;
}
