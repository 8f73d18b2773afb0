/* change.c - what is acknowledged is in force and saved, and what cannot be saved never opens a door. */
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"
#include "sync/house.h"

static const char *stored_state(struct house *h, const char *id)
{
    struct grant g;

    assert_ok(store_key(sync_lock(h->sync), str_from(id), NULL, &g));
    sync_unlock(h->sync);
    return lifecycle_name(g.state, false);
}

static void a_created_key_works_when_the_call_returns(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    for (unsigned i = 0; i < 50; i++) {
        house_key(&h, i, text);
        assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    }
    house_clear(&h);
}

static void a_revoked_key_is_refused_when_the_call_returns(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    for (unsigned i = 0; i < 50; i++) {
        struct grant g = house_key(&h, i, text);
        g.state = KEY_REVOKED;
        assert_ok(house_change(&h, &g));
        assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
        assert_string_equal(stored_state(&h, g.id), "revoked");
    }
    house_clear(&h);
}

static void a_change_of_an_older_version_changes_nothing(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text), old = g;
    g.permissions = KW_FULL_ACCESS | KW_READ_ONLY;
    assert_ok(house_change(&h, &g));
    old.state = KEY_REVOKED;
    assert_err(house_change(&h, &old), KW_ECONFLICT);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

/* Whoever holds the database keeps every change from being saved. */
static sqlite3 *lock_database(struct house *h)
{
    sqlite3 *conn;

    assert_int_equal(sqlite3_open(h->room.database, &conn), SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return conn;
}

static void X3_revoking_takes_effect_though_it_cannot_be_saved(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text), revoked = g;
    revoked.state = KEY_REVOKED;
    sqlite3 *conn = lock_database(&h);
    enum kw_err err = house_change(&h, &revoked);
    sqlite3_close(conn);
    assert_err(err, KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    assert_string_equal(stored_state(&h, g.id), "active");
    revoked = g;
    revoked.state = KEY_REVOKED;
    assert_ok(house_change(&h, &revoked)); /* tried again */
    assert_string_equal(stored_state(&h, g.id), "revoked");
    house_clear(&h);
}

static void X3_what_cannot_be_saved_opens_nothing(void **state)
{
    char text[KEY_MAX], other[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text), fresh;
    g.state = KEY_DISABLED;
    assert_ok(house_change(&h, &g));
    g.state = KEY_ACTIVE;
    house_disk_full(true);
    enum kw_err enabled = house_change(&h, &g);
    enum kw_err created = house_create(&h, 2, other, &fresh);
    house_disk_full(false);
    assert_true(enabled != KW_OK && enabled != KW_EUNSAVED);
    assert_true(created != KW_OK && created != KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_DISABLED);
    assert_int_equal(house_ask(&h, other), KW_WHY_UNKNOWN_KEY);
    house_clear(&h);
}

static void revoke_on_a_full_disk(struct house *h, struct grant g)
{
    g.state = KEY_REVOKED;
    house_disk_full(true);
    enum kw_err err = house_change(h, &g);
    house_disk_full(false);
    assert_err(err, KW_EUNSAVED);
}

/* Two keys that could not be saved as revoked, and then the keyring is lost. */
static void X3_an_unsaved_revocation_outlives_a_new_keyring(void **state)
{
    char text[2][KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant first = house_key(&h, 1, text[0]), second = house_key(&h, 2, text[1]);
    revoke_on_a_full_disk(&h, first);
    revoke_on_a_full_disk(&h, second);
    assert_int_equal(unlink(house_file(&h, "keyring")), 0);
    sync_tick(h.sync);
    assert_int_equal(house_ask(&h, text[0]), KW_WHY_KEY_REVOKED);
    assert_int_equal(house_ask(&h, text[1]), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

static void X3_another_change_does_not_undo_an_unsaved_revocation(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    revoke_on_a_full_disk(&h, g);
    snprintf(g.name, sizeof g.name, "Renamed");
    assert_err(house_change(&h, &g), KW_ECONFLICT);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

/* What was never saved ends with the process; everything in the store and the keyring agrees again. */
static void a_start_takes_back_what_was_never_saved(void **state)
{
    const unsigned *n_keys = *state;
    char text[2][KEY_MAX];
    struct house h;

    house_make(&h);
    struct grant keys[2] = {house_key(&h, 1, text[0]), house_key(&h, 2, text[1])};
    for (unsigned i = 0; i < *n_keys; i++)
        revoke_on_a_full_disk(&h, keys[i]);
    house_shut(&h);
    house_open(&h);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(house_ask(&h, text[i]), KW_WHY_ALLOWED);
    house_clear(&h);
}

static void a_head_that_cannot_be_written_is_written_later(void **state)
{
    struct sync_report report;
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    assert_int_equal(rename(h.room.head, folder_file(&h.room.folder, "away")), 0);
    assert_int_equal(mkdir(h.room.head, 0700), 0);
    g.state = KEY_REVOKED;
    assert_err(house_change(&h, &g), KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    assert_int_equal(rmdir(h.room.head), 0);
    sync_tick(h.sync);
    house_shut(&h);
    house_open(&h);
    sync_report(h.sync, &report);
    assert_false(report.rebuilt);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

static void an_account_that_there_is_not_gets_no_key(void **state)
{
    char text[KEY_MAX];
    struct grant g;
    struct house h;

    (void)state;
    house_make(&h);
    struct grant nobodys = house_key(&h, 1, text);
    nobodys.slot = 0;
    snprintf(nobodys.account, sizeof nobodys.account, "nobody");
    assert_err(sync_create_key(h.sync, STR("uid:0"), &nobodys), KW_ENOTFOUND);
    assert_err(house_create(&h, 1, text, &g), KW_EEXISTS);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

int main(void)
{
    static const unsigned one = 1, two = 2;

    SUITE_TEST(a_created_key_works_when_the_call_returns);
    SUITE_TEST(a_revoked_key_is_refused_when_the_call_returns);
    SUITE_TEST(a_change_of_an_older_version_changes_nothing);
    SUITE_TEST(X3_revoking_takes_effect_though_it_cannot_be_saved);
    SUITE_TEST(X3_what_cannot_be_saved_opens_nothing);
    SUITE_TEST(X3_an_unsaved_revocation_outlives_a_new_keyring);
    SUITE_TEST(X3_another_change_does_not_undo_an_unsaved_revocation);
    suite_add("a_start_takes_back_what_was_never_saved", "one",
              a_start_takes_back_what_was_never_saved, &one);
    suite_add("a_start_takes_back_what_was_never_saved", "two",
              a_start_takes_back_what_was_never_saved, &two);
    SUITE_TEST(a_head_that_cannot_be_written_is_written_later);
    SUITE_TEST(an_account_that_there_is_not_gets_no_key);
    return suite_run("sync/change");
}
