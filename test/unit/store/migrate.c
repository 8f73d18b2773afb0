/* migrate.c - an older schema is brought up to date, however often that is interrupted. */
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/room.h"
#include "suite.h"

/* What 0009 did, undone. */
static const char back_to_8[] = "DROP TABLE documents";

/* What 0008 did, undone. */
static const char back_to_7[] =
    "DROP TABLE spend_rules; DROP TABLE reservations; DROP TABLE spend_used; DROP TABLE spend_log";

/* What 0007 did, undone. */
static const char back_to_6[] = "DROP TABLE token_families";

/* What 0006 did, undone. */
static const char back_to_5[] = "ALTER TABLE accounts DROP COLUMN limit_defaults";

/* What 0005 did, undone. */
static const char back_to_4[] =
    "DROP INDEX keys_frozen; DROP INDEX accounts_frozen; ALTER TABLE keys DROP COLUMN freeze_note;"
    "ALTER TABLE accounts DROP COLUMN freeze_note; ALTER TABLE environments DROP COLUMN "
    "freeze_note";

/* What 0004 did, undone. */
static const char back_to_3[] =
    "DROP TABLE environments; ALTER TABLE keys DROP COLUMN old_since_ms;"
    "ALTER TABLE keys DROP COLUMN frozen; ALTER TABLE accounts DROP COLUMN frozen";

/* What 0003 did, undone. */
static const char back_to_2[] =
    "DROP TABLE management_tokens; DROP TABLE members; DROP TABLE replies; DROP TABLE last_use;"
    "CREATE TABLE was (n INTEGER PRIMARY KEY, "
    "kind TEXT NOT NULL CHECK (kind IN ('key', 'account', 'policy')), object INTEGER NOT NULL, "
    "version INTEGER NOT NULL, image BLOB NOT NULL, seal BLOB NOT NULL CHECK (length(seal) = 32), "
    "actor TEXT NOT NULL, time_ms INTEGER NOT NULL, mac BLOB NOT NULL CHECK (length(mac) = 32)) "
    "STRICT;"
    "INSERT INTO was SELECT * FROM change_log; DROP TABLE change_log;"
    "ALTER TABLE was RENAME TO change_log;"
    "CREATE UNIQUE INDEX change_log_by_object ON change_log (kind, object, version);"
    "PRAGMA user_version = 2";

/* A store as the first schema had it, with a key in it, and so two entries in its log. */
static void make_old(struct room *r)
{
    room_make(r);
    struct store *s = room_open(r);
    room_key(s, "1Q2mK4T9xJ1aBd");
    store_close(s);
    room_sql(r, back_to_8, 0);
    room_sql(r, back_to_7, 0);
    room_sql(r, back_to_6, 0);
    room_sql(r, back_to_5, 0);
    room_sql(r, back_to_4, 0);
    room_sql(r, back_to_3, 0);
    room_sql(r, back_to_2, 2);
    room_sql(r, "DROP TABLE quota_used; PRAGMA user_version = 1", 0);
}

static void assert_up_to_date(struct room *r)
{
    const struct quota_used q = {1, 2, 3};
    struct buf got = BUF_MAX(1000);

    struct store *s = room_open(r);
    assert_ok(store_save_quotas(s, &q, 1));
    room_member(s, "1Q2mK4T9xJ1aMe");
    assert_ok(room_load(s, &got, r->why));
    assert_true(got.n > 0);
    store_close(s);
    buf_deinit(&got);
}

static void X20_an_older_schema_is_brought_up_to_date(void **state)
{
    struct room r;

    (void)state;
    make_old(&r);
    assert_up_to_date(&r);
    room_clear(&r);
}

static int steps_left;

static int count_down(void *ctx)
{
    (void)ctx;
    if (--steps_left <= 0)
        _exit(9);
    return 0;
}

static int watch(sqlite3 *conn, const char **error, const struct sqlite3_api_routines *api)
{
    (void)error;
    (void)api;
    sqlite3_progress_handler(conn, 1, count_down, NULL);
    return SQLITE_OK;
}

/* Opens in a process that is killed after so many steps of SQLite; true when it was not. */
static bool open_killed_after(struct room *r, int steps)
{
    struct store *s;
    int status;

    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        steps_left = steps;
        sqlite3_auto_extension((void (*)(void))watch);
        _exit(store_open(&r->paths, &s, r->why) == KW_OK ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 1);
    return WEXITSTATUS(status) == 0;
}

/* Killed again and again on one and the same store, a little later each time. */
static void X20_a_migration_killed_anywhere_goes_on(void **state)
{
    struct room r;
    int steps = 1;

    (void)state;
    make_old(&r);
    while (!open_killed_after(&r, steps))
        steps += 31;
    assert_true(steps > 31);
    assert_up_to_date(&r);
    room_clear(&r);
}

/* Killed once, on a store that is as old as before each time. */
static void X20_a_migration_killed_once_is_undone_or_done(void **state)
{
    struct room r;

    (void)state;
    for (int steps = 1; steps < 600; steps += 11) {
        make_old(&r);
        open_killed_after(&r, steps);
        assert_up_to_date(&r);
        room_clear(&r);
    }
}

int main(void)
{
    SUITE_TEST(X20_an_older_schema_is_brought_up_to_date);
    SUITE_TEST(X20_a_migration_killed_anywhere_goes_on);
    SUITE_TEST(X20_a_migration_killed_once_is_undone_or_done);
    return suite_run("store/migrate");
}
