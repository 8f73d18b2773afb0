/* findings.c - see findings.h. */
#include "watch/findings.h"

/* ---- written ---- */

enum kw_err findings_add(struct book *b, const struct finding *f)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    uint8_t bytes[FINDING_MAX];
    size_t n = finding_encode(f, bytes);

    TRY(book_ask(b, BOOK_FINDING_ADD, &st));
    sqlite3_bind_int64(st, 1, f->began_us);
    sqlite3_bind_int(st, 2, (int)f->detector);
    sqlite3_bind_text(st, 3, f->subject, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 4, f->found_us);
    sqlite3_bind_blob(st, 5, bytes, (int)n, SQLITE_STATIC);
    return book_do(st);
}

static enum kw_err drop(struct book *b, enum book_sql which, int64_t limit)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, which, &st));
    sqlite3_bind_int64(st, 1, limit);
    return book_do(st);
}

enum kw_err findings_sweep(struct book *b, int64_t now_us)
{
    TRY(drop(b, BOOK_FINDINGS_DROP, FINDINGS_MAX));
    return drop(b, BOOK_FINDINGS_DROP_OLD, now_us - FINDINGS_KEPT_DAYS * INT64_C(86400000000));
}

/* ---- read ---- */

static enum kw_err go_to_book(struct book *b, struct findings_place *at)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_MADE, &st));
    enum kw_err err = db_row(st);
    if (err != KW_OK)
        return err == KW_ENOTFOUND ? KW_EDAMAGED : err;
    int64_t made = sqlite3_column_int64(st, 0);
    if (made != at->book)
        *at = (struct findings_place){.book = made};
    return KW_OK;
}

static enum kw_err take(sqlite3_stmt *st, struct findings_place *at, findings_fn *each, void *ctx)
{
    const struct str bytes = {sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1)};
    int64_t no = sqlite3_column_int64(st, 0);
    struct finding f;

    TRY(finding_decode(bytes, &f));
    TRY(each(ctx, no, &f));
    at->no = no;
    return KW_OK;
}

static enum kw_err read_on(struct book *b, struct findings_place *at, uint32_t limit,
                           findings_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    enum kw_err err;

    TRY(go_to_book(b, at));
    TRY(book_ask(b, BOOK_FINDINGS, &st));
    sqlite3_bind_int64(st, 1, at->no);
    sqlite3_bind_int64(st, 2, limit);
    while ((err = db_row(st)) == KW_OK)
        TRY(take(st, at, each, ctx));
    return err == KW_ENOTFOUND ? KW_OK : err;
}

enum kw_err findings_after(const char *file, struct findings_place *at, uint32_t limit,
                           findings_fn *each, void *ctx)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};

    enum kw_err err = book_open_reading(file, &b);
    if (err == KW_OK)
        err = book_run(&b, BOOK_BEGIN_READING);
    if (err == KW_OK)
        return read_on(&b, at, limit, each, ctx);
    return err == KW_ENOTFOUND ? KW_OK : err; /* nothing is there yet */
}
