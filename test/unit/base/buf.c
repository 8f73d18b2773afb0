/* buf.c - bytes that grow to their maximum, and not beyond. */
#include "base/buf.h"

#include "suite.h"

static void buf_holds_what_was_added(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(1000);

    (void)state;
    buf_str(&b, STR("ab"));
    buf_add(&b, "c", 1);
    buf_add(&b, NULL, 0);
    buf_str(&b, (struct str){NULL, 0});
    buf_printf(&b, "-%d-%s", 17, "x");
    assert_str(buf_view(&b), STR("abc-17-x"));
    assert_false(b.failed);
}

static void buf_grows_to_its_maximum_exactly(void **state)
{
    static const size_t maxima[] = {1, 63, 64, 65, 1000, 4096};

    (void)state;
    for (size_t k = 0; k < COUNT_OF(maxima); k++) {
        AUTO(buf_deinit) struct buf b = BUF_MAX(maxima[k]);
        for (size_t i = 0; i < maxima[k]; i++) {
            char c = (char)i;
            buf_add(&b, &c, 1);
        }
        assert_false(b.failed);
        assert_int_equal(b.n, maxima[k]);
        assert_true(b.cap <= maxima[k]);
        for (size_t i = 0; i < maxima[k]; i++)
            assert_int_equal(b.p[i], (char)i);
        buf_add(&b, "x", 1);
        assert_true(b.failed);
        assert_int_equal(b.n, maxima[k]);
    }
}

static void what_does_not_fit_is_not_written_at_all(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(4);

    (void)state;
    buf_str(&b, STR("ab"));
    buf_str(&b, STR("cde"));
    assert_true(b.failed);
    assert_str(buf_view(&b), STR("ab"));
    buf_str(&b, STR("c")); /* would fit, but not at this place */
    assert_str(buf_view(&b), STR("ab"));
}

static void buf_printf_that_does_not_fit_is_not_written_at_all(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(8);

    (void)state;
    buf_printf(&b, "%s", "1234567"); /* and the terminator that vsnprintf wants */
    assert_false(b.failed);
    buf_printf(&b, "%s", "8");
    assert_true(b.failed);
    assert_str(buf_view(&b), STR("1234567"));
}

static void buf_room_refuses_what_overflows(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(100);

    (void)state;
    buf_str(&b, STR("abc"));
    assert_null(buf_room(&b, SIZE_MAX));
    assert_true(b.failed);
    struct buf other = BUF_MAX(100);
    assert_non_null(buf_room(&other, 100));
    assert_int_equal(other.n, 0);
    buf_deinit(&other);
}

static void buf_deinit_leaves_one_that_can_be_used(void **state)
{
    struct buf b = BUF_MAX(4);

    (void)state;
    buf_str(&b, STR("abcdef"));
    buf_deinit(&b);
    assert_null(b.p);
    assert_false(b.failed);
    buf_str(&b, STR("abcd"));
    assert_str(buf_view(&b), STR("abcd"));
    buf_deinit(&b);
    buf_deinit(&b);
}

static void buf_clear_forgets_that_something_did_not_fit(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(4);

    (void)state;
    buf_str(&b, STR("abcdef"));
    assert_true(b.failed);
    buf_clear(&b);
    buf_str(&b, STR("abcd"));
    assert_false(b.failed);
    assert_str(buf_view(&b), STR("abcd"));
}

int main(void)
{
    SUITE_TEST(buf_holds_what_was_added);
    SUITE_TEST(buf_grows_to_its_maximum_exactly);
    SUITE_TEST(what_does_not_fit_is_not_written_at_all);
    SUITE_TEST(buf_printf_that_does_not_fit_is_not_written_at_all);
    SUITE_TEST(buf_room_refuses_what_overflows);
    SUITE_TEST(buf_deinit_leaves_one_that_can_be_used);
    SUITE_TEST(buf_clear_forgets_that_something_did_not_fit);
    return suite_run("base/buf");
}
