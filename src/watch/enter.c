/* enter.c - see enter.h. */
#include "watch/enter.h"

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

/* ---- sources ---- */

static enum kw_err bind_source(struct book *b, enum book_sql which, const struct source_cell *s,
                               const char *name, sqlite3_stmt **out)
{
    sqlite3_stmt *st;

    TRY(book_ask(b, which, &st));
    sqlite3_bind_int64(st, 1, s->day);
    sqlite3_bind_int64(st, 2, s->subject);
    sqlite3_bind_int(st, 3, (int)s->environment);
    sqlite3_bind_text(st, 4, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 5, (sqlite3_int64)s->allowed);
    sqlite3_bind_int64(st, 6, (sqlite3_int64)s->denied);
    sqlite3_bind_int64(st, 7, s->last_ms);
    *out = st;
    return KW_OK;
}

/* False: the name is not there. */
static enum kw_err add_to_source(struct book *b, const struct source_cell *s, const char *name,
                                 bool *is_there)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(bind_source(b, BOOK_SOURCE, s, name, &st));
    TRY(book_do(st));
    *is_there = sqlite3_changes64(b->db.conn) > 0;
    return KW_OK;
}

static enum kw_err new_source(struct book *b, const struct source_cell *s, const char *name)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(bind_source(b, BOOK_SOURCE_ADD, s, name, &st));
    return book_do(st);
}

static enum kw_err count_sources(struct book *b, const struct source_cell *s, int *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_SOURCES, &st));
    sqlite3_bind_int64(st, 1, s->day);
    sqlite3_bind_int64(st, 2, s->subject);
    TRY(db_row(st));
    *out = sqlite3_column_int(st, 0);
    return KW_OK;
}

static enum kw_err enter_other(struct book *b, const struct source_cell *s)
{
    bool is_there;

    TRY(add_to_source(b, s, ENTER_OTHER, &is_there));
    return is_there ? KW_OK : new_source(b, s, ENTER_OTHER);
}

static enum kw_err enter_source(struct book *b, const struct source_cell *s, int64_t now_us)
{
    char name[CELLS_NET_TEXT];
    bool is_there;
    int n;

    if ((uint64_t)s->day + ENTER_SOURCES_KEPT_DAYS < step_at(STEP_DAY, now_us / 1000))
        return KW_OK;
    cells_print_net(&s->net, name);
    TRY(add_to_source(b, s, name, &is_there));
    if (is_there)
        return KW_OK;
    TRY(count_sources(b, s, &n));
    return n < (s->proved ? ENTER_SOURCES : ENTER_SOURCES_UNPROVED) ? new_source(b, s, name)
                                                                    : enter_other(b, s);
}

/* ---- both ---- */

enum kw_err enter_cells(struct book *b, struct cells *c, int64_t now_us)
{
    size_t n, n_sources;
    const struct cell *cells = cells_sorted(c, &n);
    const struct source_cell *sources = cells_sources(c, &n_sources);

    for (size_t i = 0; i < n; i++)
        if (!is_too_old(cells[i].step, cells[i].time, now_us))
            TRY(enter_cell(b, &cells[i]));
    for (size_t i = 0; i < n_sources; i++)
        TRY(enter_source(b, &sources[i], now_us));
    return KW_OK;
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

static enum kw_err number(struct book *b, enum book_sql which, int step, sqlite3_int64 *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, which, &st));
    if (step >= 0)
        sqlite3_bind_int(st, 1, step);
    TRY(db_row(st));
    *out = sqlite3_column_type(st, 0) == SQLITE_NULL ? INT64_MAX : sqlite3_column_int64(st, 0);
    return KW_OK;
}

static enum kw_err drop(struct book *b, enum book_sql which, int step, sqlite3_int64 time)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, which, &st));
    if (step >= 0)
        sqlite3_bind_int(st, 1, step);
    sqlite3_bind_int64(st, step >= 0 ? 2 : 1, time);
    return book_do(st);
}

static enum kw_err sweep_step(struct book *b, enum step s, int64_t now_us)
{
    sqlite3_int64 oldest;

    for (int i = 0; i < SWEEP_MAX; i++) {
        TRY(number(b, BOOK_OLDEST, (int)s, &oldest));
        if (oldest > INT32_MAX || !is_too_old(s, (uint32_t)oldest, now_us))
            return KW_OK;
        TRY(drop(b, BOOK_DROP, (int)s, oldest));
    }
    return KW_OK;
}

static enum kw_err sweep_sources(struct book *b, int64_t now_us)
{
    sqlite3_int64 oldest;

    TRY(number(b, BOOK_OLDEST_SOURCE, -1, &oldest));
    if (oldest > INT32_MAX ||
        oldest + ENTER_SOURCES_KEPT_DAYS >= (sqlite3_int64)step_at(STEP_DAY, now_us / 1000))
        return KW_OK;
    return drop(b, BOOK_DROP_SOURCES, -1, oldest);
}

enum kw_err enter_sweep(struct book *b, int64_t now_us)
{
    for (enum step s = STEP_MINUTE; (unsigned)s < N_STEPS; s++)
        TRY(sweep_step(b, s, now_us));
    return sweep_sources(b, now_us);
}
