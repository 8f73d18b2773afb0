/* environment.c - a freeze is in force when the call returns, for every key, and outlives everything but its undoing. */
#include <stdio.h>

#include "suite.h"
#include "sync/house.h"

static enum kw_err freeze(struct house *h, enum freeze frozen)
{
    struct environment e;

    assert_ok(store_environment(sync_lock(h->sync), KW_SANDBOX, &e));
    sync_unlock(h->sync);
    e.frozen = frozen;
    return sync_put_environment(h->sync, STR("uid:0"), &e);
}

static enum freeze stored(struct house *h)
{
    struct environment e;

    assert_ok(store_environment(sync_lock(h->sync), KW_SANDBOX, &e));
    sync_unlock(h->sync);
    return e.frozen;
}

static void a_freeze_is_in_force_when_the_call_returns(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    assert_ok(freeze(&h, FREEZE_ALL));
    assert_int_equal(house_ask(&h, text), KW_WHY_FROZEN);
    assert_ok(freeze(&h, FREEZE_NOTHING));
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

static void X3_a_freeze_takes_effect_though_it_cannot_be_saved(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    sqlite3 *conn = house_lock_database(&h);
    enum kw_err err = freeze(&h, FREEZE_ALL);
    sqlite3_close(conn);
    assert_err(err, KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_FROZEN);
    assert_int_equal(stored(&h), FREEZE_NOTHING);
    assert_err(freeze(&h, FREEZE_NOTHING), KW_ECONFLICT); /* nothing thaws before that is saved */
    assert_ok(freeze(&h, FREEZE_ALL));
    assert_int_equal(stored(&h), FREEZE_ALL);
    house_clear(&h);
}

static void X3_a_freeze_that_cannot_be_undone_stays(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    assert_ok(freeze(&h, FREEZE_TRANSACT));
    house_disk_full(true);
    enum kw_err err = freeze(&h, FREEZE_NOTHING);
    house_disk_full(false);
    assert_true(err != KW_OK && err != KW_EUNSAVED);
    assert_int_equal(stored(&h), FREEZE_TRANSACT);
    house_clear(&h);
}

static void X1_a_freeze_outlives_serve(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    assert_ok(freeze(&h, FREEZE_ALL));
    house_shut(&h);
    assert_int_equal(house_ask(&h, text), KW_WHY_FROZEN);
    house_open(&h); /* with the keyring that is there */
    assert_int_equal(house_ask(&h, text), KW_WHY_FROZEN);
    house_shut(&h);
    assert_int_equal(remove(house_file(&h, "keyring")), 0);
    house_open(&h); /* with one built from the store */
    assert_int_equal(house_ask(&h, text), KW_WHY_FROZEN);
    house_clear(&h);
}

/* As if the power of serve went between the commit and the publication. */
static void X1_a_start_publishes_a_freeze_that_the_log_has_beyond(void **state)
{
    char text[KEY_MAX];
    struct environment e;
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    house_shut(&h);
    struct store *store = room_open(&h.room);
    assert_ok(store_environment(store, KW_SANDBOX, &e));
    e.frozen = FREEZE_ALL;
    assert_ok(store_begin(store, STR("uid:0"), 1000));
    assert_ok(store_put_environment(store, &e));
    assert_ok(store_commit(store));
    store_close(store);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_open(&h);
    assert_int_equal(house_ask(&h, text), KW_WHY_FROZEN);
    house_clear(&h);
}

int main(void)
{
    SUITE_TEST(a_freeze_is_in_force_when_the_call_returns);
    SUITE_TEST(X3_a_freeze_takes_effect_though_it_cannot_be_saved);
    SUITE_TEST(X3_a_freeze_that_cannot_be_undone_stays);
    SUITE_TEST(X1_a_freeze_outlives_serve);
    SUITE_TEST(X1_a_start_publishes_a_freeze_that_the_log_has_beyond);
    return suite_run("sync/environment");
}
