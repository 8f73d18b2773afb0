/* ask.c - see ask.h. */
#include "watch/ask.h"

#include <stdio.h>

#include "watch/daily_book.h"
#include "watch/subjects.h"

static void add(struct ask_count *c, bool is_allowed, uint64_t n)
{
    if (is_allowed)
        c->allowed += n;
    else
        c->denied += n;
}

/* What none of ours has written is passed over. */
static void take(const struct ask *q, sqlite3_stmt *st, struct ask_answer *a)
{
    uint64_t bucket = (uint64_t)sqlite3_column_int64(st, 0);
    uint64_t class = (uint64_t)sqlite3_column_int64(st, 1);
    uint64_t why = (uint64_t)sqlite3_column_int64(st, 2), n = (uint64_t)sqlite3_column_int64(st, 3);

    if (bucket >= q->n || class >= ASK_CLASSES || why >= KW_N_REASONS)
        return;
    bool is_allowed = cells_is_allowed((enum kw_reason)why);
    add(&a->all, is_allowed, n);
    add(&a->buckets[bucket], is_allowed, n);
    add(&a->classes[class], is_allowed, n);
    a->reasons[why] += n;
}

static enum kw_err read_counts(struct book *b, const struct ask *q, uint32_t subject,
                               struct ask_answer *a)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    enum kw_err err;

    TRY(book_ask(b, BOOK_ASK, &st));
    sqlite3_bind_int(st, 1, (int)q->step);
    sqlite3_bind_int64(st, 2, q->first);
    sqlite3_bind_int64(st, 3, (sqlite3_int64)q->first + q->n);
    sqlite3_bind_int64(st, 4, subject);
    sqlite3_bind_int(st, 5, (int)q->environment);
    while ((err = db_row(st)) == KW_OK)
        take(q, st, a);
    return err == KW_ENOTFOUND ? KW_OK : err;
}

/* ---- by the day ---- */

static enum kw_err read_days(struct book *b, const struct ask *q, enum daily_kind kind,
                             uint32_t subject, daily_share_fn *each, void *to)
{
    int64_t from_ms = q->first * step_ms(q->step), until_ms = from_ms + q->n * step_ms(q->step);
    const struct daily_asked asked = {.kind = kind,
                                      .subject = subject,
                                      .environment = q->environment,
                                      .first = step_at(STEP_DAY, from_ms),
                                      .end = step_at(STEP_DAY, until_ms - 1) + 1};

    return daily_ask(b, &asked, each, to);
}

static enum kw_err take_source(void *ctx, const struct daily_share *share)
{
    struct ask_answer *a = ctx;

    if (a->n_sources == ASK_SOURCES_MAX)
        return KW_OK;
    struct ask_source *s = &a->sources[a->n_sources++];
    snprintf(s->net, sizeof s->net, "%.*s", (int)share->name.n, share->name.p);
    s->count = (struct ask_count){share->allowed, share->denied};
    s->last_ms = share->most;
    return KW_OK;
}

struct shares_taken {
    struct ask_shares *to; /* borrows */
    struct ask_share other;
};

static void add_share(struct ask_share *to, const struct daily_share *share)
{
    to->count.allowed += share->allowed;
    to->count.denied += share->denied;
    to->last_ms = share->most > to->last_ms ? share->most : to->last_ms;
}

static enum kw_err take_share(void *ctx, const struct daily_share *share)
{
    struct shares_taken *t = ctx;
    bool is_other = t->to->n == ASK_SHARES_MAX || str_eq(share->name, STR(DAILY_OTHER));
    struct ask_share *to = is_other ? &t->other : &t->to->at[t->to->n++];

    if (!is_other)
        snprintf(to->name, sizeof to->name, "%.*s", (int)share->name.n, share->name.p);
    add_share(to, share);
    return KW_OK;
}

static enum kw_err read_shares(struct book *b, const struct ask *q, enum daily_kind kind,
                               uint32_t subject, struct ask_shares *out)
{
    struct shares_taken t = {.to = out, .other = {.name = DAILY_OTHER}};

    TRY(read_days(b, q, kind, subject, take_share, &t));
    if (t.other.count.allowed + t.other.count.denied > 0)
        out->at[out->n++] = t.other;
    return KW_OK;
}

