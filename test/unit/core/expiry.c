/* expiry.c - how far away an expiry may be, and in what words. */
#include "core/expiry.h"

#include "suite.h"

static const int64_t now_ms = 1767225600000; /* 2026-01-01T00:00:00Z */
static const int64_t day_ms = 86400000;

static const struct accepted {
    const char *why;
    const char *text;
    int64_t days; /* from now; -1: never */
} accepted[] = {
    {"never", "never", -1},      {"a day", "1d", 1},
    {"ninety days", "90d", 90},  {"ten years", "3653d", 3653},
    {"a date", "2026-01-02", 1}, {"a moment", "2026-01-31T00:00:00Z", 30},
};

static void expiry_parse_accepts(void **state)
{
    const struct accepted *row = *state;
    int64_t at;

    assert_ok(expiry_parse(str_from(row->text), now_ms, &at));
    assert_int_equal(at, row->days < 0 ? 0 : now_ms + row->days * day_ms);
}

static const struct reject {
    const char *why;
    const char *text;
    enum kw_err want;
} rejects[] = {
    {"zero days", "0d", KW_ERANGE},
    {"more than ten years of days", "3654d", KW_ERANGE},
    {"days that overflow", "99999999999999999999999d", KW_ERANGE},
    {"a moment that has passed", "2025-12-31", KW_ERANGE},
    {"this very moment", "2026-01-01T00:00:00Z", KW_ERANGE},
    {"a date more than ten years away", "2036-01-03", KW_ERANGE},
    {"the year 9999", "9999-12-31", KW_ERANGE},
    {"negative days", "-1d", KW_ESYNTAX},
    {"a leading zero", "090d", KW_ESYNTAX},
    {"hours", "12h", KW_ESYNTAX},
    {"a bare number", "90", KW_ESYNTAX},
    {"a bare d", "d", KW_ESYNTAX},
    {"empty", "", KW_ESYNTAX},
    {"Never", "Never", KW_ESYNTAX},
    {"hexadecimal", "0x10d", KW_ESYNTAX},
};

static void D10_expiry_parse_rejects(void **state)
{
    const struct reject *row = *state;
    int64_t at = 42;

    assert_err(expiry_parse(str_from(row->text), now_ms, &at), row->want);
    assert_int_equal(at, 42); /* untouched */
}

static void expiry_is_in_whole_seconds(void **state)
{
    int64_t at;

    (void)state;
    assert_ok(expiry_parse(STR("1d"), now_ms + 999, &at));
    assert_int_equal(at, now_ms + day_ms);
}

int main(void)
{
    SUITE_ROWS(expiry_parse_accepts, accepted);
    SUITE_ROWS(D10_expiry_parse_rejects, rejects);
    SUITE_TEST(expiry_is_in_whole_seconds);
    return suite_run("core/expiry");
}
