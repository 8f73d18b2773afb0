/* db.h - one connection to SQLite: in its safest settings, its statements prepared once. */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/macro.h"
#include "store/sql.h"
#include "store/why.h"

/* Not thread-safe. Zeroed memory is a closed one. */
struct db {
    sqlite3 *conn;                 /* owns */
    sqlite3_stmt *prepared[N_SQL]; /* owns; each is prepared when it is first asked for */
};

/* A result code, extended, as one of ours. */
enum kw_err db_err(sqlite3 *conn, int rc);

/* Opens a file that exists (or ":memory:") and never makes one. Triggers and views are off, the
 * schema is not trusted, foreign keys are on, a commit has reached the disk when it returns. */
enum kw_err db_open(const char *path, struct db *out, char why[WHY_MAX]) MUST_USE;
void db_close(struct db *db);
void db_closep(struct db *db); /* for AUTO */

/* From here on the file has a write-ahead log; this lasts. */
enum kw_err db_use_wal(struct db *db) MUST_USE;

/* Writes all of the log into the file and empties it. KW_EBUSY: somebody is reading, after 2 s still. */
enum kw_err db_empty_wal(struct db *db) MUST_USE;

/* Closing will not write the log into the file, as it usually does. */
void db_leave_wal(struct db *db);

/* A statement, ready for binding. AUTO(db_donep) resets it and lets go of what was bound. */
enum kw_err db_ask(struct db *db, enum sql which, sqlite3_stmt **out) MUST_USE;
void db_donep(sqlite3_stmt **st);

/* Goes on to the next row. KW_ENOTFOUND: there is none. */
enum kw_err db_row(sqlite3_stmt *st) MUST_USE;

/* The same for all of them: while (db_next(st, &err)) …; *err is KW_OK behind the last one, or what kept it from going on. */
bool db_next(sqlite3_stmt *st, enum kw_err *err);

/* Runs a statement that has to change exactly one row. KW_EDAMAGED: it changed none, or more. */
enum kw_err db_change_one(sqlite3_stmt *st) MUST_USE;

/* Runs a statement that answers with no rows, however many it changes. */
enum kw_err db_run_out(sqlite3_stmt *st) MUST_USE;

/* Runs a statement that may change so many rows at most; *n is how many it changed. KW_EDAMAGED: more. */
enum kw_err db_change_some(sqlite3_stmt *st, uint32_t limit, uint32_t *n) MUST_USE;

/* Runs a statement that neither takes nor gives anything: COMMIT, ROLLBACK. */
enum kw_err db_run(struct db *db, enum sql which) MUST_USE;

/* Begins a transaction, with SQL_BEGIN or SQL_BEGIN_READING. What ends it is prepared before, so that a lack of memory
 * cannot leave it open. */
enum kw_err db_begin(struct db *db, enum sql which) MUST_USE;

/* The first column of the first row; 0 when it is NULL. */
enum kw_err db_number(struct db *db, enum sql which, sqlite3_int64 *out) MUST_USE;

/* All of one database into another, which is empty: one moment of it, however much is written to it meanwhile. KW_EBUSY:
 * its users leave no such moment for 2 s. */
enum kw_err db_copy(struct db *from, struct db *to) MUST_USE;

/* Runs several statements of constant text: a migration. */
enum kw_err db_script(struct db *db, const char *text) MUST_USE;

#endif
