/* fault.c - a disk that is full, or that fails: what was acknowledged stays, what was not is told. */
#include <sqlite3.h>

#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd", id_2[] = "2Q2mK4T9xJ1aBd";

/* SQLite's own way to the disk, but for one call that fails once. */
static sqlite3_vfs faulty;
static int syncs_left, writes_left; /* 0: none fails */
static int write_error;

/* SQLite has a table of methods per kind of file; each gets its counterpart. */
static struct counterpart {
    sqlite3_io_methods methods; /* first: a file points at it */
    const sqlite3_io_methods *real;
} counterparts[8];

static const sqlite3_io_methods *real_of(const sqlite3_file *file)
{
    return ((const struct counterpart *)(const void *)file->pMethods)->real;
}

static bool is_up(int *left)
{
    return *left > 0 && --*left == 0;
}

static int sync_or_fail(sqlite3_file *file, int flags)
{
    return is_up(&syncs_left) ? SQLITE_IOERR_FSYNC : real_of(file)->xSync(file, flags);
}

static int write_or_fail(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
    return is_up(&writes_left) ? write_error : real_of(file)->xWrite(file, p, n, at);
}

static const sqlite3_io_methods *counterpart_of(const sqlite3_io_methods *real)
{
    size_t i = 0;

    while (counterparts[i].real != NULL && counterparts[i].real != real)
        i++;
    assert_true(i < COUNT_OF(counterparts));
    counterparts[i] = (struct counterpart){*real, real};
    counterparts[i].methods.xSync = sync_or_fail;
    counterparts[i].methods.xWrite = write_or_fail;
    return &counterparts[i].methods;
}

static int open_faulty(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                       int *out_flags)
{
    sqlite3_vfs *usual = vfs->pAppData;

    int rc = usual->xOpen(usual, name, file, flags, out_flags);
    if (file->pMethods != NULL)
        file->pMethods = counterpart_of(file->pMethods);
    return rc;
}

static void install(void)
{
    if (faulty.zName != NULL)
        return;
    sqlite3_vfs *usual = sqlite3_vfs_find(NULL);
    faulty = *usual;
    faulty.zName = "faulty";
    faulty.pAppData = usual;
    faulty.xOpen = open_faulty;
    assert_int_equal(sqlite3_vfs_register(&faulty, 1), SQLITE_OK);
}

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

    syncs_left = writes_left = 0;
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
    install();
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    syncs_left = 1;
    assert_err(try_second(s), KW_EIO);
    assert_int_equal(store_change_seq(s), 2);
    assert_err(try_second(s), KW_EIO); /* nothing is tried again */
    assert_err(store_save_quotas(s, &(struct quota_used){1, 1, 1}, 1), KW_EIO);
    store_close(s);
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

    install();
    write_error = row->rc;
    for (int k = 1; err != KW_OK; k++) {
        struct room r;
        room_make(&r);
        struct store *s = room_open(&r);
        room_key(s, id_1);
        writes_left = k;
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
    install();
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, id_1);
    write_error = SQLITE_FULL;
    writes_left = 1;
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
    SUITE_ROWS(X4_a_write_that_fails_at_any_call_loses_nothing, failing);
    SUITE_TEST(X3_a_full_disk_recovers_by_itself);
    return suite_run("store/fault");
}
