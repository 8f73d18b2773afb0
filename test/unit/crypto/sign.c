/* sign.c - Ed25519: the vectors of RFC 8032, and no signature that holds for anything else. */
#include "crypto/sign.h"

#include "base/hex.h"
#include "suite.h"

static const struct vector {
    const char *why;
    const char *seed, *public_key, *message, *signature; /* hex */
} vectors[] = {
    {"RFC 8032 7.1 test 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46b"
     "d25bf5f0595bbe24655141438e7a100b"},
    {"RFC 8032 7.1 test 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c"
     "387b2eaeb4302aeeb00d291612bb0c00"},
    {"RFC 8032 7.1 test 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "659"
     "4a7c15e9716ed28dc027beceea1ec40a"},
};

struct test_case {
    struct secret seed;
    uint8_t public_key[PUBLIC_KEY_LEN], signature[SIGNATURE_LEN];
    char bytes[8];
    struct str message;
};

static size_t from_hex(const char *hex, void *out)
{
    struct str text = str_from(hex);

    assert_ok(hex_get(text, out, text.n / 2));
    return text.n / 2;
}

static void read_vector(const struct vector *row, struct test_case *out)
{
    memset(out, 0, sizeof *out);
    from_hex(row->seed, out->seed.b);
    from_hex(row->public_key, out->public_key);
    from_hex(row->signature, out->signature);
    out->message = (struct str){out->bytes, from_hex(row->message, out->bytes)};
}

static void signer_sign_is_Ed25519(void **state)
{
    AUTO(signer_freep) struct signer *s = NULL;
    uint8_t public_key[PUBLIC_KEY_LEN], signature[SIGNATURE_LEN];
    struct test_case t;

    read_vector(*state, &t);
    assert_ok(signer_new(&t.seed, &s));
    assert_ok(signer_public(s, public_key));
    assert_memory_equal(public_key, t.public_key, sizeof public_key);
    assert_ok(signer_sign(s, t.message, signature));
    assert_memory_equal(signature, t.signature, sizeof signature);
    assert_ok(signer_sign(s, t.message, signature)); /* and once more the same */
    assert_memory_equal(signature, t.signature, sizeof signature);
}

static void I3_verifier_check_sees_every_changed_bit(void **state)
{
    AUTO(verifier_freep) struct verifier *v = NULL;
    struct test_case t;

    read_vector(*state, &t);
    assert_ok(verifier_new(t.public_key, &v));
    assert_ok(verifier_check(v, t.message, t.signature));
    for (size_t i = 0; i < sizeof t.signature * 8; i++) {
        t.signature[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_err(verifier_check(v, t.message, t.signature), KW_EDAMAGED);
        t.signature[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    for (size_t i = 0; i < t.message.n * 8; i++) {
        t.bytes[i / 8] = (char)(t.bytes[i / 8] ^ (1 << i % 8));
        assert_err(verifier_check(v, t.message, t.signature), KW_EDAMAGED);
        t.bytes[i / 8] = (char)(t.bytes[i / 8] ^ (1 << i % 8));
    }
    assert_ok(verifier_check(v, t.message, t.signature));
}

static void I3_verifier_check_of_another_message_or_key(void **state)
{
    AUTO(verifier_freep) struct verifier *v = NULL, *other = NULL;
    struct test_case t, u;

    (void)state;
    read_vector(&vectors[1], &t);
    read_vector(&vectors[2], &u);
    assert_ok(verifier_new(t.public_key, &v));
    assert_ok(verifier_new(u.public_key, &other));
    assert_err(verifier_check(v, u.message, t.signature), KW_EDAMAGED);
    assert_err(verifier_check(v, STR(""), t.signature), KW_EDAMAGED);
    assert_err(verifier_check(v, STR("r\0"), t.signature), KW_EDAMAGED);
    assert_err(verifier_check(other, t.message, t.signature), KW_EDAMAGED);
}

static void a_signature_of_zeros_is_none(void **state)
{
    AUTO(verifier_freep) struct verifier *v = NULL;
    const uint8_t zeros[SIGNATURE_LEN] = {0};
    struct test_case t;

    (void)state;
    read_vector(&vectors[0], &t);
    assert_ok(verifier_new(t.public_key, &v));
    assert_err(verifier_check(v, t.message, zeros), KW_EDAMAGED);
}

static void destructors_take_null(void **state)
{
    struct signer *no_signer = NULL;
    struct verifier *no_verifier = NULL;

    (void)state;
    signer_free(NULL);
    signer_freep(&no_signer);
    verifier_free(NULL);
    verifier_freep(&no_verifier);
}

int main(void)
{
    SUITE_ROWS(signer_sign_is_Ed25519, vectors);
    SUITE_ROWS(I3_verifier_check_sees_every_changed_bit, vectors);
    SUITE_TEST(I3_verifier_check_of_another_message_or_key);
    SUITE_TEST(a_signature_of_zeros_is_none);
    SUITE_TEST(destructors_take_null);
    return suite_run("crypto/sign");
}
