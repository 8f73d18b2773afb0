/* enter.c - see enter.h. */
#include "watch/enter.h"

#include "watch/daily_book.h"

enum { SWEEP_MAX = 16 };

/* ---- counts ---- */

static bool is_too_old(enum step s, uint32_t time, int64_t now_us)
{
    return (uint64_t)time + step_kept(s) < step_at(s, now_us / 1000);
}

static enum kw_err enter_cell(struct book *b, const struct cell *c)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_COUNT, &st));
    sqlite3_bind_int(st, 1, (int)c->step);
    sqlite3_bind_int64(st, 2, c->time);
    sqlite3_bind_int64(st, 3, c->subject);
    sqlite3_bind_int(st, 4, (int)c->environment);
    sqlite3_bind_int(st, 5, (int)c->class);
    sqlite3_bind_int(st, 6, (int)c->reason);
    sqlite3_bind_int64(st, 7, (sqlite3_int64)c->n);
    return book_do(st);
}

enum kw_err enter_cells(struct book *b, struct cells *c, int64_t now_us)
{
    size_t n;
    const struct cell *cells = cells_sorted(c, &n);

    for (size_t i = 0; i < n; i++)
        if (!is_too_old(cells[i].step, cells[i].time, now_us))
            TRY(enter_cell(b, &cells[i]));
    return daily_enter(b, cells_daily(c), now_us);
}

/* ---- the place ---- */

enum kw_err enter_place(struct book *b, const struct follow_place *p)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_PLACE_SAVE, &st));
    sqlite3_bind_int64(st, 1, p->day);
    sqlite3_bind_int64(st, 2, (sqlite3_int64)p->offset);
    sqlite3_bind_int64(st, 3, (sqlite3_int64)p->batch);
    sqlite3_bind_int64(st, 4, p->time_us);
    sqlite3_bind_blob(st, 5, p->hash.b, sizeof p->hash.b, SQLITE_STATIC);
    return book_do(st);
}

enum kw_err enter_read_place(struct book *b, struct follow_place *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct follow_place p = {.day = 0};

    TRY(book_ask(b, BOOK_PLACE, &st));
    enum kw_err err = db_row(st);
    if (err == KW_ENOTFOUND) {
        *out = p;
        return KW_OK;
    }
    TRY(err);
    p.day = sqlite3_column_int(st, 0);
    p.offset = (uint64_t)sqlite3_column_int64(st, 1);
    p.batch = (uint64_t)sqlite3_column_int64(st, 2);
    p.time_us = sqlite3_column_int64(st, 3);
    if (sqlite3_column_bytes(st, 4) != (int)sizeof p.hash.b)
        return KW_EDAMAGED;
    memcpy(p.hash.b, sqlite3_column_blob(st, 4), sizeof p.hash.b);
    *out = p;
    return KW_OK;
}

/* ---- what is too old ---- */

/* INT64_MAX: there is none. */
static enum kw_err oldest_of(struct book *b, enum step s, sqlite3_int64 *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_OLDEST, &st));
    sqlite3_bind_int(st, 1, (int)s);
    TRY(db_row(st));
    *out = sqlite3_column_type(st, 0) == SQLITE_NULL ? INT64_MAX : sqlite3_column_int64(st, 0);
    return KW_OK;
}

static enum kw_err drop(struct book *b, enum step s, sqlite3_int64 time)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_DROP, &st));
    sqlite3_bind_int(st, 1, (int)s);
    sqlite3_bind_int64(st, 2, time);
    return book_do(st);
}

static enum kw_err sweep_step(struct book *b, enum step s, int64_t now_us)
{
    sqlite3_int64 oldest;

    for (int i = 0; i < SWEEP_MAX; i++) {
        TRY(oldest_of(b, s, &oldest));
        if (oldest > INT32_MAX || !is_too_old(s, (uint32_t)oldest, now_us))
            return KW_OK;
        TRY(drop(b, s, oldest));
    }
    return KW_OK;
}

enum kw_err enter_sweep(struct book *b, int64_t now_us)
{
    for (enum step s = STEP_MINUTE; (unsigned)s < N_STEPS; s++)
        TRY(sweep_step(b, s, now_us));
    return daily_sweep(b, now_us);
}
