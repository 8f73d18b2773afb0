/* random.c - unpredictable bytes: as many as asked for, and no two runs alike. */
#include "crypto/random.h"

#include "base/base62.h"
#include "suite.h"

static void random_bytes_fills_all_and_no_more(void **state)
{
    uint8_t out[66];

    (void)state;
    for (size_t n = 0; n <= 64; n++) {
        bool changed[64] = {false};
        for (int round = 0; round < 8;
             round++) { /* a byte that stays eight times is one that is not written */
            memset(out, 0x55, sizeof out);
            assert_ok(random_bytes(out + 1, n));
            assert_int_equal(out[0], 0x55);
            assert_int_equal(out[n + 1], 0x55);
            for (size_t i = 0; i < n; i++)
                changed[i] |= out[i + 1] != 0x55;
        }
        for (size_t i = 0; i < n; i++)
            assert_true(changed[i]);
    }
}

static void random_bytes_are_never_the_same(void **state)
{
    uint8_t seen[100][16];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(seen); i++) {
        assert_ok(random_bytes(seen[i], sizeof seen[i]));
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(seen[i], seen[k], sizeof seen[i]);
    }
}

static void random_base62_is_of_the_alphabet_and_even(void **state)
{
    enum { LEN = 43, ROUNDS = 62000 / 43 * 10 };
    unsigned count[256] = {0};
    char out[LEN + 1];

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        out[LEN] = '#';
        assert_ok(random_base62(out, LEN));
        assert_int_equal(out[LEN], '#');
        assert_true(base62_only((struct str){out, LEN}));
        for (size_t i = 0; i < LEN; i++)
            count[(unsigned char)out[i]]++;
    }
    for (int c = 0; c < 256; c++) /* 10,000 each are expected; ten standard deviations are 1,000 */
        assert_true(count[c] == 0 || (count[c] > 9000 && count[c] < 11000));
}

int main(void)
{
    SUITE_TEST(random_bytes_fills_all_and_no_more);
    SUITE_TEST(random_bytes_are_never_the_same);
    SUITE_TEST(random_base62_is_of_the_alphabet_and_even);
    return suite_run("crypto/random");
}
