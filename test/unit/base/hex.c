/* hex.c - bytes as lower-case hexadecimal digits: one form, both ways. */
#include "base/hex.h"

#include "suite.h"

static void hex_get_reads_what_hex_put_wrote(void **state)
{
    uint8_t all[256], again[256];
    char text[512];

    (void)state;
    for (unsigned i = 0; i < 256; i++)
        all[i] = (uint8_t)i;
    hex_put(all, sizeof all, text);
    assert_memory_equal(text, "000102030405060708090a0b0c0d0e0f", 32);
    assert_ok(hex_get((struct str){text, sizeof text}, again, sizeof again));
    assert_memory_equal(again, all, sizeof all);
}

static const struct reject {
    const char *why;
    struct str text;
} rejects[] = {
    {"upper case", STR_INIT("AB")},
    {"too short", STR_INIT("a")},
    {"too long", STR_INIT("abc")},
    {"twice as long", STR_INIT("abab")},
    {"no digit", STR_INIT("0g")},
    {"a prefix", STR_INIT("0x")},
    {"a space", STR_INIT("a ")},
    {"NUL", STR_INIT("a\0")},
    {"empty", STR_INIT("")},
    {"a sign", STR_INIT("-1")},
    {"a high byte", STR_INIT("a\xff")},
};

static void hex_get_rejects(void **state)
{
    const struct reject *row = *state;
    uint8_t byte = 0x77;

    assert_err(hex_get(row->text, &byte, 1), KW_ESYNTAX);
    assert_int_equal(byte, 0x77);
}

static void hex_get_of_nothing_is_nothing(void **state)
{
    (void)state;
    assert_ok(hex_get(STR(""), NULL, 0));
    assert_err(hex_get(STR("00"), NULL, 0), KW_ESYNTAX);
}

int main(void)
{
    SUITE_TEST(hex_get_reads_what_hex_put_wrote);
    SUITE_ROWS(hex_get_rejects, rejects);
    SUITE_TEST(hex_get_of_nothing_is_nothing);
    return suite_run("base/hex");
}
