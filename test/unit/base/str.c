/* str.c - text from outside: compared, cut and read as numbers, never past its end. */
#include "base/str.h"

#include "suite.h"

static const struct str none = {NULL, 0};

static void str_eq_compares_all_bytes(void **state)
{
    (void)state;
    assert_true(str_eq(STR("abc"), STR("abc")));
    assert_true(str_eq(none, STR("")));
    assert_true(str_eq(STR("a\0b"), STR("a\0b")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_false(str_eq(STR("abc"), STR("ab")));
    assert_false(str_eq(STR("abc"), none));
}

static void str_starts_takes_the_whole_prefix(void **state)
{
    (void)state;
    assert_true(str_starts(STR("abc"), STR("ab")));
    assert_true(str_starts(STR("abc"), STR("abc")));
    assert_true(str_starts(STR("abc"), none));
    assert_true(str_starts(none, none));
    assert_false(str_starts(STR("abc"), STR("abcd")));
    assert_false(str_starts(none, STR("a")));
}

static void str_in_is_which_word_it_is(void **state)
{
    static const char *const words[] = {"open", NULL, "closed", "open"};
    static const struct {
        int n;
        const char *word;
    } table[] = {{1, "low"}, {2, "high"}};

    (void)state;
    assert_int_equal(STR_IN(STR("open"), words), 0);
    assert_int_equal(STR_IN(STR("closed"), words), 2);
    assert_int_equal(STR_IN_BY(STR("high"), table, word), 1);
    assert_int_equal(STR_IN_BY(STR("low"), table, word), 0);
}

static void str_in_takes_nothing_for_a_word_that_is_none(void **state)
{
    static const char *const words[] = {"open", NULL, "closed"};
    static const struct str others[] = {
        {NULL, 0},          STR_INIT(""),        STR_INIT("ope"),
        STR_INIT("opened"), STR_INIT("OPEN"),    STR_INIT(" open"),
        STR_INIT("open\0"), STR_INIT("open\0x"), STR_INIT("clos\xc3\xa9"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_int_equal(STR_IN(others[i], words), COUNT_OF(words));
    assert_int_equal(str_index(STR("open"), words, sizeof words[0], 0), 0); /* of none, none */
}

static void str_cut_is_at_the_first(void **state)
{
    struct str head = STR("h"), rest = STR("r");

    (void)state;
    assert_true(str_cut(STR("a/b/c"), '/', &head, &rest));
    assert_str(head, STR("a"));
    assert_str(rest, STR("b/c"));
    assert_true(str_cut(STR("/"), '/', &head, &rest));
    assert_int_equal(head.n, 0);
    assert_int_equal(rest.n, 0);
}

static void str_cut_without_one_writes_nothing(void **state)
{
    struct str head = STR("h"), rest = STR("r");

    (void)state;
    assert_false(str_cut(STR("abc"), '/', &head, &rest));
    assert_false(str_cut(none, '/', &head, &rest));
    assert_str(head, STR("h"));
    assert_str(rest, STR("r"));
}

static void str_cut_may_write_to_its_own_text(void **state)
{
    struct str text = STR("a=b"), head = STR("a=b");

    (void)state;
    assert_true(str_cut(text, '=', &head, &text));
    assert_str(text, STR("b"));
    text = STR("a=b");
    assert_true(str_cut(text, '=', &text, &head));
    assert_str(text, STR("a"));
    assert_str(head, STR("b"));
}

static void str_take_takes_all_or_nothing(void **state)
{
    struct str text = STR("abc"), head = STR("h");

    (void)state;
    assert_true(str_take(&text, 2, &head));
    assert_str(head, STR("ab"));
    assert_str(text, STR("c"));
    assert_false(str_take(&text, 2, &head));
    assert_str(head, STR("ab"));
    assert_str(text, STR("c"));
    assert_true(str_take(&text, 1, &head));
    assert_true(str_take(&text, 0, &head));
    assert_int_equal(head.n, 0);
    struct str empty = none;
    assert_true(str_take(&empty, 0, &head));
}

static void str_only_does_not_take_the_terminator(void **state)
{
    (void)state;
    assert_true(str_only(STR("abba"), "ab"));
    assert_true(str_only(none, "ab"));
    assert_false(str_only(STR("abc"), "ab"));
    assert_false(str_only(STR("a\0"), "ab"));
    assert_false(str_only(STR("a\xff"), "ab"));
}

static void str_trim_takes_blanks_at_the_ends(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t\r\na b\n ")), STR("a b"));
    assert_str(str_trim(STR(" \t ")), STR(""));
    assert_str(str_trim(none), none);
    assert_str(str_trim(STR("\va")), STR("\va"));
}

static const struct number {
    const char *why;
    struct str text;
    uint64_t max;
    enum kw_err want;
    uint64_t value;
} numbers[] = {
    {"zero", STR_INIT("0"), 9, KW_OK, 0},
    {"the maximum", STR_INIT("9"), 9, KW_OK, 9},
    {"above the maximum", STR_INIT("10"), 9, KW_ERANGE, 0},
    {"2^64-1", STR_INIT("18446744073709551615"), UINT64_MAX, KW_OK, UINT64_MAX},
    {"2^64", STR_INIT("18446744073709551616"), UINT64_MAX, KW_ERANGE, 0},
    {"2^64+1, were it to wrap", STR_INIT("18446744073709551617"), UINT64_MAX, KW_ERANGE, 0},
    {"many digits", STR_INIT("99999999999999999999999999"), UINT64_MAX, KW_ERANGE, 0},
    {"empty", STR_INIT(""), 9, KW_ESYNTAX, 0},
    {"a sign", STR_INIT("+1"), 9, KW_ESYNTAX, 0},
    {"a minus", STR_INIT("-1"), 9, KW_ESYNTAX, 0},
    {"a space", STR_INIT(" 1"), 9, KW_ESYNTAX, 0},
    {"a leading zero", STR_INIT("01"), 9, KW_ESYNTAX, 0},
    {"two zeros", STR_INIT("00"), 9, KW_ESYNTAX, 0},
    {"hex", STR_INIT("0x1"), 9, KW_ESYNTAX, 0},
    {"an exponent", STR_INIT("1e1"), 99, KW_ESYNTAX, 0},
    {"NUL behind", STR_INIT("1\0"), 9, KW_ESYNTAX, 0},
};

static void str_u64_is_exact(void **state)
{
    const struct number *row = *state;
    uint64_t value = 77;

    assert_err(str_u64(row->text, row->max, &value), row->want);
    assert_int_equal(value, row->want == KW_OK ? row->value : 77);
}

int main(void)
{
    SUITE_TEST(str_eq_compares_all_bytes);
    SUITE_TEST(str_starts_takes_the_whole_prefix);
    SUITE_TEST(str_in_is_which_word_it_is);
    SUITE_TEST(str_in_takes_nothing_for_a_word_that_is_none);
    SUITE_TEST(str_cut_is_at_the_first);
    SUITE_TEST(str_cut_without_one_writes_nothing);
    SUITE_TEST(str_cut_may_write_to_its_own_text);
    SUITE_TEST(str_take_takes_all_or_nothing);
    SUITE_TEST(str_only_does_not_take_the_terminator);
    SUITE_TEST(str_trim_takes_blanks_at_the_ends);
    SUITE_ROWS(str_u64_is_exact, numbers);
    return suite_run("base/str");
}
