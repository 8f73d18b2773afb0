/* outbox.c - see outbox.h: opened, and fed. */
#include "notify/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "notify/outbox_book.h"
#include "store/row.h"

enum { VERSION = 2, PATH_LEN = 1024 };

static const char *const texts[N_OUTBOX_SQL] = {
#define X(symbol, text) [symbol] = text,
    OUTBOX_STATEMENTS(X)
#undef X
};

/* Whose a number is, and where he is called, stands in receivers: numbers are given anew after a restore. */
static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL, mark INTEGER "
    "NOT NULL) STRICT;"
    "CREATE TABLE events (no INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT "
    "NOT NULL, account TEXT NOT NULL, created_ms INTEGER NOT NULL, body TEXT NOT NULL) STRICT;"
    "CREATE TABLE deliveries (no INTEGER PRIMARY KEY AUTOINCREMENT, event INTEGER NOT NULL "
    "REFERENCES events (no), webhook INTEGER NOT NULL, state INTEGER NOT NULL, tries INTEGER NOT "
    "NULL, next_ms INTEGER NOT NULL, created_ms INTEGER NOT NULL, test_ms INTEGER NOT NULL DEFAULT "
    "0, "
    "UNIQUE (event, webhook)) STRICT;"
    "CREATE INDEX deliveries_pending ON deliveries (webhook, next_ms, no) WHERE state = 0;"
    "CREATE INDEX deliveries_by_webhook ON deliveries (webhook, no);"
    "CREATE INDEX deliveries_waiting ON deliveries (webhook, no) WHERE state = 0;"
    "CREATE INDEX deliveries_finished ON deliveries (webhook, no) WHERE state <> 0;"
    "CREATE INDEX deliveries_tests ON deliveries (webhook, test_ms) WHERE test_ms <> 0;"
    "CREATE INDEX deliveries_age ON deliveries ((webhook = " OUTBOX_LETTERS_TEXT
    "), created_ms) WHERE state = 0;"
    "CREATE INDEX deliveries_over ON deliveries (created_ms) WHERE state <> 0;"
    "CREATE TABLE tries (no INTEGER PRIMARY KEY, delivery INTEGER NOT NULL REFERENCES deliveries "
    "(no) ON DELETE CASCADE, time_ms INTEGER NOT NULL, status INTEGER NOT NULL, took_ms INTEGER "
    "NOT NULL, error TEXT NOT NULL) STRICT;"
    "CREATE INDEX tries_of_delivery ON tries (delivery, no);"
    "CREATE TABLE receivers (webhook INTEGER PRIMARY KEY, pending INTEGER NOT NULL, given_up "
    "INTEGER NOT NULL, failing_since_ms INTEGER NOT NULL, owner TEXT NOT NULL DEFAULT '', url TEXT "
    "NOT NULL DEFAULT '') STRICT;"
    "CREATE TABLE days (one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL) STRICT;"
    "CREATE TABLE digests (one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL, "
    "until INTEGER NOT NULL) STRICT;"
    "PRAGMA user_version = 2;"
    "COMMIT;";

/* Nothing is late for digests of which it was not noted what there was when they were put. */
static const char from_1_to_2[] =
    "BEGIN IMMEDIATE;"
    "ALTER TABLE digests ADD COLUMN until INTEGER NOT NULL DEFAULT 4294967295;"
    "CREATE INDEX IF NOT EXISTS deliveries_age ON deliveries ((webhook = " OUTBOX_LETTERS_TEXT
    "), created_ms) WHERE state = 0;"
    "PRAGMA user_version = 2;"
    "COMMIT;";

/* ---- statements ---- */

/* The statements are right: one that cannot be prepared misses a table that should be there. */
static enum kw_err prepare(struct outbox *o, enum outbox_sql which)
{
    int rc = sqlite3_prepare_v3(o->db.conn, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
                                &o->prepared[which], NULL);

    return (rc & 0xff) == SQLITE_ERROR ? KW_EDAMAGED : db_err(o->db.conn, rc);
}

enum kw_err outbox_ask(struct outbox *o, enum outbox_sql which, sqlite3_stmt **out)
{
    if (o->prepared[which] == NULL)
        TRY(prepare(o, which));
    *out = o->prepared[which];
    return KW_OK;
}

enum kw_err outbox_run(struct outbox *o, enum outbox_sql which, int64_t one, int64_t two)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, which, &st));
    const int64_t given[] = {one, two};
    for (int i = 0; i < sqlite3_bind_parameter_count(st) && i < (int)COUNT_OF(given); i++)
        sqlite3_bind_int64(st, i + 1, given[i]);
    return db_run_out(st);
}

