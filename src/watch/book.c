/* book.c - see book.h. */
#include "watch/book.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

enum { FIRST_VERSION = 4, VERSION = 5, PATH_LEN = 1024 };

static const char *const texts[N_BOOK_SQL] = {
#define X(symbol, text) [symbol] = text,
    BOOK_STATEMENTS(X)
#undef X
};

/* Of the version that is the first to be kept. */
static const char schema[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), day INTEGER NOT NULL, at INTEGER "
    "NOT NULL, "
    "batch INTEGER NOT NULL, time_us INTEGER NOT NULL, hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE subjects (no INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, "
    "account INTEGER NOT NULL, UNIQUE (kind, id)) STRICT;"
    "CREATE TABLE counts (step INTEGER NOT NULL, time INTEGER NOT NULL, subject INTEGER NOT NULL, "
    "environment INTEGER NOT NULL, class INTEGER NOT NULL, reason INTEGER NOT NULL, n INTEGER NOT "
    "NULL, "
    "PRIMARY KEY (step, time, subject, environment, class, reason)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE sources (day INTEGER NOT NULL, subject INTEGER NOT NULL, environment INTEGER NOT "
    "NULL, "
    "source TEXT NOT NULL, allowed INTEGER NOT NULL, denied INTEGER NOT NULL, last_ms INTEGER NOT "
    "NULL, "
    "PRIMARY KEY (day, subject, environment, source)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE stragglers (subject INTEGER NOT NULL, generation INTEGER NOT NULL, source TEXT "
    "NOT NULL, "
    "agent TEXT NOT NULL, allowed INTEGER NOT NULL, denied INTEGER NOT NULL, first_ms INTEGER NOT "
    "NULL, "
    "last_ms INTEGER NOT NULL, PRIMARY KEY (subject, generation, source, agent)) STRICT, WITHOUT "
    "ROWID;"
    "CREATE INDEX stragglers_by_time ON stragglers (last_ms);"
    "CREATE TABLE warned (subject INTEGER NOT NULL, generation INTEGER NOT NULL, what TEXT NOT "
    "NULL, "
    "is_told INTEGER NOT NULL, PRIMARY KEY (subject, generation, what)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX warned_owed ON warned (subject) WHERE is_told = 0;"
    "CREATE TABLE states (tab INTEGER NOT NULL, no INTEGER NOT NULL, image BLOB NOT NULL, PRIMARY "
    "KEY (tab, no)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE findings (no INTEGER PRIMARY KEY AUTOINCREMENT, began_us INTEGER NOT NULL, "
    "detector INTEGER NOT NULL, subject TEXT NOT NULL, found_us INTEGER NOT NULL, bytes BLOB NOT "
    "NULL, UNIQUE (detector, subject, began_us)) STRICT;"
    "CREATE TABLE made (one INTEGER PRIMARY KEY CHECK (one = 1), id INTEGER NOT NULL) STRICT;"
    "INSERT INTO made (one, id) VALUES (1, random() | 1);"
    "PRAGMA user_version = 4;"
    "COMMIT;";

#define DAILY_TABLE(table, name, most)                                                             \
    "CREATE TABLE " table " (day INTEGER NOT NULL, subject INTEGER NOT NULL, environment INTEGER " \
    "NOT NULL, " name " TEXT NOT NULL, allowed INTEGER NOT NULL, denied INTEGER NOT NULL, " most   \
    " INTEGER NOT NULL, PRIMARY KEY (day, subject, environment, " name ")) STRICT, WITHOUT ROWID;"

/* What the version after has besides: it is counted from here on. The record may be shorter than what was counted from it, so
 * nothing is counted anew, and what the detectors have learnt stays. */
static const char since_first[] =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE route_texts (no INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) "
    "STRICT;" DAILY_TABLE("routes", "route", "last_ms")
        DAILY_TABLE("countries", "country", "last_ms")
            DAILY_TABLE("latencies", "bucket", "most_ns") "PRAGMA user_version = 5;"
                                                          "COMMIT;";

/* ---- statements ---- */

/* The statements are right: one that cannot be prepared misses a table that should be there. */
static enum kw_err prepare(struct book *b, enum book_sql which)
{
    int rc = sqlite3_prepare_v3(b->db.conn, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
                                &b->prepared[which], NULL);

    return (rc & 0xff) == SQLITE_ERROR ? KW_EDAMAGED : db_err(b->db.conn, rc);
}

enum kw_err book_ask(struct book *b, enum book_sql which, sqlite3_stmt **out)
{
    if (b->prepared[which] == NULL)
        TRY(prepare(b, which));
    *out = b->prepared[which];
    return KW_OK;
}

enum kw_err book_do(sqlite3_stmt *st)
{
    enum kw_err err = db_row(st);

    return err == KW_ENOTFOUND ? KW_OK : err;
}

enum kw_err book_run(struct book *b, enum book_sql which)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, which, &st));
    return book_do(st);
}

/* ---- opened and closed ---- */

void book_close(struct book *b)
{
    for (size_t i = 0; i < N_BOOK_SQL; i++)
        sqlite3_finalize(b->prepared[i]);
    db_close(&b->db);
    *b = (struct book){0};
}

void book_closep(struct book *b)
{
    book_close(b);
}

static enum kw_err version_of(struct book *b, int *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_VERSION, &st));
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

static enum kw_err prepare_file(struct book *b)
{
    int version;

    TRY(db_use_wal(&b->db));
    TRY(db_script(&b->db, "PRAGMA synchronous = NORMAL"));
    TRY(version_of(b, &version));
    if (version == 0)
        TRY(db_script(&b->db, schema));
    if (version == 0 || version == FIRST_VERSION)
        return db_script(&b->db, since_first);
    return version == VERSION ? KW_OK : KW_EFORMAT;
}

enum kw_err book_open(const char *path, struct book *out)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};
    char why[WHY_MAX];

    TRY(make_file(path));
    TRY(db_open(path, &b.db, why));
    TRY(prepare_file(&b));
    *out = b;
    b = (struct book){.prepared = {NULL}};
    return KW_OK;
}

enum kw_err book_open_reading(const char *path, struct book *out)
{
    AUTO(book_closep) struct book b = {.prepared = {NULL}};
    char why[WHY_MAX];
    int version;

    TRY(db_open(path, &b.db, why));
    TRY(version_of(&b, &version));
    if (version != VERSION)
        return version < VERSION ? KW_ENOTFOUND : KW_EFORMAT;
    *out = b;
    b = (struct book){.prepared = {NULL}};
    return KW_OK;
}

/* The log of what is moved away must not be taken for that of the file to come. */
enum kw_err book_move_aside(const char *path)
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
