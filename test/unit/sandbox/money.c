/* money.c - amounts: exact, or not an amount. */
#include "sandbox/money.h"

#include "suite.h"

static const struct amount {
    const char *why, *text;
    int64_t want;
} amounts[] = {
    {"whole naira", "1500", 150000},
    {"one decimal is tens of kobo", "1500.5", 150050},
    {"two decimals", "1500.50", 150050},
    {"one kobo", "0.01", 1},
    {"the sum that a double gets wrong", "1.15", 115},
    {"nothing", "0", 0},
    {"nothing, with decimals", "0.00", 0},
    {"the most", "1000000000000.00", MONEY_MAX},
};

static void money_parse_reads(void **state)
{
    const struct amount *row = *state;
    int64_t got = -1;

    assert_ok(money_parse(str_from(row->text), &got));
    assert_int_equal(got, row->want);
}

static const struct reject {
    const char *why, *text;
    enum kw_err want;
} rejects[] = {
    {"empty", "", KW_ESYNTAX},
    {"three decimals", "1.005", KW_ESYNTAX},
    {"a fraction that a double makes of 0.1 + 0.2", "0.30000000000000004", KW_ESYNTAX},
    {"a point and nothing behind it", "1.", KW_ESYNTAX},
    {"a point and nothing before it", ".5", KW_ESYNTAX},
    {"two points", "1.5.0", KW_ESYNTAX},
    {"a minus", "-1", KW_ESYNTAX},
    {"a minus behind the point", "1.-5", KW_ESYNTAX},
    {"a plus", "+1", KW_ESYNTAX},
    {"a leading zero", "01", KW_ESYNTAX},
    {"an exponent", "1e3", KW_ESYNTAX},
    {"an exponent behind the point", "1.e3", KW_ESYNTAX},
    {"a separator", "1,000", KW_ESYNTAX},
    {"a space in front", " 1", KW_ESYNTAX},
    {"a space behind", "1 ", KW_ESYNTAX},
    {"hexadecimal", "0x10", KW_ESYNTAX},
    {"not a number", "NaN", KW_ESYNTAX},
    {"infinity", "Infinity", KW_ESYNTAX},
    {"full-width digits", "\xef\xbc\x91", KW_ESYNTAX},
    {"a kobo too much", "1000000000000.01", KW_ERANGE},
    {"a naira too much", "1000000000001", KW_ERANGE},
    {"2^64 + 1", "18446744073709551617", KW_ERANGE},
};

static void money_parse_rejects(void **state)
{
    const struct reject *row = *state;
    int64_t got = -1;

    assert_err(money_parse(str_from(row->text), &got), row->want);
    assert_int_equal(got, -1); /* untouched */
}

static void money_print_and_parse_are_inverse(void **state)
{
    static const int64_t kobo[] = {0, 1, 9, 10, 99, 100, 101, 150050, MONEY_MAX - 1, MONEY_MAX};
    char text[MONEY_TEXT_MAX];
    int64_t got;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(kobo); i++) {
        money_print(kobo[i], text);
        assert_ok(money_parse(str_from(text), &got));
        assert_int_equal(got, kobo[i]);
    }
    money_print(5, text);
    assert_string_equal(text, "0.05");
    money_print(10000000, text);
    assert_string_equal(text, "100000.00");
}

int main(void)
{
    SUITE_ROWS(money_parse_reads, amounts);
    SUITE_ROWS(money_parse_rejects, rejects);
    SUITE_TEST(money_print_and_parse_are_inverse);
    return suite_run("sandbox/money");
}
