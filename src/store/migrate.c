/* migrate.c - see migrate.h. The steps are the files in migrations/, compiled in. */
#include "store/migrate.h"

static const char step_1[] = {
#include "store/migrations/0001.sql.inc"
    , 0};
static const char step_2[] = {
#include "store/migrations/0002.sql.inc"
    , 0};
static const char step_3[] = {
#include "store/migrations/0003.sql.inc"
    , 0};

static const char step_4[] = {
#include "store/migrations/0004.sql.inc"
    , 0};
static const char step_5[] = {
#include "store/migrations/0005.sql.inc"
    , 0};
static const char step_6[] = {
#include "store/migrations/0006.sql.inc"
    , 0};

static const char step_7[] = {
#include "store/migrations/0007.sql.inc"
    , 0};

static const char step_8[] = {
#include "store/migrations/0008.sql.inc"
    , 0};

static const char step_9[] = {
#include "store/migrations/0009.sql.inc"
    , 0};

static const char *const steps[] = {step_1, step_2, step_3, step_4, step_5,
                                    step_6, step_7, step_8, step_9};

/* A step that was not finished leaves nothing: SQLite undoes it when the database is next opened.
 */
static enum kw_err run_step(struct db *db, const char *text)
{
    TRY(db_begin(db, SQL_BEGIN));
    enum kw_err err = db_script(db, text);
    if (err == KW_OK)
        err = db_run(db, SQL_COMMIT);
    if (err != KW_OK)
        ignore(db_run(db, SQL_ROLLBACK)); /* what matters is why the step failed */
    return err;
}

enum kw_err migrate(struct db *db, char why[WHY_MAX])
{
    const sqlite3_int64 newest = COUNT_OF(steps);
    sqlite3_int64 at;

    enum kw_err err = db_number(db, SQL_USER_VERSION, &at);
    if (err != KW_OK)
        return because(why, err, "the database cannot be read: %s", sqlite3_errmsg(db->conn));
    if (at < 0 || at > newest)
        return because(
            why, KW_EFORMAT,
            "the database has schema %lld, this Keyward knows %lld: run the newer Keyward that "
            "wrote it, or put back a backup from before the upgrade",
            (long long)at, (long long)newest);
    for (; at < newest; at++) {
        err = run_step(db, steps[at]);
        if (err != KW_OK)
            return because(why, err, "the schema cannot be brought to version %lld: %s",
                           (long long)at + 1, sqlite3_errmsg(db->conn));
    }
    return KW_OK;
}
