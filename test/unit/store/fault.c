/* fault.c - a disk that is full, or that fails: what was acknowledged stays, what was not is told. */
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "store/faulty.h"
#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd", id_2[] = "2Q2mK4T9xJ1aBd";

/* One acknowledged key, and a try at a second one. */
static enum kw_err try_second(struct store *s)
{
    struct grant g = room_grant(id_2);

    TRY(store_begin(s, STR("uid:0"), 1));
    TRY(store_put_key(s, &g));
    return store_commit(s);
}

/* Whatever the try came to: the first key is there, the log holds, and there is the second one if
 * it was acknowledged. */
static void assert_sound(struct room *r, enum kw_err tried)
{
    struct buf content = BUF_MAX(1000);
    struct grant back;

    faulty.syncs_left = faulty.writes_left = 0;
    struct store *s = room_open(r);
    assert_ok(room_load(s, &content, r->why));
    assert_ok(store_key(s, str_from(id_1), NULL, &back));
    enum kw_err second = store_key(s, str_from(id_2), NULL, &back);
    assert_true(second == KW_OK || (second == KW_ENOTFOUND && tried != KW_OK));
    assert_int_equal(store_change_seq(s), second == KW_OK ? 3 : 2);
    store_close(s);
    buf_deinit(&content);
}

static void X4_a_failed_fsync_ends_all_changes(void **state)
{
    struct room r;

    (void)state;
    faulty_install();
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    faulty.syncs_left = 1;
    assert_err(try_second(s), KW_EIO);
    assert_int_equal(store_change_seq(s), 2);
    assert_err(try_second(s), KW_EIO); /* nothing is tried again */
    assert_err(store_save_quotas(s, &(struct quota_used){1, 1, 1}, 1), KW_EIO);
    store_close(s);
    assert_sound(&r, KW_EIO);
    room_clear(&r);
}

static off_t size_of_log(const struct room *r)
{
    struct stat st;
    char path[PATH_MAX + 8];

    snprintf(path, sizeof path, "%s-wal", r->database);
    return stat(path, &st) == 0 ? st.st_size : 0;
}

/* The page that was not synced would stay behind forever if more were written behind it. */
static void X4_a_store_opened_anew_goes_on_with_an_empty_log(void **state)
{
    struct grant back;
    struct room r;

    (void)state;
    faulty_install();
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    faulty.syncs_left = 1;
    assert_err(try_second(s), KW_EIO);
    assert_true(store_must_reopen(s));
    assert_true(size_of_log(&r) > 0);
    assert_ok(store_reopen(s, r.why));
    assert_false(store_must_reopen(s));
    assert_int_equal(size_of_log(&r), 0);
    enum kw_err second = store_key(s, str_from(id_2), NULL, &back); /* may have come through */
    enum kw_err again = try_second(s);
    assert_true(second == KW_OK ? again == KW_EEXISTS : again == KW_OK);
    store_close(s);
    assert_sound(&r, KW_OK);
    room_clear(&r);
}

static void X4_a_disk_that_goes_on_failing_is_no_store(void **state)
{
    struct grant back;
    struct room r;

    (void)state;
    faulty_install();
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    faulty.no_sync = true;
    assert_err(try_second(s), KW_EIO);
    assert_err(store_reopen(s, r.why), KW_EIO);
    faulty.no_sync = false;
    assert_err(try_second(s), KW_EIO);
    assert_err(store_key(s, str_from(id_1), NULL, &back), KW_EIO);
    assert_err(store_save_quotas(s, &(struct quota_used){1, 1, 1}, 1), KW_EIO);
    store_close(s);
    assert_sound(&r, KW_EIO);
    room_clear(&r);
}

/* Head must not name what may not be on the disk. */
static void X4_nothing_is_adopted_that_cannot_be_synced(void **state)
{
    struct buf before = BUF_MAX(200), after = BUF_MAX(200);
    struct store *s;
    struct room r;

    (void)state;
    faulty_install();
    room_make(&r);
    s = room_open(&r);
    room_key(s, id_1);
    faulty.syncs_left = 1;
    assert_err(try_second(s), KW_EIO);
    store_close(s);
    assert_ok(file_read(r.head, &before));
    faulty.no_sync = true;
    assert_err(store_open(&r.paths, &s, r.why), KW_EIO);
    faulty.no_sync = false;
    assert_ok(file_read(r.head, &after));
    assert_true(str_eq(buf_view(&before), buf_view(&after)));
    buf_deinit(&before);
    buf_deinit(&after);
    assert_sound(&r, KW_EIO);
    room_clear(&r);
}

static const struct failing {
    const char *why;
    int rc;
    enum kw_err want;
} failing[] = {
    {"EIO", SQLITE_IOERR_WRITE, KW_EIO},
    {"ENOSPC", SQLITE_FULL, KW_EFULL},
};

static void X4_a_write_that_fails_at_any_call_loses_nothing(void **state)
{
    const struct failing *row = *state;
    enum kw_err err = KW_EIO;

    faulty_install();
    faulty.write_error = row->rc;
    for (int k = 1; err != KW_OK; k++) {
        struct room r;
        room_make(&r);
        struct store *s = room_open(&r);
        room_key(s, id_1);
        faulty.writes_left = k;
        err = try_second(s);
        assert_true(err == KW_OK || err == row->want);
        store_close(s);
        assert_sound(&r, err);
        room_clear(&r);
    }
}

static void X3_a_full_disk_recovers_by_itself(void **state)
{
    struct room r;

    (void)state;
    faulty_install();
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    faulty.write_error = SQLITE_FULL;
    faulty.writes_left = 1;
    assert_err(try_second(s), KW_EFULL);
    assert_int_equal(store_change_seq(s), 2);
    assert_ok(try_second(s)); /* there is room again */
    store_close(s);
    assert_sound(&r, KW_OK);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(X4_a_failed_fsync_ends_all_changes);
    SUITE_TEST(X4_a_store_opened_anew_goes_on_with_an_empty_log);
    SUITE_TEST(X4_a_disk_that_goes_on_failing_is_no_store);
    SUITE_TEST(X4_nothing_is_adopted_that_cannot_be_synced);
    SUITE_ROWS(X4_a_write_that_fails_at_any_call_loses_nothing, failing);
    SUITE_TEST(X3_a_full_disk_recovers_by_itself);
    return suite_run("store/fault");
}
