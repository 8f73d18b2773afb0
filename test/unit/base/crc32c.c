/* crc32c.c - the Castagnoli checksum: the vectors of RFC 3720, by both of its ways. */
#include "base/crc32c.h"

#include <stdlib.h>

#include "suite.h"

static const uint8_t read_pdu[48] = {
    0x01, 0xc0, [16] = 0x14, [22] = 0x04, [27] = 0x14, [31] = 0x18, [32] = 0x28, [40] = 0x02};

static void both(const void *bytes, size_t n, uint32_t want)
{
    assert_int_equal(crc32c(bytes, n), want);
    assert_int_equal(crc32c_portable(bytes, n), want);
}

static void crc32c_vectors_of_RFC_3720_B4(void **state)
{
    uint8_t zeros[32] = {0}, ones[32], up[32], down[32];

    (void)state;
    memset(ones, 0xff, sizeof ones);
    for (size_t i = 0; i < 32; i++) {
        up[i] = (uint8_t)i;
        down[i] = (uint8_t)(31 - i);
    }
    both(zeros, 32, 0x8a9136aa);
    both(ones, 32, 0x62a8ab43);
    both(up, 32, 0x46dd794e);
    both(down, 32, 0x113fdb5c);
    both(read_pdu, sizeof read_pdu, 0xd9963a56);
}

static void crc32c_of_the_check_string(void **state)
{
    (void)state;
    both("123456789", 9, 0xe3069283);
    both("", 0, 0);
}

static void crc32c_is_the_same_both_ways_at_every_length_and_place(void **state)
{
    uint8_t bytes[300];

    (void)state;
    srandom(1);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)random();
    for (size_t at = 0; at < 8; at++)
        for (size_t n = 0; n < sizeof bytes - 8; n++)
            assert_int_equal(crc32c(bytes + at, n), crc32c_portable(bytes + at, n));
}

static void crc32c_sees_every_flipped_bit(void **state)
{
    uint8_t bytes[64] = "a record that nobody may change without being noticed";
    uint32_t whole = crc32c(bytes, sizeof bytes);

    (void)state;
    for (size_t i = 0; i < sizeof bytes * 8; i++) {
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_int_not_equal(crc32c(bytes, sizeof bytes), whole);
        bytes[i / 8] ^= (uint8_t)(1 << i % 8);
    }
}

int main(void)
{
    SUITE_TEST(crc32c_vectors_of_RFC_3720_B4);
    SUITE_TEST(crc32c_of_the_check_string);
    SUITE_TEST(crc32c_is_the_same_both_ways_at_every_length_and_place);
    SUITE_TEST(crc32c_sees_every_flipped_bit);
    return suite_run("base/crc32c");
}
