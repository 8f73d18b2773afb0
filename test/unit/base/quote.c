/* quote.c - whatever a text holds, it is one JSON string, and a string that is cut is still one. */
#include "base/quote.h"

#include "suite.h"

#define REPLACED "\xef\xbf\xbd"

/* U+202E as bytes: as a string it would turn this very line around. */
static const char right_to_left[] = {'\xe2', '\x80', '\xae'};

static const struct quoted {
    const char *why;
    struct str text;
    const char *want;
} rows[] = {
    {"empty", {NULL, 0}, "\"\""},
    {"plain", STR_INIT("abc"), "\"abc\""},
    {"quote and backslash", STR_INIT("a\"b\\"), "\"a\\\"b\\\\\""},
    {"NUL and line breaks", STR_INIT("\0\r\n"), "\"\\u0000\\u000d\\u000a\""},
    {"DEL and a C1 control", STR_INIT("\x7f\xc2\x9b"), "\"\\u007f\\u009b\""},
    {"line separators", STR_INIT("\xe2\x80\xa8\xe2\x80\xa9"), "\"\\u2028\\u2029\""},
    {"what turns a line around", {right_to_left, 3}, "\"\\u202e\""},
    {"text that is not ASCII", STR_INIT("\xc3\xa9\xf0\x9f\x92\xb6"), "\"\xc3\xa9\xf0\x9f\x92\xb6\""},
    {"no UTF-8", STR_INIT("a\xff\xfe"), "\"a" REPLACED REPLACED "\""},
    {"a cut sequence", STR_INIT("\xf0\x9f\x92"), "\"" REPLACED REPLACED REPLACED "\""},
};

static void I1_quote_json_keeps_every_text_in_its_quotes(void **state)
{
    const struct quoted *row = *state;
    char out[64];

    size_t n = quote_json(row->text, out, sizeof out);
    assert_int_equal(n, strlen(row->want));
    assert_string_equal(out, row->want);
}

/* Never in the middle of an escape or a sequence, never beyond cap, always closed. */
static void quote_json_cuts_between_pieces(void **state)
{
    static const struct str text = STR_INIT("\n\xf0\x9f\x92\xb6\"");
    static const size_t borders[] = {0, 6, 10, 12}; /* behind each piece */
    char out[32];

    (void)state;
    for (size_t cap = 3; cap < sizeof out; cap++) {
        memset(out, '#', sizeof out);
        size_t n = quote_json(text, out, cap), inside = 0;
        for (size_t i = 0; i < COUNT_OF(borders); i++)
            inside = borders[i] + 3 <= cap ? borders[i] : inside;
        assert_int_equal(n, inside + 2);
        assert_int_equal(out[n - 1], '"');
        assert_int_equal(out[n], '\0');
        for (size_t i = n + 1; i < sizeof out; i++)
            assert_int_equal(out[i], '#');
    }
}

int main(void)
{
    SUITE_ROWS(I1_quote_json_keeps_every_text_in_its_quotes, rows);
    SUITE_TEST(quote_json_cuts_between_pieces);
    return suite_run("base/quote");
}