/* The text of a route in place of its number; a word stays. */
static enum kw_err tell_route(struct book *b, char name[ROUTE_TEXT_MAX + 1])
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    uint64_t number;

    if (str_u64(str_from(name), UINT32_MAX, &number) != KW_OK)
        return KW_OK;
    TRY(book_ask(b, BOOK_ROUTE_TEXT, &st));
    sqlite3_bind_int64(st, 1, (sqlite3_int64)number);
    enum kw_err err = db_row(st);
    if (err != KW_OK)
        return err == KW_ENOTFOUND ? KW_EDAMAGED : err;
    const unsigned char *text = sqlite3_column_text(st, 0);
    snprintf(name, ROUTE_TEXT_MAX + 1, "%s", text == NULL ? "" : (const char *)text);
    return KW_OK;
}

static enum kw_err read_routes(struct book *b, const struct ask *q, uint32_t subject,
                               struct ask_shares *out)
{
    TRY(read_shares(b, q, DAILY_ROUTES, subject, out));
    for (size_t i = 0; i < out->n; i++)
        TRY(tell_route(b, out->at[i].name));
    return KW_OK;
}

/* What none of ours has written is passed over. */
static enum kw_err take_latency(void *ctx, const struct daily_share *share)
{
    struct latency *l = ctx;
    uint64_t bucket;

    if (str_u64(share->name, LATENCY_BUCKETS - 1, &bucket) != KW_OK)
        return KW_OK;
    l->n[bucket] += share->allowed + share->denied;
    l->most_ns = share->most > l->most_ns ? (uint32_t)share->most : l->most_ns;
    return KW_OK;
}

static enum kw_err read_by_day(struct book *b, const struct ask *q, uint32_t subject,
                               struct ask_answer *a)
{
    TRY(read_routes(b, q, subject, &a->routes));
    TRY(read_shares(b, q, DAILY_COUNTRIES, subject, &a->countries));
    TRY(read_days(b, q, DAILY_LATENCIES, subject, take_latency, &a->latency));
    return q->key_id.n > 0 ? read_days(b, q, DAILY_SOURCES, subject, take_source, a) : KW_OK;
}

/* ---- all of it ---- */

static enum kw_err find_subject(struct book *b, const struct ask *q, uint32_t *out)
{
    *out = CELLS_EVERYBODY;
    if (q->key_id.n > 0)
        return subjects_key(b, q->key_id, out);
    return q->account.n > 0 ? subjects_account(b, q->account, out) : KW_OK;
}

static enum kw_err read_all(struct book *b, const struct ask *q, struct ask_answer *a)
{
    uint32_t subject;

    TRY(find_subject(b, q, &subject));
    if (subject == CELLS_EVERYBODY && (q->key_id.n > 0 || q->account.n > 0))
        return KW_OK; /* never met */
    TRY(read_counts(b, q, subject, a));
    return read_by_day(b, q, subject, a);
}

/* Closing it ends the transaction. */
enum kw_err ask_open(const char *file, struct book *out)
{
    enum kw_err err = book_open_reading(file, out);

    if (err == KW_ENOTFOUND)
        return KW_OK;
    TRY(err);
    err = book_run(out, BOOK_BEGIN_READING);
    if (err != KW_OK)
        book_close(out);
    return err;
}

static bool is_open(const struct book *b)
{
    return b->db.conn != NULL;
}

enum kw_err ask_of(struct book *b, const struct ask *q, struct ask_answer *out)
{
    struct ask_answer a = {.n_sources = 0};

    enum kw_err err = is_open(b) ? read_all(b, q, &a) : KW_OK;
    if (err != KW_OK && err != KW_ENOTFOUND) /* never met */
        return err;
    *out = a;
    return KW_OK;
}

enum kw_err ask_usage(const char *file, const struct ask *q, struct ask_answer *out)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};

    TRY(ask_open(file, &b));
    return ask_of(&b, q, out);
}

static enum kw_err read_begin(struct book *b, int64_t *out_ms)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_OLDEST, &st));
    sqlite3_bind_int(st, 1, STEP_DAY);
    TRY(db_row(st));
    if (sqlite3_column_type(st, 0) != SQLITE_NULL)
        *out_ms = sqlite3_column_int64(st, 0) * step_ms(STEP_DAY);
    return KW_OK;
}

enum kw_err ask_begin(struct book *b, int64_t *out_ms)
{
    *out_ms = INT64_MAX;
    return is_open(b) ? read_begin(b, out_ms) : KW_OK;
}
