/* amount.c - amounts are exact: what is read is printed again, and what cannot be one is refused. */
#include "core/amount.h"

#include "suite.h"

static const struct bad {
    const char *why, *text;
    unsigned decimals;
    enum kw_err want;
} rejects[] = {
    {"nothing", "", 2, KW_ESYNTAX},
    {"a point alone", ".", 2, KW_ESYNTAX},
    {"nothing before the point", ".5", 2, KW_ESYNTAX},
    {"nothing behind it", "5.", 2, KW_ESYNTAX},
    {"two points", "1.0.0", 2, KW_ESYNTAX},
    {"a sign", "-1", 2, KW_ESYNTAX},
    {"a plus", "+1", 2, KW_ESYNTAX},
    {"an exponent", "1e3", 2, KW_ESYNTAX},
    {"a separator", "1,000", 2, KW_ESYNTAX},
    {"a comma for the point", "1,5", 2, KW_ESYNTAX},
    {"a leading zero", "01", 2, KW_ESYNTAX},
    {"two zeros", "00", 2, KW_ESYNTAX},
    {"a blank before", " 1", 2, KW_ESYNTAX},
    {"a blank behind", "1 ", 2, KW_ESYNTAX},
    {"hexadecimal", "0x1", 2, KW_ESYNTAX},
    {"not a number", "NaN", 2, KW_ESYNTAX},
    {"infinity", "inf", 2, KW_ESYNTAX},
    {"a digit of another script", "\xd9\xa1", 2, KW_ESYNTAX},
    {"a decimal too many", "1.005", 2, KW_ERANGE},
    {"a decimal of what has none", "1.0", 0, KW_ERANGE},
    {"19 decimals", "0.0000000000000000001", 18, KW_ERANGE},
    {"19 digits", "1000000000000000000", 2, KW_ERANGE},
};

static void amount_parse_rejects(void **state)
{
    const struct bad *row = *state;
    struct amount a = {.u = 7};

    assert_err(amount_parse(str_from(row->text), row->decimals, &a), row->want);
    assert_true(a.u == 7);
}

static const struct good {
    const char *text;
    unsigned decimals;
    const char *again;
} goods[] = {
    {"0", 0, "0"},
    {"0", 2, "0.00"},
    {"0.1", 2, "0.10"},
    {"1805.00", 2, "1805.00"},
    {"1805", 2, "1805.00"},
    {"0.000000000000000001", 18, "0.000000000000000001"},
    {"999999999999999999.999999999999999999", 18, "999999999999999999.999999999999999999"},
};

static void amounts_are_printed_as_they_were(void **state)
{
    char text[AMOUNT_TEXT_MAX];
    struct amount a;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(goods); i++) {
        assert_ok(amount_parse(str_from(goods[i].text), goods[i].decimals, &a));
        assert_str(((struct str){text, amount_print(a, goods[i].decimals, text)}),
                   str_from(goods[i].again));
    }
}

static void what_is_finer_than_the_decimals_is_printed_whole(void **state)
{
    char text[AMOUNT_TEXT_MAX];
    struct amount a;

    (void)state;
    assert_ok(amount_parse(STR("1.005"), 3, &a));
    amount_print(a, 2, text);
    assert_string_equal(text, "1.005");
    assert_false(amount_has_decimals(a, 2));
    assert_true(amount_has_decimals(a, 3));
}

static void sums_end_at_the_most(void **state)
{
    const struct amount one = {.u = 1};

    (void)state;
    assert_int_equal(amount_compare(amount_plus(amount_max(), one), amount_max()), 0);
    assert_int_equal(amount_compare(amount_plus(one, amount_max()), amount_max()), 0);
    assert_true(amount_is_zero(amount_minus(one, amount_max())));
    assert_int_equal(amount_compare(amount_minus(amount_max(), one), amount_max()), -1);
}

static void currencies_have_the_decimals_of_iso_4217(void **state)
{
    (void)state;
    assert_int_equal(currency_decimals(STR("NGN")), 2);
    assert_int_equal(currency_decimals(STR("JPY")), 0);
    assert_int_equal(currency_decimals(STR("KWD")), 3);
    assert_int_equal(currency_decimals(STR("CLF")), 4);
    assert_int_equal(currency_decimals(STR("UYW")), 4);
    assert_int_equal(currency_decimals(STR("UYU")), 2);
    assert_true(currency_ok(STR("USDT")));
    assert_false(currency_ok(STR("ngn")));
    assert_false(currency_ok(STR("NG")));
    assert_false(currency_ok(STR("ABCDEFGHIJK")));
}

int main(void)
{
    SUITE_ROWS(amount_parse_rejects, rejects);
    SUITE_TEST(amounts_are_printed_as_they_were);
    SUITE_TEST(what_is_finer_than_the_decimals_is_printed_whole);
    SUITE_TEST(sums_end_at_the_most);
    SUITE_TEST(currencies_have_the_decimals_of_iso_4217);
    return suite_run("core/amount");
}
