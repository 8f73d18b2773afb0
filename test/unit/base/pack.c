/* pack.c - numbers and strings as bytes: the same on the way back, and never past the end. */
#include "base/pack.h"

#include "suite.h"

static size_t pack_some(uint8_t *to, size_t cap, bool *overflow)
{
    struct packer p = {.p = to, .cap = cap};

    pack_u8(&p, 0x01);
    pack_u16(&p, 0x0302);
    pack_u32(&p, 0x07060504);
    pack_u64(&p, UINT64_C(0x0f0e0d0c0b0a0908));
    pack_str8(&p, STR("abc"));
    pack_str32(&p, STR("de"));
    pack_bytes(&p, "f", 1);
    pack_bytes(&p, NULL, 0);
    *overflow = p.overflow;
    return p.n;
}

static const uint8_t packed[] = {1,  2,  3, 4,   5,   6,   7, 8, 9, 10, 11,  12,  13,
                                 14, 15, 3, 'a', 'b', 'c', 2, 0, 0, 0,  'd', 'e', 'f'};

static void pack_is_little_endian_and_dense(void **state)
{
    uint8_t to[64];
    bool overflow;

    (void)state;
    assert_int_equal(pack_some(to, sizeof to, &overflow), sizeof packed);
    assert_false(overflow);
    assert_memory_equal(to, packed, sizeof packed);
}

static void unpack_reads_what_pack_wrote(void **state)
{
    struct unpacker u = {.p = packed, .n = sizeof packed};
    char last;

    (void)state;
    assert_int_equal(unpack_u8(&u), 0x01);
    assert_int_equal(unpack_u16(&u), 0x0302);
    assert_int_equal(unpack_u32(&u), 0x07060504);
    assert_int_equal(unpack_u64(&u), UINT64_C(0x0f0e0d0c0b0a0908));
    assert_str(unpack_str8(&u), STR("abc"));
    assert_str(unpack_str32(&u), STR("de"));
    assert_false(unpack_done(&u));
    unpack_bytes(&u, &last, 1);
    assert_int_equal(last, 'f');
    assert_true(unpack_done(&u));
}

static void pack_never_writes_past_its_room(void **state)
{
    uint8_t to[64];
    bool overflow;

    (void)state;
    for (size_t cap = 0; cap < sizeof packed; cap++) {
        memset(to, 0xee, sizeof to);
        assert_true(pack_some(to, cap, &overflow) <= cap);
        assert_true(overflow);
        for (size_t i = cap; i < sizeof to; i++)
            assert_int_equal(to[i], 0xee);
    }
}

static void pack_stays_overflown(void **state)
{
    uint8_t to[4];
    struct packer p = {.p = to, .cap = sizeof to};

    (void)state;
    pack_u64(&p, 1);
    pack_u8(&p, 1); /* would fit, but its place is not here any more */
    assert_true(p.overflow);
    assert_int_equal(p.n, 0);
}

static void pack_str8_takes_255_bytes(void **state)
{
    static const char text[256];
    uint8_t to[300];
    struct packer p = {.p = to, .cap = sizeof to};

    (void)state;
    pack_str8(&p, (struct str){text, 255});
    assert_false(p.overflow);
    assert_int_equal(p.n, 256);
    pack_str8(&p, (struct str){text, 256});
    assert_true(p.overflow);
}

static void unpack_of_less_is_bad_and_zero(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof packed; n++) {
        struct unpacker u = {.p = packed, .n = n};
        uint8_t last = 1;
        unpack_u8(&u);
        unpack_u16(&u);
        unpack_u32(&u);
        uint64_t wide = unpack_u64(&u);
        assert_true(n >= 15 || wide == 0);
        unpack_str8(&u);
        struct str s = unpack_str32(&u);
        assert_true(n >= 25 || (s.p == NULL && s.n == 0));
        unpack_bytes(&u, &last, 1);
        assert_int_equal(last, 0);
        assert_true(u.bad);
        assert_false(unpack_done(&u));
    }
}

static void unpack_stays_bad(void **state)
{
    struct unpacker u = {.p = packed, .n = 2};

    (void)state;
    assert_int_equal(unpack_u32(&u), 0);
    assert_int_equal(unpack_u8(&u), 0);
    assert_false(unpack_done(&u));
}

static void unpack_str_of_a_length_that_cannot_be(void **state)
{
    static const uint8_t long8[] = {5, 'a', 'b'}, long32[] = {0xff, 0xff, 0xff, 0xff, 'a'};
    struct unpacker u8 = {.p = long8, .n = sizeof long8}, u32 = {.p = long32, .n = sizeof long32};

    (void)state;
    assert_int_equal(unpack_str8(&u8).n, 0);
    assert_true(u8.bad);
    assert_int_equal(unpack_str32(&u32).n, 0);
    assert_true(u32.bad);
}

int main(void)
{
    SUITE_TEST(pack_is_little_endian_and_dense);
    SUITE_TEST(unpack_reads_what_pack_wrote);
    SUITE_TEST(pack_never_writes_past_its_room);
    SUITE_TEST(pack_stays_overflown);
    SUITE_TEST(pack_str8_takes_255_bytes);
    SUITE_TEST(unpack_of_less_is_bad_and_zero);
    SUITE_TEST(unpack_stays_bad);
    SUITE_TEST(unpack_str_of_a_length_that_cannot_be);
    return suite_run("base/pack");
}
