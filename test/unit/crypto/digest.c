/* digest.c - SHA-256: the vectors of its standard, in one piece or two, in every thread. */
#include "crypto/digest.h"

#include <pthread.h>

#include "base/hex.h"
#include "suite.h"

static const struct vector {
    const char *why;
    struct str text;
    const char *hex;
} vectors[] = {
    {"FIPS 180-4: empty", STR_INIT(""),
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"FIPS 180-4: one block", STR_INIT("abc"),
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"FIPS 180-4: two blocks", STR_INIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void digest_of_is_SHA_256(void **state)
{
    const struct vector *row = *state;
    struct digest want, got;

    assert_ok(hex_get(str_from(row->hex), want.b, sizeof want.b));
    digest_of(row->text, &got);
    assert_memory_equal(&got, &want, sizeof want);
    for (size_t n = 0; n <= row->text.n; n++) {
        struct str a = {row->text.p, n}, b = {row->text.p + n, row->text.n - n};
        digest_of_two(a, b, &got);
        assert_memory_equal(&got, &want, sizeof want);
    }
    assert_true(digest_eq(&got, &want));
}

static void digest_of_nothing_at_all(void **state)
{
    struct digest got, want;

    (void)state;
    digest_of((struct str){NULL, 0}, &got);
    assert_ok(hex_get(str_from(vectors[0].hex), want.b, sizeof want.b));
    assert_memory_equal(&got, &want, sizeof want);
}

static void digest_eq_sees_every_bit(void **state)
{
    struct digest a, b;

    (void)state;
    digest_of(STR("x"), &a);
    b = a;
    for (size_t i = 0; i < sizeof a.b * 8; i++) {
        b.b[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(digest_eq(&a, &b));
        b.b[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    assert_true(digest_eq(&a, &b));
}

static void wiped_is_zero(void **state)
{
    static const struct digest zero;
    struct digest d;
    struct secret s;
    struct secret_text t = {.p = "mk_live_", .n = 8};

    (void)state;
    memset(&d, 1, sizeof d);
    memset(&s, 1, sizeof s);
    digest_wipe(&d);
    secret_wipe(&s);
    secret_text_wipe(&t);
    assert_memory_equal(&d, &zero, sizeof d);
    assert_memory_equal(&s, &zero, sizeof s);
    assert_int_equal(t.n, 0);
    for (size_t i = 0; i < sizeof t.p; i++)
        assert_int_equal(t.p[i], 0);
}

static void *digest_much(void *wrong)
{
    struct digest want, got;

    if (hex_get(str_from(vectors[1].hex), want.b, sizeof want.b) != KW_OK)
        return wrong;
    for (int i = 0; i < 10000; i++) {
        digest_of(vectors[1].text, &got);
        if (!digest_eq(&got, &want))
            return wrong;
    }
    return NULL;
}

static void J5_digest_of_in_many_threads_at_once(void **state)
{
    pthread_t threads[8];
    int here;
    void *wrong;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, digest_much, &here), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

int main(void)
{
    SUITE_ROWS(digest_of_is_SHA_256, vectors);
    SUITE_TEST(digest_of_nothing_at_all);
    SUITE_TEST(digest_eq_sees_every_bit);
    SUITE_TEST(wiped_is_zero);
    SUITE_TEST(J5_digest_of_in_many_threads_at_once);
    return suite_run("crypto/digest");
}
