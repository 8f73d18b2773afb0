/* box.c - what went in comes out, and nothing that was touched does. */
#include "crypto/box.h"

#include "suite.h"

static const struct secret key = {{1, 2, 3}};

static struct box *new_box(const struct secret *k)
{
    struct box *b;

    assert_ok(box_new(k, &b));
    return b;
}

static struct str bytes(const void *p, size_t n)
{
    return (struct str){p, n};
}

static void box_opens_what_it_sealed(void **state)
{
    AUTO(box_freep) struct box *b = new_box(&key);
    uint8_t sealed[40 + BOX_OVERHEAD];
    char plain[40], got[40];

    (void)state;
    memset(plain, 'x', sizeof plain);
    for (size_t n = 0; n <= sizeof plain; n++) {
        assert_ok(box_seal(b, STR("member"), bytes(plain, n), sealed));
        memset(got, 0, sizeof got);
        assert_ok(box_open(b, STR("member"), bytes(sealed, n + BOX_OVERHEAD), got));
        assert_memory_equal(got, plain, n);
    }
}

static void two_seals_of_one_text_differ(void **state)
{
    AUTO(box_freep) struct box *b = new_box(&key);
    uint8_t one[20 + BOX_OVERHEAD], two[20 + BOX_OVERHEAD];

    (void)state;
    assert_ok(box_seal(b, STR("a"), STR("01234567890123456789"), one));
    assert_ok(box_seal(b, STR("a"), STR("01234567890123456789"), two));
    assert_memory_not_equal(one, two, BOX_NONCE_LEN);
    assert_memory_not_equal(one + BOX_NONCE_LEN, two + BOX_NONCE_LEN, 20);
}

static void a_box_that_was_touched_stays_shut(void **state)
{
    AUTO(box_freep) struct box *b = new_box(&key);
    static const char nothing[20];
    uint8_t sealed[20 + BOX_OVERHEAD];
    char got[20];

    (void)state;
    assert_ok(box_seal(b, STR("member"), STR("01234567890123456789"), sealed));
    for (size_t i = 0; i < sizeof sealed * 8; i++) {
        sealed[i / 8] ^= (uint8_t)(1 << i % 8);
        memset(got, 'x', sizeof got);
        assert_err(box_open(b, STR("member"), bytes(sealed, sizeof sealed), got), KW_EDAMAGED);
        assert_memory_equal(got, nothing, sizeof got);
        sealed[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t n = 0; n < sizeof sealed; n++)
        assert_err(box_open(b, STR("member"), bytes(sealed, n), got), KW_EDAMAGED);
    assert_ok(box_open(b, STR("member"), bytes(sealed, sizeof sealed), got));
}

static const struct other {
    const char *why;
    struct str aad;
    struct secret key;
} others[] = {
    {"another member", STR_INIT("membeq"), {{1, 2, 3}}},
    {"no member", STR_INIT(""), {{1, 2, 3}}},
    {"a longer name", STR_INIT("member "), {{1, 2, 3}}},
    {"another key", STR_INIT("member"), {{1, 2, 4}}},
};

static void a_box_is_of_its_key_and_its_owner(void **state)
{
    const struct other *row = *state;
    AUTO(box_freep) struct box *b = new_box(&key), *other = new_box(&row->key);
    uint8_t sealed[20 + BOX_OVERHEAD];
    char got[20];

    assert_ok(box_seal(b, STR("member"), STR("01234567890123456789"), sealed));
    assert_err(box_open(other, row->aad, bytes(sealed, sizeof sealed), got), KW_EDAMAGED);
}

/* McGrew and Viega, "The Galois/Counter Mode of Operation", test case 14: a key, a nonce and a block of zeros. */
static void box_opens_what_the_standard_seals(void **state)
{
    static const uint8_t sealed[] = {
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0xce, 0xa7, 0x40,
        0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1,
        0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19};
    static const struct secret zeros;
    AUTO(box_freep) struct box *b = new_box(&zeros);
    static const char want[16];
    char got[16];

    (void)state;
    assert_ok(box_open(b, STR(""), bytes(sealed, sizeof sealed), got));
    assert_memory_equal(got, want, sizeof want);
}

static void destructors_take_null(void **state)
{
    struct box *none = NULL;

    (void)state;
    box_free(NULL);
    box_freep(&none);
}

int main(void)
{
    SUITE_TEST(box_opens_what_it_sealed);
    SUITE_TEST(two_seals_of_one_text_differ);
    SUITE_TEST(a_box_that_was_touched_stays_shut);
    SUITE_ROWS(a_box_is_of_its_key_and_its_owner, others);
    SUITE_TEST(box_opens_what_the_standard_seals);
    SUITE_TEST(destructors_take_null);
    return suite_run("crypto/box");
}
