/* db.c - see db.h. */
#include "store/db.h"

#include <string.h>

#include "base/file.h"

enum { BUSY_TIMEOUT_MS = 2000 };

static const char settings[] = "PRAGMA synchronous = FULL;"
                               "PRAGMA foreign_keys = ON;"
                               "PRAGMA trusted_schema = OFF;"
                               "PRAGMA cell_size_check = ON;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA cache_size = -32000;"; /* KiB */

static const struct switch_setting {
    int which, on;
} switches[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
};

static enum kw_err constraint_err(int extended)
{
    return extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
                   extended == SQLITE_CONSTRAINT_ROWID
               ? KW_EEXISTS
               : KW_EINVAL;
}

enum kw_err db_err(sqlite3 *conn, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return KW_OK;
    case SQLITE_CONSTRAINT:
        return constraint_err(rc);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return KW_EBUSY;
    case SQLITE_NOMEM:
        return KW_ENOMEM;
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return KW_EPERM;
    case SQLITE_FULL:
        return KW_EFULL;
    case SQLITE_CORRUPT:
        return KW_EDAMAGED;
    case SQLITE_NOTADB:
        return KW_EFORMAT;
    case SQLITE_CANTOPEN:
        return file_err(sqlite3_system_errno(conn));
    case SQLITE_IOERR:
        return rc == SQLITE_IOERR_NOMEM ? KW_ENOMEM : KW_EIO;
    default: /* SQLite's codes are an open set */
        return KW_EIO;
    }
}

static enum kw_err set_switches(sqlite3 *conn)
{
    for (size_t i = 0; i < COUNT_OF(switches); i++)
        TRY(db_err(conn, sqlite3_db_config(conn, switches[i].which, switches[i].on, (int *)NULL)));
    return KW_OK;
}

static enum kw_err open_connection(const char *path, sqlite3 **conn)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int rc = sqlite3_open_v2(path, conn, flags, NULL);

    if (*conn == NULL)
        return KW_ENOMEM;
    TRY(db_err(*conn, rc));
    TRY(set_switches(*conn));
    TRY(db_err(*conn, sqlite3_busy_timeout(*conn, BUSY_TIMEOUT_MS)));
    return db_err(*conn, sqlite3_exec(*conn, settings, NULL, NULL, NULL));
}

enum kw_err db_open(const char *path, struct db *out, char why[WHY_MAX])
{
    AUTO(db_closep) struct db db = {0};

    enum kw_err err = open_connection(path, &db.conn);
    if (err == KW_EDAMAGED || err == KW_EFORMAT)
        return because(why, err, "%s is damaged: " WHY_PUT_BACK, path);
    if (err != KW_OK)
        return because(why, err, "%s cannot be opened: %s", path,
                       db.conn == NULL ? kw_strerror(err) : sqlite3_errmsg(db.conn));
    *out = db;
    db.conn = NULL;
    return KW_OK;
}

void db_close(struct db *db)
{
    for (size_t i = 0; i < N_SQL; i++)
        sqlite3_finalize(db->prepared[i]);
    sqlite3_close(db->conn);
    *db = (struct db){0};
}

void db_closep(struct db *db)
{
    db_close(db);
}

enum kw_err db_ask(struct db *db, enum sql which, sqlite3_stmt **out)
{
    sqlite3_stmt **st = &db->prepared[which];

    if (db->conn == NULL)
        return KW_EIO; /* it could not be opened anew */
    if (*st == NULL)
        TRY(db_err(db->conn, sqlite3_prepare_v3(db->conn, sql_text(which), -1,
                                                SQLITE_PREPARE_PERSISTENT, st, NULL)));
    *out = *st;
    return KW_OK;
}

void db_donep(sqlite3_stmt **st)
{
    if (*st == NULL)
        return;
    sqlite3_reset(*st);
    sqlite3_clear_bindings(*st);
}

