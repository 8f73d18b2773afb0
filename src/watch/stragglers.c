/* stragglers.c - see stragglers.h. */
#include "watch/stragglers.h"

#include <stdio.h>

#include "watch/subjects.h"

struct sighting { /* one attempt, as it is written down */
    uint32_t key, generation;
    const char *source;
    struct str agent;
    bool is_allowed;
    int64_t time_ms;
};

static enum kw_err bind(struct book *b, enum book_sql which, const struct sighting *s,
                        sqlite3_stmt **out)
{
    sqlite3_stmt *st;

    TRY(book_ask(b, which, &st));
    sqlite3_bind_int64(st, 1, s->key);
    sqlite3_bind_int64(st, 2, s->generation);
    sqlite3_bind_text(st, 3, s->source, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 4, s->agent.n == 0 ? "" : s->agent.p, (int)s->agent.n, SQLITE_STATIC);
    sqlite3_bind_int(st, 5, s->is_allowed);
    sqlite3_bind_int(st, 6, !s->is_allowed);
    sqlite3_bind_int64(st, 7, s->time_ms);
    *out = st;
    return KW_OK;
}

/* False: there is no such row. */
static enum kw_err add(struct book *b, const struct sighting *s, bool *is_there)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(bind(b, BOOK_STRAGGLER, s, &st));
    TRY(book_do(st));
    *is_there = sqlite3_changes64(b->db.conn) > 0;
    return KW_OK;
}

static enum kw_err insert(struct book *b, const struct sighting *s)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(bind(b, BOOK_STRAGGLER_ADD, s, &st));
    return book_do(st);
}

static enum kw_err add_or_insert(struct book *b, const struct sighting *s)
{
    bool is_there;

    TRY(add(b, s, &is_there));
    return is_there ? KW_OK : insert(b, s);
}

/* Earlier generations make room: nobody asks for them any more. */
static enum kw_err forget_older(struct book *b, const struct sighting *s)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_STRAGGLERS_FORGET, &st));
    sqlite3_bind_int64(st, 1, s->key);
    sqlite3_bind_int64(st, 2, (sqlite3_int64)s->generation - 1);
    return book_do(st);
}

static enum kw_err how_many(struct book *b, uint32_t key, int *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_STRAGGLERS_COUNT, &st));
    sqlite3_bind_int64(st, 1, key);
    TRY(db_row(st));
    *out = sqlite3_column_int(st, 0);
    return KW_OK;
}

static enum kw_err add_new(struct book *b, struct sighting *s)
{
    int n;

    TRY(forget_older(b, s));
    TRY(how_many(b, s->key, &n));
    if (n < STRAGGLERS_MAX)
        return insert(b, s);
    s->source = STRAGGLERS_OTHER;
    s->agent = (struct str){NULL, 0};
    return add_or_insert(b, s);
}

enum kw_err stragglers_count(struct book *b, uint32_t key, const struct event *e, int64_t time_ms)
{
    bool is_old = (e->flags & EVENT_OLD_SECRET) != 0 || e->reason == KW_WHY_SECRET_ROTATED;
    char source[ADDRESS_TEXT_MAX + 1];
    bool is_there;

    if (!is_old || key == 0 || e->kind != EVENT_DECISION)
        return KW_OK;
    source[address_print(&e->source, source)] = '\0';
    struct sighting s = {.key = key,
                         .generation = e->generation,
                         .source = source,
                         .agent = e->agent,
                         .is_allowed = event_is_allowed(e),
                         .time_ms = time_ms};
    TRY(add(b, &s, &is_there));
    return is_there ? KW_OK : add_new(b, &s);
}

enum kw_err stragglers_sweep(struct book *b, int64_t now_ms)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_STRAGGLERS_SWEEP, &st));
    sqlite3_bind_int64(st, 1, now_ms - INT64_C(86400000) * STRAGGLERS_KEPT_DAYS);
    return book_do(st);
}

/* ---- asked ---- */

static void take_text(sqlite3_stmt *st, int at, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(st, at);

    snprintf(out, size, "%s", text == NULL ? "" : (const char *)text);
}

static void take(sqlite3_stmt *st, struct straggler *s)
{
    take_text(st, 0, s->source, sizeof s->source);
    take_text(st, 1, s->agent, sizeof s->agent);
    s->allowed = (uint64_t)sqlite3_column_int64(st, 2);
    s->denied = (uint64_t)sqlite3_column_int64(st, 3);
    s->first_ms = sqlite3_column_int64(st, 4);
    s->last_ms = sqlite3_column_int64(st, 5);
}

static enum kw_err read_all(struct book *b, struct str key_id, uint32_t generation,
                            struct stragglers *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    enum kw_err err = KW_OK;
    uint32_t key;

    TRY(subjects_key(b, key_id, &key));
    TRY(book_ask(b, BOOK_STRAGGLERS, &st));
    sqlite3_bind_int64(st, 1, key);
    sqlite3_bind_int64(st, 2, generation);
    while (out->n < COUNT_OF(out->at) && (err = db_row(st)) == KW_OK)
        take(st, &out->at[out->n++]);
    return err == KW_ENOTFOUND ? KW_OK : err;
}

enum kw_err stragglers_ask(const char *file, struct str key_id, uint32_t generation,
                           struct stragglers *out)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};

    out->n = 0;
    enum kw_err err = book_open_reading(file, &b);
    if (err == KW_OK)
        err = read_all(&b, key_id, generation, out);
    return err == KW_ENOTFOUND ? KW_OK : err; /* nothing is there yet */
}
