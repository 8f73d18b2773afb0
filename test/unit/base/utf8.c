/* utf8.c - what is text: every code point once, in its one form, and nothing else. */
#include "base/utf8.h"

#include <stdlib.h>

#include "suite.h"

/* The shortest form of a code point, or any longer one that is asked for. */
static size_t encode(uint32_t c, size_t n, char out[4])
{
    static const unsigned char marks[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = n; i-- > 1; c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(marks[n] | c);
    return n;
}

static size_t shortest(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static void utf8_valid_takes_every_code_point_in_its_shortest_form(void **state)
{
    char text[4];

    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        size_t n = encode(c, shortest(c), text);
        assert_int_equal(utf8_valid((struct str){text, n}), !surrogate);
    }
}

static void B9_utf8_valid_refuses_every_longer_form(void **state)
{
    char text[4];

    (void)state;
    for (uint32_t c = 0; c < 0x10000; c++)
        for (size_t n = shortest(c) + 1; n <= 4; n++)
            assert_false(utf8_valid((struct str){text, encode(c, n, text)}));
}

static void B9_utf8_valid_refuses_what_is_above_the_last(void **state)
{
    char text[4];

    (void)state;
    for (uint32_t c = 0x110000; c < 0x200000; c++)
        assert_false(utf8_valid((struct str){text, encode(c, 4, text)}));
}

/* All pairs of bytes: ASCII twice, or a leading byte of two and a continuation. */
static void utf8_valid_knows_all_pairs(void **state)
{
    (void)state;
    for (unsigned a = 0; a < 256; a++)
        for (unsigned b = 0; b < 256; b++) {
            char text[2] = {(char)a, (char)b};
            bool want = (a < 0x80 && b < 0x80) || (a >= 0xc2 && a <= 0xdf && b >= 0x80 && b <= 0xbf);
            assert_int_equal(utf8_valid((struct str){text, 2}), want);
        }
}

static void utf8_valid_refuses_what_is_cut_short(void **state)
{
    static const struct str texts[] = {STR_INIT("\xc3\xa9"), STR_INIT("\xe2\x82\xac"),
                                       STR_INIT("\xf0\x9f\x94\x91")};

    (void)state;
    assert_true(utf8_valid((struct str){NULL, 0}));
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (size_t n = 1; n <= texts[i].n; n++)
            assert_int_equal(utf8_valid((struct str){texts[i].p, n}), n == texts[i].n);
}

static bool moves_cursor(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {
        {0, 0x1f},        {0x7f, 0x9f},     {0x061c, 0x061c}, {0x200e, 0x200f},
        {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff},
    };

    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return true;
    return false;
}

static void I1_utf8_printable_takes_nothing_that_moves_a_cursor(void **state)
{
    char text[8] = "ab";

    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        bool surrogate = c >= 0xd800 && c <= 0xdfff;
        size_t n = 2 + encode(c, shortest(c), text + 2);
        assert_int_equal(utf8_printable((struct str){text, n}), !surrogate && !moves_cursor(c));
    }
}

int main(void)
{
    SUITE_TEST(utf8_valid_takes_every_code_point_in_its_shortest_form);
    SUITE_TEST(B9_utf8_valid_refuses_every_longer_form);
    SUITE_TEST(B9_utf8_valid_refuses_what_is_above_the_last);
    SUITE_TEST(utf8_valid_knows_all_pairs);
    SUITE_TEST(utf8_valid_refuses_what_is_cut_short);
    SUITE_TEST(I1_utf8_printable_takes_nothing_that_moves_a_cursor);
    return suite_run("base/utf8");
}
