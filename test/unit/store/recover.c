/* recover.c - what an operator may accept, and what nobody may. */
#include <unistd.h>

#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd";

static void assert_opens_with(struct room *r, uint64_t seq)
{
    struct buf content = BUF_MAX(1000);

    struct store *s = room_open(r);
    assert_int_equal(store_change_seq(s), seq);
    assert_ok(room_load(s, &content, r->why));
    store_close(s);
    buf_deinit(&content);
}

static void X12_an_old_database_is_accepted_and_its_loss_counted(void **state)
{
    struct room r;
    uint64_t lost = 99;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_key(s, id_1);
    store_close(s);
    room_copy(r.database, folder_file(&r.folder, "aside"));
    s = room_open(&r);
    room_change(s, &g);
    room_change(s, &g);
    store_close(s);
    room_copy(folder_file(&r.folder, "aside"), r.database);
    assert_err(store_open(&r.paths, &s, r.why), KW_EOLD);
    assert_ok(store_recover(&r.paths, &lost, r.why));
    assert_int_equal(lost, 2);
    assert_opens_with(&r, 2);
    room_clear(&r);
}

static void a_lost_head_is_made_anew(void **state)
{
    struct room r;
    uint64_t lost = 99;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    store_close(s);
    unlink(r.head);
    assert_ok(store_recover(&r.paths, &lost, r.why));
    assert_int_equal(lost, 0);
    assert_opens_with(&r, 2);
    room_clear(&r);
}

static void a_sound_store_stays_as_it_is(void **state)
{
    struct room r;
    uint64_t lost = 99;

    (void)state;
    room_make(&r);
    assert_ok(store_recover(&r.paths, &lost, r.why));
    assert_int_equal(lost, 0);
    assert_opens_with(&r, 0);
    room_clear(&r);
}

static const struct tampering {
    const char *why, *sql;
} tamperings[] = {
    {"a row changed", "UPDATE keys SET permissions = 'full_access'"},
    {"a row torn out", "DELETE FROM keys"},
    {"an entry changed", "UPDATE change_log SET actor = 'uid:1' WHERE n = 1"},
    {"an entry torn out", "DELETE FROM change_log WHERE n = 1"},
    {"the newest entry torn out, but not its row", "DELETE FROM change_log WHERE n = 2"},
};

static void what_does_not_hold_is_never_accepted(void **state)
{
    const struct tampering *row = *state;
    struct room r;
    uint64_t lost = 99;

    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    store_close(s);
    unlink(r.head);
    room_sql(&r, row->sql, 1);
    assert_err(store_recover(&r.paths, &lost, r.why), KW_EDAMAGED);
    assert_true(r.why[0] != '\0');
    assert_int_equal(lost, 99);
    assert_false(room_exists(r.head));
    room_clear(&r);
}

static void nothing_is_accepted_under_another_master_key(void **state)
{
    struct room r;
    uint64_t lost;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    store_close(s);
    unlink(r.master_key);
    assert_ok(store_make_master_key(r.master_key, r.why));
    assert_err(store_recover(&r.paths, &lost, r.why), KW_EDAMAGED);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(X12_an_old_database_is_accepted_and_its_loss_counted);
    SUITE_TEST(a_lost_head_is_made_anew);
    SUITE_TEST(a_sound_store_stays_as_it_is);
    SUITE_ROWS(what_does_not_hold_is_never_accepted, tamperings);
    SUITE_TEST(nothing_is_accepted_under_another_master_key);
    return suite_run("store/recover");
}
