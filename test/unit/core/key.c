/* key.c - the text of a key: exact, or not a key. */
#include "core/key.h"

#include "base/base62.h"
#include "base/crc32c.h"
#include "suite.h"

static const struct str brand = {"mk", 2}, id = {"7Q2mK4T9xJ1aBd", 14},
                        secret = {"aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p", 43};

static struct str printed(char buf[KEY_MAX], enum kw_environment environment)
{
    return (struct str){buf, key_print(brand, environment, id, secret, buf)};
}

static void key_print_round_trips(void **state)
{
    (void)state;
    for (enum kw_environment e = KW_SANDBOX; e <= KW_PRODUCTION; e++) {
        char buf[KEY_MAX];
        struct key key;
        struct str text = printed(buf, e);
        assert_int_equal(text.n, 70 + brand.n);
        assert_ok(key_parse(text, brand, &key));
        assert_int_equal(key.environment, e);
        assert_str(key.id, id);
    }
}

/* The examples of docs/key-format.md. */
static void key_print_is_the_documented_form(void **state)
{
    char buf[KEY_MAX];

    (void)state;
    assert_str(printed(buf, KW_PRODUCTION),
               STR("mk_live_7Q2mK4T9xJ1aBd_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p3sUVSE"));
    assert_str(printed(buf, KW_SANDBOX),
               STR("mk_test_7Q2mK4T9xJ1aBd_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p04b0Af"));
}

static void a_management_token_round_trips(void **state)
{
    char buf[KEY_ADMIN_MAX];
    struct str found;

    (void)state;
    struct str text = {buf, key_print_admin(brand, id, secret, buf)};
    assert_str(text,
               STR("mk_admin_7Q2mK4T9xJ1aBd_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p1sXy7f"));
    assert_int_equal(text.n, 71 + brand.n);
    assert_ok(key_parse_admin(text, brand, &found));
    assert_str(found, id);
}

/* Neither is the other, whatever the length. */
static void D3_a_management_token_is_no_key(void **state)
{
    char buf[KEY_ADMIN_MAX];
    struct key key = {.environment = KW_NO_ENVIRONMENT};
    struct str found = STR("untouched");

    (void)state;
    struct str text = {buf, key_print_admin(brand, id, secret, buf)};
    for (size_t n = 0; n <= text.n; n++)
        assert_err(key_parse((struct str){buf, n}, brand, &key), KW_ESYNTAX);
    for (enum kw_environment e = KW_SANDBOX; e <= KW_PRODUCTION; e++)
        assert_err(key_parse_admin(printed(buf, e), brand, &found), KW_ESYNTAX);
    assert_int_equal(key.environment, KW_NO_ENVIRONMENT);
    assert_str(found, STR("untouched"));
}

static void a_management_token_rejects_every_single_changed_byte(void **state)
{
    char buf[KEY_ADMIN_MAX];
    struct str found;

    (void)state;
    struct str text = {buf, key_print_admin(brand, id, secret, buf)};
    for (size_t i = 0; i < text.n; i++) {
        char was = buf[i];
        for (int c = 0; c < 256; c++) {
            buf[i] = (char)c;
            if (buf[i] != was)
                assert_err(key_parse_admin(text, brand, &found), KW_ESYNTAX);
        }
        buf[i] = was;
    }
    for (size_t n = 0; n < text.n; n++)
        assert_err(key_parse_admin((struct str){buf, n}, brand, &found), KW_ESYNTAX);
}

static void D3_key_parse_rejects_every_single_changed_byte(void **state)
{
    char buf[KEY_MAX];
    struct key key;

    (void)state;
    struct str text = printed(buf, KW_PRODUCTION);
    for (size_t i = 0; i < text.n; i++) {
        char was = buf[i];
        for (int c = 0; c < 256; c++) {
            buf[i] = (char)c;
            if (buf[i] != was)
                assert_err(key_parse(text, brand, &key), KW_ESYNTAX);
        }
        buf[i] = was;
    }
    assert_ok(key_parse(text, brand, &key));
}

static void D3_key_parse_rejects_every_other_length(void **state)
{
    char buf[8192] = {0};
    struct key key;

    (void)state;
    size_t n = printed(buf, KW_PRODUCTION).n;
    memset(buf + n, 'A', sizeof buf - n);
    for (size_t len = 0; len <= sizeof buf; len++)
        if (len != n)
            assert_err(key_parse((struct str){buf, len}, brand, &key), KW_ESYNTAX);
}