/* What ends it is prepared before, so that a lack of memory cannot leave it open. */
enum kw_err outbox_begin(struct outbox *o)
{
    sqlite3_stmt *st;

    if (o->is_changing)
        return KW_EINVAL;
    TRY(outbox_ask(o, OUTBOX_COMMIT, &st));
    TRY(outbox_ask(o, OUTBOX_ROLLBACK, &st));
    TRY(outbox_run(o, OUTBOX_BEGIN, 0, 0));
    o->is_changing = true;
    return KW_OK;
}

enum kw_err outbox_commit(struct outbox *o)
{
    enum kw_err err = o->is_changing ? outbox_run(o, OUTBOX_COMMIT, 0, 0) : KW_EINVAL;

    if (err != KW_OK)
        outbox_rollback(o);
    o->is_changing = false;
    return err;
}

void outbox_rollback(struct outbox *o)
{
    if (o->is_changing && !sqlite3_get_autocommit(o->db.conn))
        ignore(outbox_run(o, OUTBOX_ROLLBACK, 0, 0)); /* closing does it else */
    o->is_changing = false;
}

enum kw_err outbox_whole(struct outbox *o, outbox_work *work, void *ctx)
{
    if (o->is_changing)
        return work(o, ctx);
    TRY(outbox_begin(o));
    enum kw_err err = work(o, ctx);
    if (err == KW_OK)
        return outbox_commit(o);
    outbox_rollback(o);
    return err;
}

/* ---- opened and closed ---- */

void outbox_close(struct outbox *o)
{
    if (o == NULL)
        return;
    for (size_t i = 0; i < N_OUTBOX_SQL; i++)
        sqlite3_finalize(o->prepared[i]);
    db_close(&o->db);
    free(o);
}

void outbox_closep(struct outbox **o)
{
    outbox_close(*o);
}

static enum kw_err version_of(struct outbox *o, int *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_VERSION, &st));
    TRY(db_row(st));
    *out = sqlite3_column_int(st, 0);
    return KW_OK;
}

static enum kw_err make_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0)
        return file_err(errno);
    close(fd);
    return KW_OK;
}

static enum kw_err prepare_file(struct outbox *o)
{
    int version;

    TRY(db_use_wal(&o->db));
    TRY(db_script(&o->db, "PRAGMA synchronous = NORMAL"));
    TRY(version_of(o, &version));
    if (version == 0)
        return db_script(&o->db, schema);
    if (version == 1)
        return db_script(&o->db, from_1_to_2);
    return version == VERSION ? KW_OK : KW_EFORMAT;
}

enum kw_err outbox_open(const char *path, struct outbox **out)
{
    AUTO(outbox_closep) struct outbox *o = calloc(1, sizeof *o);
    char why[WHY_MAX];

    if (o == NULL)
        return KW_ENOMEM;
    TRY(make_file(path));
    TRY(db_open(path, &o->db, why));
    TRY(prepare_file(o));
    *out = STEAL(o);
    return KW_OK;
}

/* The log of what is moved away must not be taken for that of the file to come. */
enum kw_err outbox_move_aside(const char *path)
{
    static const char *const beside[] = {"-wal", "-shm"};
    char other[PATH_LEN];

    for (size_t i = 0; i < COUNT_OF(beside); i++) {
        snprintf(other, sizeof other, "%s%s", path, beside[i]);
        if (unlink(other) != 0 && errno != ENOENT)
            return file_err(errno);
    }
    snprintf(other, sizeof other, "%s.damaged", path);
    return rename(path, other) == 0 || errno == ENOENT ? KW_OK : file_err(errno);
}

/* ---- fed ---- */

enum kw_err outbox_place(struct outbox *o, struct outbox_place *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_PLACE, &st));
    TRY(db_row(st));
    struct taker from = {.st = st};
    struct outbox_place place = {.n = (uint64_t)take_int(&from)};
    place.mark = (uint64_t)take_int(&from);
    TRY(take_done(&from));
    *out = place;
    return KW_OK;
}

enum kw_err outbox_save_place(struct outbox *o, const struct outbox_place *place)
{
    return outbox_run(o, OUTBOX_PLACE_SAVE, (int64_t)place->n, (int64_t)place->mark);
}

static int32_t take_day(struct taker *from)
{
    int64_t n = take_int(from);

    from->bad = from->bad || n < INT32_MIN || n > INT32_MAX;
    return from->bad ? 0 : (int32_t)n;
}

