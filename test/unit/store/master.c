/* master.c - the master key: made once, kept private, read exactly. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/room.h"
#include "suite.h"

static void a_master_key_is_64_digits_that_only_its_owner_reads(void **state)
{
    struct buf text = BUF_MAX(100), other = BUF_MAX(100);
    struct room r, q;
    struct stat st;

    (void)state;
    room_bare(&r);
    room_bare(&q);
    assert_int_equal(stat(r.master_key, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_ok(file_read(r.master_key, &text));
    assert_int_equal(text.n, 65);
    assert_true(str_only((struct str){text.p, 64}, "0123456789abcdef"));
    assert_ok(file_read(q.master_key, &other));
    assert_memory_not_equal(text.p, other.p, 64);
    buf_deinit(&text);
    buf_deinit(&other);
    room_clear(&r);
    room_clear(&q);
}

static void a_master_key_is_never_made_over(void **state)
{
    struct buf before = BUF_MAX(100), after = BUF_MAX(100);
    struct room r;

    (void)state;
    room_bare(&r);
    assert_ok(file_read(r.master_key, &before));
    assert_err(store_make_master_key(r.master_key, r.why), KW_EEXISTS);
    assert_ok(file_read(r.master_key, &after));
    assert_str(buf_view(&after), buf_view(&before));
    buf_deinit(&before);
    buf_deinit(&after);
    room_clear(&r);
}

static const struct text {
    const char *why;
    struct str text;
} texts[] = {
    {"empty", {"", 0}},
    {"too short", {"00", 2}},
    {"63 digits", {"000000000000000000000000000000000000000000000000000000000000000\n", 64}},
    {"65 digits", {"00000000000000000000000000000000000000000000000000000000000000000", 65}},
    {"two line ends", {"0000000000000000000000000000000000000000000000000000000000000000\n\n", 66}},
    {"upper case", {"A000000000000000000000000000000000000000000000000000000000000000\n", 65}},
    {"not a digit", {"g000000000000000000000000000000000000000000000000000000000000000\n", 65}},
};

static void what_is_no_master_key_is_refused(void **state)
{
    const struct text *row = *state;
    struct room r;

    room_bare(&r);
    room_write(r.master_key, row->text);
    assert_err(store_create(&r.paths, r.why), KW_EFORMAT);
    assert_non_null(strstr(r.why, "64"));
    if (row->text.n > 2)
        assert_null(strstr(r.why, "0000")); /* nothing of it is shown */
    room_clear(&r);
}

static void a_master_key_that_others_may_read_is_refused(void **state)
{
    struct room r;

    (void)state;
    room_bare(&r);
    assert_int_equal(chmod(r.master_key, 0640), 0);
    assert_err(store_create(&r.paths, r.why), KW_EPERM);
    assert_non_null(strstr(r.why, "0600"));
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(a_master_key_is_64_digits_that_only_its_owner_reads);
    SUITE_TEST(a_master_key_is_never_made_over);
    SUITE_ROWS(what_is_no_master_key_is_refused, texts);
    SUITE_TEST(a_master_key_that_others_may_read_is_refused);
    return suite_run("store/master");
}
