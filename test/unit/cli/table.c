/* table.c - columns for a terminal: as wide as they need, and not wider than they may. */
#include "cli/table.h"

#include <locale.h>

#include "suite.h"

static void table_cuts_what_is_too_long(void **state)
{
    struct table t = {.n_columns = 2};
    struct buf out = BUF_MAX(4096);
    const char *const heads[] = {"NAME", "STATE"};
    const char *const row[] = {"0123456789012345678901234567890123456789X", "active"};

    (void)state;
    assert_ok(table_add(&t, heads));
    assert_ok(table_add(&t, row));
    table_print(&t, &out);
    assert_str(buf_view(&out), STR("NAME                                      STATE\n"
                                   "012345678901234567890123456789012345678…  active\n"));
    table_deinit(&t);
    buf_deinit(&out);
}

static void a_last_column_that_is_whole_is_not_cut(void **state)
{
    struct table t = {.n_columns = 2, .has_whole_end = true};
    struct buf out = BUF_MAX(4096);
    const char *const row[] = {"0123456789012345678901234567890123456789X",
                               "0123456789012345678901234567890123456789X"};

    (void)state;
    assert_ok(table_add(&t, row));
    table_print(&t, &out);
    assert_str(buf_view(&out), STR("012345678901234567890123456789012345678…  "
                                   "0123456789012345678901234567890123456789X\n"));
    table_deinit(&t);
    buf_deinit(&out);
}

static void table_counts_columns_of_the_terminal(void **state)
{
    struct table t = {.n_columns = 2};
    struct buf out = BUF_MAX(4096);
    const char *const a[] = {"é漢", "1"}, *const b[] = {"abcd", "2"};

    (void)state;
    assert_ok(table_add(&t, a));
    assert_ok(table_add(&t, b));
    table_print(&t, &out);
    assert_str(buf_view(&out), STR("é漢   1\nabcd  2\n"));
    table_deinit(&t);
    buf_deinit(&out);
}

static void a_hidden_column_takes_no_room(void **state)
{
    struct table t = {.n_columns = 3};
    struct buf out = BUF_MAX(4096);
    const char *const a[] = {"a", "bcd", "efghi"};

    (void)state;
    assert_ok(table_add(&t, a));
    assert_int_equal(table_width(&t), 13);
    t.n_hidden = 1;
    assert_int_equal(table_width(&t), 6);
    table_print(&t, &out);
    assert_str(buf_view(&out), STR("a  bcd\n"));
    table_deinit(&t);
    buf_deinit(&out);
}

static void table_survives_what_is_no_text(void **state)
{
    struct table t = {.n_columns = 2};
    struct buf out = BUF_MAX(4096);
    const char *const a[] = {"\xff\xfe", ""};

    (void)state;
    assert_ok(table_add(&t, a));
    table_print(&t, &out);
    assert_str(buf_view(&out), STR("\xff\xfe  \n"));
    table_deinit(&t);
    buf_deinit(&out);
}

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    SUITE_TEST(table_cuts_what_is_too_long);
    SUITE_TEST(a_last_column_that_is_whole_is_not_cut);
    SUITE_TEST(table_counts_columns_of_the_terminal);
    SUITE_TEST(a_hidden_column_takes_no_room);
    SUITE_TEST(table_survives_what_is_no_text);
    return suite_run("cli/table");
}
