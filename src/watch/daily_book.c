/* daily_book.c - see daily_book.h. */
#include "watch/daily_book.h"

#include <assert.h>

#include "watch/step.h"

/* In the order of BOOK_DAILY. */
enum statement { COUNT, ADD, NAMES, OLDEST, DROP, ASK };

static const struct {
    enum book_sql first; /* its statements begin there */
    int names_max;       /* of a subject and day */
} kinds[N_DAILY_KINDS] = {
    [DAILY_SOURCES] = {BOOK_SOURCE_COUNT, DAILY_SOURCES_MAX},
    [DAILY_ROUTES] = {BOOK_ROUTE_COUNT, DAILY_NAMES_MAX},
    [DAILY_COUNTRIES] = {BOOK_COUNTRY_COUNT, DAILY_NAMES_MAX},
    [DAILY_LATENCIES] = {BOOK_LATENCY_COUNT, INT32_MAX}, /* there are no more buckets */
};
static_assert((int)BOOK_LATENCY_ASK == (int)BOOK_LATENCY_COUNT + ASK, "in this order");

static enum kw_err prepared(struct book *b, enum daily_kind kind, enum statement s, sqlite3_stmt **out)
{
    return book_ask(b, (enum book_sql)((unsigned)kinds[kind].first + s), out);
}

/* ---- entered ---- */

static enum kw_err run_with(struct book *b, enum statement s, const struct daily_cell *c,
                            const char *name)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(prepared(b, c->kind, s, &st));
    sqlite3_bind_int64(st, 1, c->day);
    sqlite3_bind_int64(st, 2, c->subject);
    sqlite3_bind_int(st, 3, (int)c->environment);
    sqlite3_bind_text(st, 4, name, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 5, (sqlite3_int64)c->allowed);
    sqlite3_bind_int64(st, 6, (sqlite3_int64)c->denied);
    sqlite3_bind_int64(st, 7, c->most);
    return book_do(st);
}

/* False: the name is not there. */
static enum kw_err add_to(struct book *b, const struct daily_cell *c, const char *name, bool *is_there)
{
    TRY(run_with(b, COUNT, c, name));
    *is_there = sqlite3_changes64(b->db.conn) > 0;
    return KW_OK;
}

static enum kw_err count_names(struct book *b, const struct daily_cell *c, int *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(prepared(b, c->kind, NAMES, &st));
    sqlite3_bind_int64(st, 1, c->day);
    sqlite3_bind_int64(st, 2, c->subject);
    TRY(db_row(st));
    *out = sqlite3_column_int(st, 0);
    return KW_OK;
}

static enum kw_err enter_other(struct book *b, const struct daily_cell *c)
{
    bool is_there;

    TRY(add_to(b, c, DAILY_OTHER, &is_there));
    return is_there ? KW_OK : run_with(b, ADD, c, DAILY_OTHER);
}

static enum kw_err enter_cell(struct book *b, const struct daily_cell *c)
{
    int most = kinds[c->kind].names_max, n;
    char name[DAILY_TEXT];
    bool is_there;

    daily_print(c, name);
    TRY(add_to(b, c, name, &is_there));
    if (is_there)
        return KW_OK;
    TRY(count_names(b, c, &n));
    return n < (c->proved ? most : most / 2) ? run_with(b, ADD, c, name) : enter_other(b, c);
}

static bool is_too_old(int64_t day, int64_t now_us)
{
    return day + DAILY_KEPT_DAYS < (int64_t)step_at(STEP_DAY, now_us / 1000);
}

enum kw_err daily_enter(struct book *b, struct daily *d, int64_t now_us)
{
    size_t n;
    const struct daily_cell *cells = daily_sorted(d, &n);

    for (size_t i = 0; i < n; i++)
        if (!is_too_old(cells[i].day, now_us))
            TRY(enter_cell(b, &cells[i]));
    return KW_OK;
}

/* ---- what is too old ---- */

/* INT64_MAX: there is none. */
static enum kw_err oldest_of(struct book *b, enum daily_kind kind, int64_t *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(prepared(b, kind, OLDEST, &st));
    TRY(db_row(st));
    *out = sqlite3_column_type(st, 0) == SQLITE_NULL ? INT64_MAX : sqlite3_column_int64(st, 0);
    return KW_OK;
}

static enum kw_err drop(struct book *b, enum daily_kind kind, int64_t day)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(prepared(b, kind, DROP, &st));
    sqlite3_bind_int64(st, 1, day);
    return book_do(st);
}

enum kw_err daily_sweep(struct book *b, int64_t now_us)
{
    int64_t oldest;

    for (enum daily_kind k = DAILY_SOURCES; (unsigned)k < N_DAILY_KINDS; k++) {
        TRY(oldest_of(b, k, &oldest));
        if (oldest <= INT32_MAX && is_too_old(oldest, now_us))
            TRY(drop(b, k, oldest));
    }
    return KW_OK;
}

/* ---- asked for ---- */

static struct daily_share share_of(sqlite3_stmt *st)
{
    const unsigned char *name = sqlite3_column_text(st, 0);

    return (struct daily_share){.name = str_from(name == NULL ? "" : (const char *)name),
                                .allowed = (uint64_t)sqlite3_column_int64(st, 1),
                                .denied = (uint64_t)sqlite3_column_int64(st, 2),
                                .most = sqlite3_column_int64(st, 3)};
}

enum kw_err daily_ask(struct book *b, const struct daily_asked *q, daily_share_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    enum kw_err err;

    TRY(prepared(b, q->kind, ASK, &st));
    sqlite3_bind_int64(st, 1, q->first);
    sqlite3_bind_int64(st, 2, q->end);
    sqlite3_bind_int64(st, 3, q->subject);
    sqlite3_bind_int(st, 4, (int)q->environment);
    while ((err = db_row(st)) == KW_OK) {
        const struct daily_share share = share_of(st);
        TRY(each(ctx, &share));
    }
    return err == KW_ENOTFOUND ? KW_OK : err;
}
