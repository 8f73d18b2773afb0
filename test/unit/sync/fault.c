/* fault.c - the disk fails under serve: it opens the store anew and goes on, or says that it cannot. */
#include <sqlite3.h>

#include "store/faulty.h"
#include "suite.h"
#include "sync/house.h"

static void house_on_a_faulty_disk(struct house *h)
{
    faulty_install();
    house_make(h);
}

static enum kw_err stored(struct house *h, const char *id, struct grant *out)
{
    enum kw_err err = store_key(sync_lock(h->sync), str_from(id), NULL, out);

    sync_unlock(h->sync);
    return err;
}

/* Nobody can know whether it reached the disk: it is in force exactly if the store has it. */
static void X4_a_widening_whose_fsync_failed_is_found_out(void **state)
{
    char text[KEY_MAX], later[KEY_MAX];
    struct grant g, there;
    struct house h;

    (void)state;
    house_on_a_faulty_disk(&h);
    faulty.syncs_left = 1;
    assert_err(house_create(&h, 1, text, &g), KW_EIO);
    assert_int_equal(house_ask(&h, text), KW_WHY_UNKNOWN_KEY);
    assert_true(sync_tick(h.sync));
    enum kw_reason want = stored(&h, g.id, &there) == KW_OK ? KW_WHY_ALLOWED : KW_WHY_UNKNOWN_KEY;
    assert_int_equal(house_ask(&h, text), want);
    house_key(&h, 2, later);
    assert_int_equal(house_ask(&h, later), KW_WHY_ALLOWED);
    house_shut(&h);
    house_open(&h);
    assert_int_equal(house_ask(&h, text), want);
    assert_int_equal(house_ask(&h, later), KW_WHY_ALLOWED);
    house_clear(&h);
}

static void X4_a_revocation_whose_fsync_failed_stays_in_force_and_is_saved(void **state)
{
    char text[2][KEY_MAX];
    struct grant there;
    struct house h;

    (void)state;
    house_on_a_faulty_disk(&h);
    struct grant first = house_key(&h, 1, text[0]), second = house_key(&h, 2, text[1]);
    first.state = second.state = KEY_REVOKED;
    faulty.syncs_left = 1;
    assert_err(house_change(&h, &first), KW_EUNSAVED);
    assert_err(house_change(&h, &second), KW_EUNSAVED); /* before the store is opened anew */
    for (int i = 0; i < 2; i++)
        assert_int_equal(house_ask(&h, text[i]), KW_WHY_KEY_REVOKED);
    assert_true(sync_tick(h.sync));
    for (int i = 0; i < 2; i++)
        assert_int_equal(house_ask(&h, text[i]), KW_WHY_KEY_REVOKED);
    assert_ok(stored(&h, first.id, &there));
    assert_int_equal(there.state, KEY_REVOKED);
    assert_int_equal(there.version, 2); /* once, whether it had come through or not */
    assert_ok(stored(&h, second.id, &there));
    assert_int_equal(there.state, KEY_REVOKED);
    house_clear(&h);
}

static void X4_while_the_disk_is_dead_decisions_go_on(void **state)
{
    char text[2][KEY_MAX], other[KEY_MAX];
    struct grant g;
    struct house h;

    (void)state;
    house_on_a_faulty_disk(&h);
    house_key(&h, 1, text[0]);
    struct grant revoked = house_key(&h, 2, text[1]);
    revoked.state = KEY_REVOKED;
    faulty.no_sync = true;
    assert_err(house_change(&h, &revoked), KW_EUNSAVED);
    for (int i = 0; i < 3; i++) {
        assert_false(sync_tick(h.sync));
        assert_int_equal(house_ask(&h, text[0]), KW_WHY_ALLOWED);
        assert_int_equal(house_ask(&h, text[1]), KW_WHY_KEY_REVOKED);
        assert_err(house_create(&h, 3, other, &g), KW_EIO);
    }
    faulty.no_sync = false;
    house_clear(&h);
}

/* A backup is being made: serve waits for its end. */
static void X4_a_database_that_is_being_read_is_opened_anew_later(void **state)
{
    char text[KEY_MAX];
    struct house h;
    sqlite3 *reader;

    (void)state;
    house_on_a_faulty_disk(&h);
    struct grant g = house_key(&h, 1, text);
    g.state = KEY_REVOKED;
    faulty.syncs_left = 1;
    assert_err(house_change(&h, &g), KW_EUNSAVED);
    assert_int_equal(sqlite3_open(h.room.database, &reader), SQLITE_OK);
    if (sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM keys", NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(reader));
    assert_true(sync_tick(h.sync));
    assert_err(house_change(&h, &g), KW_EIO);
    sqlite3_close(reader);
    assert_true(sync_tick(h.sync));
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    assert_ok(stored(&h, g.id, &g));
    assert_int_equal(g.state, KEY_REVOKED);
    house_clear(&h);
}

int main(void)
{
    SUITE_TEST(X4_a_widening_whose_fsync_failed_is_found_out);
    SUITE_TEST(X4_a_revocation_whose_fsync_failed_stays_in_force_and_is_saved);
    SUITE_TEST(X4_while_the_disk_is_dead_decisions_go_on);
    SUITE_TEST(X4_a_database_that_is_being_read_is_opened_anew_later);
    return suite_run("sync/fault");
}
