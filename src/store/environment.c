/* environment.c - the two environments as a whole: put, and found. */
#include "store/freeze_note.h"
#include "store/inside.h"
#include "store/row.h"

enum { NEWEST_COLUMN = 5 }; /* behind ENVIRONMENT_COLUMNS */

enum kw_err environment_give(sqlite3_stmt *st, const struct environment *e, const struct digest *seal)
{
    struct giver to = {.st = st};

    give_int(&to, e->slot);
    give_int(&to, e->version);
    give_word(&to, WORDS_FREEZE, e->frozen);
    give_freeze_note(&to, &e->freeze_note);
    give_blob(&to, seal->b, DIGEST_LEN);
    return give_done(&to);
}

enum kw_err environment_take(sqlite3_stmt *st, struct environment *e, struct digest *seal)
{
    struct taker from = {.st = st};

    *e = (struct environment){0};
    e->slot = take_u32(&from);
    e->version = take_u32(&from);
    e->frozen = take_word(&from, WORDS_FREEZE);
    take_freeze_note(&from, &e->freeze_note);
    take_bytes(&from, seal->b, DIGEST_LEN);
    return take_done(&from);
}

static enum kw_err ask(struct store *s, enum sql which, uint32_t slot, sqlite3_stmt **st)
{
    TRY(db_ask(&s->db, which, st));
    struct giver to = {.st = *st};
    give_int(&to, slot);
    TRY(give_done(&to));
    return db_row(*st);
}

/* No row: it was never changed, or the row was torn out. */
static enum kw_err check_never_changed(struct store *s, uint32_t slot)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(ask(s, SQL_ENVIRONMENT_NEWEST, slot, &st));
    return is_newest(st, 0, 0) ? KW_OK : KW_EDAMAGED;
}

static enum kw_err verified(struct store *s, sqlite3_stmt *st, struct environment *e)
{
    struct digest seal;

    TRY(environment_take(st, e, &seal));
    if (!is_newest(st, NEWEST_COLUMN, e->version))
        return KW_EDAMAGED;
    return seal_check_environment(s, e, &seal);
}

enum kw_err store_environment(struct store *s, uint32_t slot, struct environment *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct environment e = {.slot = slot};

    if (slot != KW_SANDBOX && slot != KW_PRODUCTION)
        return KW_EINVAL;
    enum kw_err err = ask(s, SQL_ENVIRONMENT, slot, &st);
    err = err == KW_ENOTFOUND ? check_never_changed(s, slot)
          : err == KW_OK      ? verified(s, st, &e)
                              : err;
    TRY(err);
    if (e.slot != slot)
        return KW_EDAMAGED;
    *out = e;
    return KW_OK;
}

static enum kw_err write_row(struct store *s, const struct environment *e, const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, e->version == 1 ? SQL_ENVIRONMENT_INSERT : SQL_ENVIRONMENT_UPDATE, &st));
    TRY(environment_give(st, e, seal));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, struct environment *next)
{
    struct environment stored;
    struct digest seal;

    TRY(store_environment(s, next->slot, &stored));
    if (stored.version != next->version)
        return KW_ECONFLICT;
    TRY(next_version(&next->version));
    buf_clear(&s->image);
    TRY(image_of_environment(next, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, next, &seal));
    return change_log(s, CHANGE_ENVIRONMENT, next->slot, next->version, &seal);
}

enum kw_err store_put_environment(struct store *s, struct environment *e)
{
    struct environment next = *e;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, &next)));
    *e = next;
    return KW_OK;
}