static const struct reject {
    const char *why;
    struct str text;
} rejects[] = {
    {"empty", {NULL, 0}},
    {"one character", {"x", 1}},
    {"the brand alone", {"mk", 2}},
    {"another brand",
     {"nk_live_7Q2mK4T9xJ1aBd_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p000000", 72}},
    {"another environment",
     {"mk_prod_7Q2mK4T9xJ1aBd_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p000000", 72}},
    {"upper-case brand",
     {"MK_live_7Q2mK4T9xJ1aBd_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p000000", 72}},
    {"a wrong checksum",
     {"mk_live_7Q2mK4T9xJ1aBd_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5p000000", 72}},
};

static void D3_key_parse_rejects(void **state)
{
    const struct reject *row = *state;
    struct key key = {.environment = KW_SANDBOX};

    assert_err(key_parse(row->text, brand, &key), KW_ESYNTAX);
    assert_int_equal(key.environment, KW_SANDBOX); /* untouched */
}

static const struct odd {
    const char *why;
    const char *in_place_of_an_id; /* 14 bytes */
} odd[] = {
    {"NUL inside", "7Q2mK4T\0xJ1aBd"},
    {"a zero-width space inside", "7Q2mK4\xe2\x80\x8bxJ1aB"},
    {"a full-width digit inside", "7Q2mK4\xef\xbc\x91xJ1aB"},
    {"0xff inside", "7Q2mK4T\xffxJ1aBd"},
    {"a tab inside", "7Q2mK4T\txJ1aBd"},
    {"a space inside", "7Q2mK4T xJ1aBd"},
    {"an underscore inside", "7Q2mK4T_xJ1aBd"},
};

/* The checksum is right in all of these: it is the alphabet that refuses them. */
static void D5_key_parse_normalises_nothing(void **state)
{
    const struct odd *row = *state;
    char buf[KEY_MAX];
    struct key key;
    struct str odd_id = {row->in_place_of_an_id, KW_KEY_ID_LEN};

    size_t n = key_print(brand, KW_PRODUCTION, odd_id, secret, buf);
    assert_err(key_parse((struct str){buf, n}, brand, &key), KW_ESYNTAX);
}

static void D5_key_parse_takes_no_trailing_byte(void **state)
{
    char buf[KEY_MAX + 1];
    struct key key;
    const char trailing[] = {'\0', ' ', '\t', '\n', '\xff'};

    (void)state;
    size_t n = printed(buf, KW_PRODUCTION).n;
    for (size_t i = 0; i < sizeof trailing; i++) {
        buf[n] = trailing[i];
        assert_err(key_parse((struct str){buf, n + 1}, brand, &key), KW_ESYNTAX);
    }
}

static const struct a_brand {
    const char *why;
    const char *brand;
    enum kw_err want;
} brands[] = {
    {"two letters", "mk", KW_OK},
    {"eight characters", "keyward1", KW_OK},
    {"one letter", "m", KW_ESYNTAX},
    {"nine letters", "keywardxx", KW_ESYNTAX},
    {"a digit first", "1mk", KW_ESYNTAX},
    {"t last, as in an access token's mark", "mkt", KW_ESYNTAX},
    {"r last, as in a refresh token's mark", "mkr", KW_ESYNTAX},
    {"upper case", "Mk", KW_ESYNTAX},
    {"an underscore", "m_k", KW_ESYNTAX},
    {"empty", "", KW_ESYNTAX},
};

static void key_brand_check_is_exact(void **state)
{
    const struct a_brand *row = *state;

    assert_err(key_brand_check(str_from(row->brand)), row->want);
}

int main(void)
{
    SUITE_TEST(key_print_round_trips);
    SUITE_TEST(key_print_is_the_documented_form);
    SUITE_TEST(a_management_token_round_trips);
    SUITE_TEST(D3_a_management_token_is_no_key);
    SUITE_TEST(a_management_token_rejects_every_single_changed_byte);
    SUITE_TEST(D3_key_parse_rejects_every_single_changed_byte);
    SUITE_TEST(D3_key_parse_rejects_every_other_length);
    SUITE_ROWS(D3_key_parse_rejects, rejects);
    SUITE_ROWS(D5_key_parse_normalises_nothing, odd);
    SUITE_TEST(D5_key_parse_takes_no_trailing_byte);
    SUITE_ROWS(key_brand_check_is_exact, brands);
    return suite_run("core/key");
}
