/* base64.c - the vectors of RFC 4648, section 10, and nothing but them. */
#include "crypto/base64.h"

#include "suite.h"

static const struct vector {
    const char *why, *plain, *text;
} vectors[] = {
    {"one byte", "f", "Zg=="},
    {"two", "fo", "Zm8="},
    {"three", "foo", "Zm9v"},
    {"four", "foob", "Zm9vYg=="},
    {"five", "fooba", "Zm9vYmE="},
    {"six", "foobar", "Zm9vYmFy"},
    {"the last digits", "\xfb\xff\xbf", "+/+/"},
};

static void base64_goes_there_and_back(void **state)
{
    const struct vector *row = *state;
    char text[BASE64_LEN(8) + 1];
    uint8_t bytes[9];
    size_t n = 0;

    base64_put(row->plain, strlen(row->plain), text);
    assert_string_equal(text, row->text);
    assert_ok(base64_get(str_from(row->text), 6, bytes, &n));
    assert_str(((struct str){(const char *)bytes, n}), str_from(row->plain));
}

static const struct reject {
    const char *why;
    struct str text;
} rejects[] = {
    {"nothing", STR_INIT("")},
    {"no padding", STR_INIT("Zg")},
    {"too little of it", STR_INIT("Zg=")},
    {"too much", STR_INIT("Z===")},
    {"nothing else", STR_INIT("====")},
    {"padding in the middle", STR_INIT("Zg==Zg==")},
    {"bits left over", STR_INIT("Zh==")},
    {"bits left over, two bytes", STR_INIT("Zm9=")},
    {"a blank before", STR_INIT(" Zm9v")},
    {"blanks to a multiple of four", STR_INIT("Zm9v    ")},
    {"a line feed", STR_INIT("Zm9v\n")},
    {"another alphabet", STR_INIT("-_-_")},
    {"a NUL", STR_INIT("Zm\0v")},
    {"seven bytes", STR_INIT("Zm9vYmFyZg==")},
};

static void base64_get_rejects(void **state)
{
    const struct reject *row = *state;
    uint8_t bytes[9];
    size_t n = 77;

    assert_err(base64_get(row->text, 6, bytes, &n), KW_ESYNTAX);
    assert_int_equal(n, 77);
}

int main(void)
{
    SUITE_ROWS(base64_goes_there_and_back, vectors);
    SUITE_ROWS(base64_get_rejects, rejects);
    return suite_run("crypto/base64");
}
