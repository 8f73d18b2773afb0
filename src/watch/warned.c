/* warned.c - see warned.h. */
#include "watch/warned.h"

#include "watch/subjects.h"

/* ---- counted ---- */

static enum kw_err bind(struct book *b, enum book_sql which, uint32_t key, uint32_t generation,
                        enum warning what, sqlite3_stmt **out)
{
    sqlite3_stmt *st;

    TRY(book_ask(b, which, &st));
    sqlite3_bind_int64(st, 1, key);
    sqlite3_bind_int64(st, 2, generation);
    sqlite3_bind_text(st, 3, warning_word(what), -1, SQLITE_STATIC);
    *out = st;
    return KW_OK;
}

static enum kw_err note(struct book *b, enum book_sql which, uint32_t key, uint32_t generation,
                        enum warning what)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(bind(b, which, key, generation, what, &st));
    return book_do(st);
}

/* Earlier generations make room: nobody asks for them any more. */
static enum kw_err forget_older(struct book *b, uint32_t key, uint32_t generation)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_WARNED_FORGET, &st));
    sqlite3_bind_int64(st, 1, key);
    sqlite3_bind_int64(st, 2, (sqlite3_int64)generation - 1);
    return book_do(st);
}

enum kw_err warned_count(struct book *b, uint32_t key, const struct event *e)
{
    enum warning what = warning_in(e);
    bool is_late = e->kind == EVENT_DECISION && e->reason == KW_WHY_SECRET_ROTATED &&
                   e->credential == CREDENTIAL_KEY; /* a token of it is not the secret */

    if (key == 0 || (what == WARNING_NONE && !is_late))
        return KW_OK;
    TRY(forget_older(b, key, e->generation));
    if (is_late)
        return note(b, BOOK_WARNED_OWE, key, e->generation, WARNING_OLD_SECRET);
    return note(b, BOOK_WARNED_TELL, key, e->generation, what);
}

/* ---- asked ---- */

enum kw_err warned_ask(struct book *b, struct str key_id, uint32_t generation, enum warning what,
                       bool *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    uint32_t key;

    TRY(subjects_key(b, key_id, &key));
    TRY(bind(b, BOOK_WARNED, key, generation, what, &st));
    enum kw_err err = db_row(st);
    if (err != KW_OK && err != KW_ENOTFOUND)
        return err;
    *out = err == KW_OK && sqlite3_column_int(st, 0) != 0;
    return KW_OK;
}

static struct str text_of(sqlite3_stmt *st, int at)
{
    return (struct str){(const char *)sqlite3_column_text(st, at),
                        (size_t)sqlite3_column_bytes(st, at)};
}

enum kw_err warned_owed(struct book *b, uint32_t limit, warned_owed_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    enum kw_err err;

    TRY(book_ask(b, BOOK_WARNED_OWED, &st));
    sqlite3_bind_int64(st, 1, limit);
    while ((err = db_row(st)) == KW_OK) {
        const struct warned_owed owed = {.key_id = text_of(st, 0),
                                         .account = text_of(st, 1),
                                         .generation = (uint32_t)sqlite3_column_int64(st, 2)};
        TRY(each(ctx, &owed));
    }
    return err == KW_ENOTFOUND ? KW_OK : err;
}
