/* seal.c - HMAC-SHA-256 and HKDF: the vectors of their standards, and no seal that holds for
 * anything else. */
#include "crypto/seal.h"

#include "base/hex.h"
#include "suite.h"

/* RFC 4231. Shorter keys are filled up with zeros, which to HMAC is the same key (RFC 2104 section
 * 2). */
static const struct vector {
    const char *why;
    const char *key, *text, *mac; /* hex */
} vectors[] = {
    {"RFC 4231 case 1", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"RFC 4231 case 2", "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"RFC 4231 case 3", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "dddddddddddddddddddddddddddddddddddddddddddddddddd"
     "dddddddddddddddddddddddddddddddddddddddddddddddddd",
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"RFC 4231 case 4", "0102030405060708090a0b0c0d0e0f10111213141516171819",
     "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd"
     "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
     "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
};

static size_t from_hex(const char *hex, void *out)
{
    struct str text = str_from(hex);

    assert_ok(hex_get(text, out, text.n / 2));
    return text.n / 2;
}

static struct digest mac_of(const struct secret *key, struct str a, struct str b)
{
    AUTO(sealer_freep) struct sealer *s = NULL;
    struct digest mac;

    assert_ok(sealer_new(key, &s));
    assert_ok(sealer_mac(s, a, b, &mac));
    return mac;
}

static void sealer_mac_is_HMAC_SHA_256(void **state)
{
    const struct vector *row = *state;
    struct secret key = {{0}};
    struct digest want;
    char text[64];

    from_hex(row->key, key.b);
    from_hex(row->mac, want.b);
    size_t n = from_hex(row->text, text);
    for (size_t cut = 0; cut <= n; cut++) {
        struct digest got = mac_of(&key, (struct str){text, cut}, (struct str){text + cut, n - cut});
        assert_memory_equal(&got, &want, sizeof want);
    }
}

static void a_sealer_is_used_again_and_again(void **state)
{
    AUTO(sealer_freep) struct sealer *s = NULL;
    struct secret key = {{7}};
    struct digest first, other, again;

    (void)state;
    assert_ok(sealer_new(&key, &s));
    assert_ok(sealer_mac(s, STR("row"), STR("1"), &first));
    for (int i = 0; i < 1000; i++) {
        assert_ok(sealer_mac(s, STR("row"), STR("2"), &other));
        assert_ok(sealer_mac(s, STR("row"), STR("1"), &again));
        assert_true(digest_eq(&first, &again));
        assert_false(digest_eq(&first, &other));
    }
}

static void a_seal_is_of_its_key_and_its_text_alone(void **state)
{
    struct secret key = {{7}};
    struct digest seal = mac_of(&key, STR("abc"), STR(""));

    (void)state;
    for (size_t i = 0; i < sizeof key.b * 8; i++) {
        struct secret other = key;
        other.b[i / 8] ^= (uint8_t)(1 << i % 8);
        struct digest got = mac_of(&other, STR("abc"), STR(""));
        assert_false(digest_eq(&got, &seal));
    }
    struct digest longer = mac_of(&key, STR("abc\0"), STR("")),
                  shorter = mac_of(&key, STR("ab"), STR(""));
    assert_false(digest_eq(&longer, &seal));
    assert_false(digest_eq(&shorter, &seal));
}

/* RFC 5869 section 2, written out: PRK = HMAC(zeros, master); subkey = HMAC(PRK, info ‖ 1). */
static void seal_subkey_is_HKDF(void **state)
{
    static const struct secret no_salt;
    static const struct str purposes[] = {STR_INIT("keyward row seal v1"),
                                          STR_INIT("keyward change log v1"), STR_INIT("x")};
    struct secret master, subkey, prk;

    (void)state;
    for (size_t i = 0; i < sizeof master.b; i++)
        master.b[i] = (uint8_t)i;
    struct digest extracted = mac_of(&no_salt, (struct str){(char *)master.b, SECRET_LEN}, STR(""));
    memcpy(prk.b, extracted.b, sizeof prk.b);
    for (size_t i = 0; i < COUNT_OF(purposes); i++) {
        struct digest want = mac_of(&prk, purposes[i], STR("\x01"));
        assert_ok(seal_subkey(&master, purposes[i], &subkey));
        assert_memory_equal(subkey.b, want.b, sizeof want.b);
    }
}

/* So that no later version of anything opens fewer seals than this one. Computed with another
 * implementation. */
static void seal_subkey_stays_what_it_is(void **state)
{
    struct secret master, subkey, want;

    (void)state;
    for (size_t i = 0; i < sizeof master.b; i++)
        master.b[i] = (uint8_t)i;
    from_hex("41d65d956e07013aa6796556aacb44403197f230f72f1c620c14298a2d054b25", want.b);
    assert_ok(seal_subkey(&master, STR("keyward row seal v1"), &subkey));
    assert_memory_equal(&subkey, &want, sizeof want);
}

static void subkeys_of_two_purposes_differ(void **state)
{
    struct secret master = {{1}}, a, b;

    (void)state;
    assert_ok(seal_subkey(&master, STR("a"), &a));
    assert_ok(seal_subkey(&master, STR("b"), &b));
    assert_memory_not_equal(&a, &b, sizeof a);
}

static void destructors_take_null(void **state)
{
    struct sealer *none = NULL;

    (void)state;
    sealer_free(NULL);
    sealer_freep(&none);
}

int main(void)
{
    SUITE_ROWS(sealer_mac_is_HMAC_SHA_256, vectors);
    SUITE_TEST(a_sealer_is_used_again_and_again);
    SUITE_TEST(a_seal_is_of_its_key_and_its_text_alone);
    SUITE_TEST(seal_subkey_is_HKDF);
    SUITE_TEST(seal_subkey_stays_what_it_is);
    SUITE_TEST(subkeys_of_two_purposes_differ);
    SUITE_TEST(destructors_take_null);
    return suite_run("crypto/seal");
}
