/* moment.c - RFC 3339 moments: each day of the calendar, and nothing else. */
#include "core/moment.h"

#include "suite.h"

static void moment_prints_what_it_parses(void **state)
{
    char text[MOMENT_LEN + 1];
    int64_t back;

    (void)state;
    for (int64_t day = 0; day < 60000; day += 13) {
        int64_t ms = day * 86400000 + (day % 86400) * 1000;
        moment_print(ms, text);
        assert_ok(moment_parse(str_from(text), &back));
        assert_int_equal(back, ms);
    }
}

static const struct known {
    const char *why;
    const char *text;
    int64_t ms;
} known[] = {
    {"the epoch", "1970-01-01T00:00:00Z", 0},
    {"a date is its first second", "1970-01-02", 86400000},
    {"a leap day", "2024-02-29", 1709164800000},
    {"a leap day of a century that has one", "2000-02-29T23:59:59Z", 951868799000},
    {"the last second", "9999-12-31T23:59:59Z", 253402300799000},
};

static void moment_parse_knows(void **state)
{
    const struct known *row = *state;
    int64_t ms;

    assert_ok(moment_parse(str_from(row->text), &ms));
    assert_int_equal(ms, row->ms);
}

static const struct reject {
    const char *why;
    const char *text;
    enum kw_err want;
} rejects[] = {
    {"empty", "", KW_ESYNTAX},
    {"a year", "2026", KW_ESYNTAX},
    {"a year and a dash", "2026-", KW_ESYNTAX},
    {"one digit of a day", "2026-01-1", KW_ESYNTAX},
    {"a sign", "2026-01-+1", KW_ESYNTAX},
    {"a space behind", "2026-01-01 ", KW_ESYNTAX},
    {"a lower-case t", "2026-01-01t00:00:00Z", KW_ESYNTAX},
    {"no zone", "2026-01-01T00:00:00", KW_ESYNTAX},
    {"another zone", "2026-01-01T00:00:00+01:00", KW_ESYNTAX},
    {"fractions", "2026-01-01T00:00:00.5Z", KW_ESYNTAX},
    {"something behind", "2026-01-01T00:00:00ZZ", KW_ESYNTAX},
    {"month 0", "2026-00-01", KW_ERANGE},
    {"month 13", "2026-13-01", KW_ERANGE},
    {"day 0", "2026-01-00", KW_ERANGE},
    {"the 30th of February", "2026-02-30", KW_ERANGE},
    {"a leap day of a year that has none", "2100-02-29", KW_ERANGE},
    {"the 31st of April", "2026-04-31", KW_ERANGE},
    {"hour 24", "2026-01-01T24:00:00Z", KW_ERANGE},
    {"a leap second", "2016-12-31T23:59:60Z", KW_ERANGE},
    {"before 1970", "1969-12-31", KW_ERANGE},
};

static void moment_parse_rejects(void **state)
{
    const struct reject *row = *state;
    int64_t ms = 42;

    assert_err(moment_parse(str_from(row->text), &ms), row->want);
    assert_int_equal(ms, 42); /* untouched */
}

static void moment_print_stays_within_its_years(void **state)
{
    char text[MOMENT_LEN + 1];

    (void)state;
    moment_print(-1, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    moment_print(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59Z");
}

int main(void)
{
    SUITE_TEST(moment_prints_what_it_parses);
    SUITE_ROWS(moment_parse_knows, known);
    SUITE_ROWS(moment_parse_rejects, rejects);
    SUITE_TEST(moment_print_stays_within_its_years);
    return suite_run("core/moment");
}