enum kw_err db_row(sqlite3_stmt *st)
{
    int rc = sqlite3_step(st);

    if (rc == SQLITE_DONE)
        return KW_ENOTFOUND;
    return db_err(sqlite3_db_handle(st), rc);
}

bool db_next(sqlite3_stmt *st, enum kw_err *err)
{
    enum kw_err row = db_row(st);

    *err = row == KW_ENOTFOUND ? KW_OK : row;
    return row == KW_OK;
}

static enum kw_err change(sqlite3_stmt *st, int64_t *n)
{
    enum kw_err err = db_row(st);

    if (err == KW_OK)
        return KW_EDAMAGED; /* a change that answers with rows is not one of ours */
    if (err != KW_ENOTFOUND)
        return err;
    *n = sqlite3_changes64(sqlite3_db_handle(st));
    return KW_OK;
}

enum kw_err db_change_one(sqlite3_stmt *st)
{
    int64_t n;

    TRY(change(st, &n));
    return n == 1 ? KW_OK : KW_EDAMAGED;
}

enum kw_err db_change_some(sqlite3_stmt *st, uint32_t limit, uint32_t *n)
{
    int64_t changed;

    TRY(change(st, &changed));
    if (changed > limit)
        return KW_EDAMAGED;
    *n = (uint32_t)changed;
    return KW_OK;
}

enum kw_err db_run_out(sqlite3_stmt *st)
{
    enum kw_err err = db_row(st);

    return err == KW_ENOTFOUND ? KW_OK : err;
}

enum kw_err db_run(struct db *db, enum sql which)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(db, which, &st));
    return db_run_out(st);
}

enum kw_err db_begin(struct db *db, enum sql which)
{
    sqlite3_stmt *st;

    TRY(db_ask(db, SQL_ROLLBACK, &st));
    return db_run(db, which);
}

enum kw_err db_number(struct db *db, enum sql which, sqlite3_int64 *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(db, which, &st));
    TRY(db_row(st));
    *out = sqlite3_column_int64(st, 0);
    return KW_OK;
}

enum kw_err db_use_wal(struct db *db)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(db, SQL_JOURNAL_MODE, &st));
    TRY(db_row(st));
    const char *mode = (const char *)sqlite3_column_text(st, 0);
    return mode != NULL && strcmp(mode, "wal") == 0 ? KW_OK : KW_EIO;
}

/* A row of three numbers: whether somebody was in the way, and how much was done. */
enum kw_err db_empty_wal(struct db *db)
{
    sqlite3_int64 was_busy;

    TRY(db_number(db, SQL_EMPTY_WAL, &was_busy));
    return was_busy == 0 ? KW_OK : KW_EBUSY;
}

void db_leave_wal(struct db *db)
{
    if (db->conn != NULL)
        sqlite3_db_config(db->conn, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
}

/* In one step, so that writers in between do not make it begin again. */
static int copy_step(sqlite3_backup *b)
{
    int rc = sqlite3_backup_step(b, -1);

    for (int waited_ms = 0; waited_ms < BUSY_TIMEOUT_MS && (rc & 0xff) == SQLITE_BUSY;
         waited_ms += 10) {
        sqlite3_sleep(10);
        rc = sqlite3_backup_step(b, -1);
    }
    return rc;
}

enum kw_err db_copy(struct db *from, struct db *to)
{
    sqlite3_backup *b = sqlite3_backup_init(to->conn, "main", from->conn, "main");

    if (b == NULL)
        return db_err(to->conn, sqlite3_extended_errcode(to->conn));
    int rc = copy_step(b);
    int ended = sqlite3_backup_finish(b);
    return rc == SQLITE_DONE ? db_err(to->conn, ended) : db_err(to->conn, rc);
}

enum kw_err db_script(struct db *db, const char *text)
{
    return db_err(db->conn, sqlite3_exec(db->conn, text, NULL, NULL, NULL));
}