enum kw_err outbox_day(struct outbox *o, int32_t *day)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_DAY, &st));
    TRY(db_row(st));
    struct taker from = {.st = st};
    int32_t found = take_day(&from);
    TRY(take_done(&from));
    *day = found;
    return KW_OK;
}

enum kw_err outbox_digest(struct outbox *o, struct outbox_digest *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_DIGEST, &st));
    TRY(db_row(st));
    struct taker from = {.st = st};
    struct outbox_digest d = {.day = take_day(&from)};
    d.until = take_u32(&from);
    TRY(take_done(&from));
    *out = d;
    return KW_OK;
}

enum kw_err outbox_save_digest(struct outbox *o, const struct outbox_digest *d)
{
    return outbox_run(o, OUTBOX_DIGEST_SAVE, d->day, d->until);
}

enum kw_err outbox_save_day(struct outbox *o, int32_t day)
{
    return outbox_run(o, OUTBOX_DAY_SAVE, day, 0);
}

static enum kw_err add_event(struct outbox *o, const struct outbox_event *e)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_EVENT_ADD, &st));
    struct giver to = {.st = st};
    give_text(&to, e->id);
    give_text(&to, e->type);
    give_text(&to, e->account);
    give_int(&to, e->created_ms);
    give_text(&to, e->body);
    TRY(give_done(&to));
    return db_run_out(st);
}

/* *n: 1, or 0 where it was there. */
static enum kw_err add_delivery(struct outbox *o, struct str event, uint32_t webhook,
                                int64_t now_ms, uint32_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_DELIVERY_ADD, &st));
    struct giver to = {.st = st};
    give_text(&to, event);
    give_int(&to, webhook);
    give_int(&to, now_ms);
    TRY(give_done(&to));
    return db_change_some(st, 1, n);
}

static enum kw_err oldest_of(struct outbox *o, uint32_t webhook, uint64_t *no)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_OLDEST, &st));
    sqlite3_bind_int64(st, 1, webhook);
    TRY(db_row(st));
    *no = (uint64_t)sqlite3_column_int64(st, 0);
    return *no == 0 ? KW_EDAMAGED : KW_OK;
}

static enum kw_err give_up_oldest(struct outbox *o, uint32_t webhook)
{
    uint64_t oldest = 0;

    TRY(oldest_of(o, webhook, &oldest));
    TRY(outbox_set(o, oldest, OUTBOX_FAILED, 0, -1, &webhook));
    return outbox_run(o, OUTBOX_OVERFLOW, webhook, 1);
}

/* A receiver that is dead for days fills its own room, and no more. */
static enum kw_err make_room(struct outbox *o, uint32_t webhook)
{
    struct outbox_health h;

    TRY(outbox_health(o, webhook, &h));
    for (; h.pending > OUTBOX_PENDING_MAX; h.pending--)
        TRY(give_up_oldest(o, webhook));
    return KW_OK;
}

enum kw_err outbox_put(struct outbox *o, const struct outbox_event *e, uint32_t webhook,
                       int64_t now_ms)
{
    uint32_t n = 0;

    if (!o->is_changing || e->id.n > OUTBOX_ID_MAX || e->type.n > OUTBOX_TYPE_MAX ||
        e->account.n > OUTBOX_ACCOUNT_MAX || e->body.n > OUTBOX_BODY_MAX)
        return KW_EINVAL;
    TRY(add_event(o, e));
    TRY(add_delivery(o, e->id, webhook, now_ms, &n));
    if (n == 0)
        return KW_OK;
    TRY(outbox_run(o, OUTBOX_PENDING_ADD, webhook, 1));
    TRY(make_room(o, webhook));
    return outbox_trim(o, webhook, now_ms);
}

static enum kw_err fail_excess(struct outbox *o, uint32_t webhook, struct str account, uint32_t max,
                               uint32_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_FAIL_EXCESS, &st));
    struct giver to = {.st = st};
    give_int(&to, webhook);
    give_text(&to, account);
    give_int(&to, max);
    TRY(give_done(&to));
    return db_change_some(st, OUTBOX_PENDING_MAX + 1, n);
}

enum kw_err outbox_limit(struct outbox *o, uint32_t webhook, struct str account, uint32_t max,
                         uint32_t *n_given_up)
{
    uint32_t n = 0;

    if (!o->is_changing)
        return KW_EINVAL;
    TRY(fail_excess(o, webhook, account, max, &n));
    if (n > 0) {
        TRY(outbox_run(o, OUTBOX_PENDING_ADD, webhook, -(int64_t)n));
        TRY(outbox_run(o, OUTBOX_OVERFLOW, webhook, n));
    }
    *n_given_up = n;
    return KW_OK;
}
