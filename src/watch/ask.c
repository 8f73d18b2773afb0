/* ask.c - see ask.h. */
#include "watch/ask.h"

#include <stdio.h>

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

static void take_source(sqlite3_stmt *st, struct ask_source *s)
{
    const unsigned char *net = sqlite3_column_text(st, 0);

    snprintf(s->net, sizeof s->net, "%s", net == NULL ? "" : (const char *)net);
    s->count.allowed = (uint64_t)sqlite3_column_int64(st, 1);
    s->count.denied = (uint64_t)sqlite3_column_int64(st, 2);
    s->last_ms = sqlite3_column_int64(st, 3);
}

static enum kw_err read_sources(struct book *b, const struct ask *q, uint32_t key,
                                struct ask_answer *a)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    int64_t from_ms = q->first * step_ms(q->step), until_ms = from_ms + q->n * step_ms(q->step);
    enum kw_err err;

    TRY(book_ask(b, BOOK_ASK_SOURCES, &st));
    sqlite3_bind_int64(st, 1, step_at(STEP_DAY, from_ms));
    sqlite3_bind_int64(st, 2, (sqlite3_int64)step_at(STEP_DAY, until_ms - 1) + 1);
    sqlite3_bind_int64(st, 3, key);
    sqlite3_bind_int(st, 4, (int)q->environment);
    sqlite3_bind_int(st, 5, ASK_SOURCES_MAX);
    while ((err = db_row(st)) == KW_OK && a->n_sources < ASK_SOURCES_MAX)
        take_source(st, &a->sources[a->n_sources++]);
    return err == KW_ENOTFOUND || a->n_sources == ASK_SOURCES_MAX ? KW_OK : err;
}

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
    return q->key_id.n > 0 ? read_sources(b, q, subject, a) : KW_OK;
}

/* One moment of the file: closing it ends the transaction. */
enum kw_err ask_usage(const char *file, const struct ask *q, struct ask_answer *out)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};
    struct ask_answer a = {.n_sources = 0};

    enum kw_err err = book_open_reading(file, &b);
    if (err == KW_OK)
        err = book_run(&b, BOOK_BEGIN_READING);
    if (err == KW_OK)
        err = read_all(&b, q, &a);
    if (err != KW_OK && err != KW_ENOTFOUND) /* nothing is there yet */
        return err;
    *out = a;
    return KW_OK;
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

enum kw_err ask_begin(const char *file, int64_t *out_ms)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};

    *out_ms = INT64_MAX;
    enum kw_err err = book_open_reading(file, &b);
    if (err == KW_OK)
        err = read_begin(&b, out_ms);
    return err == KW_ENOTFOUND ? KW_OK : err;
}
