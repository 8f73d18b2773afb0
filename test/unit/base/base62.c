/* base62.c - the alphabet of keys: exact, in order, and drawn without bias. */
#include "base/base62.h"

#include "suite.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void base62_only_takes_62_of_256_bytes(void **state)
{
    size_t n = 0;

    (void)state;
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;
        bool want = c != 0 && strchr(alphabet, c) != NULL;
        assert_int_equal(base62_only((struct str){&byte, 1}), want);
        n += want;
    }
    assert_int_equal(n, 62);
}

static void base62_only_looks_at_every_place(void **state)
{
    char text[9];

    (void)state;
    assert_true(base62_only((struct str){NULL, 0}));
    for (size_t i = 0; i < sizeof text; i++) {
        memset(text, 'x', sizeof text);
        assert_true(base62_only((struct str){text, sizeof text}));
        text[i] = '_';
        assert_false(base62_only((struct str){text, sizeof text}));
    }
}

static void base62_put_writes_the_most_significant_first(void **state)
{
    char out[6];

    (void)state;
    base62_put(0, out, sizeof out);
    assert_memory_equal(out, "000000", sizeof out);
    base62_put(61, out, sizeof out);
    assert_memory_equal(out, "00000z", sizeof out);
    base62_put(62, out, sizeof out);
    assert_memory_equal(out, "000010", sizeof out);
    base62_put(UINT32_MAX, out,
               sizeof out); /* 4 * 62^5 + 42 * 62^4 + 41 * 62^3 + 3 * 62^2 + 35 * 62 + 3 */
    assert_memory_equal(out, "4gfFC3", sizeof out);
}

static void base62_draw_gives_each_character_the_same_chance(void **state)
{
    uint8_t bytes[256];
    char out[256];
    unsigned count[256] = {0};

    (void)state;
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    assert_int_equal(base62_draw(bytes, sizeof bytes, out, sizeof out),
                     248); /* 248 to 255 are rejected */
    for (size_t i = 0; i < 248; i++)
        count[(unsigned char)out[i]]++;
    for (const char *c = alphabet; *c != '\0'; c++)
        assert_int_equal(count[(unsigned char)*c], 4);
}

static void base62_draw_stops_where_it_is_full(void **state)
{
    static const uint8_t bytes[] = {255, 0, 250, 61, 62};
    char out[4] = "....";

    (void)state;
    assert_int_equal(base62_draw(bytes, sizeof bytes, out, 2), 2);
    assert_memory_equal(out, "0z..", 4);
    assert_int_equal(base62_draw(bytes, sizeof bytes, out, 4), 3);
    assert_memory_equal(out, "0z0.", 4);
    assert_int_equal(base62_draw(bytes, 0, out, 4), 0);
    assert_int_equal(base62_draw(bytes, sizeof bytes, out, 0), 0);
}

int main(void)
{
    SUITE_TEST(base62_only_takes_62_of_256_bytes);
    SUITE_TEST(base62_only_looks_at_every_place);
    SUITE_TEST(base62_put_writes_the_most_significant_first);
    SUITE_TEST(base62_draw_gives_each_character_the_same_chance);
    SUITE_TEST(base62_draw_stops_where_it_is_full);
    return suite_run("base/base62");
}
