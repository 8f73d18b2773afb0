/* password.c - a hash is its password's alone, and what costs too much is refused unpaid. */
#include "crypto/password.h"

#include "suite.h"

static void a_hash_is_its_passwords_alone(void **state)
{
    char encoded[PASSWORD_HASH_MAX + 1], again[PASSWORD_HASH_MAX + 1];
    bool matches = false;

    (void)state;
    assert_ok(password_hash(STR("correct horse\0 b"), encoded));
    assert_ok(password_hash(STR("correct horse\0 b"), again));
    assert_string_not_equal(encoded, again); /* the salt */
    assert_ok(password_verify(str_from(encoded), STR("correct horse\0 b"), &matches));
    assert_true(matches);
    assert_ok(password_verify(str_from(encoded), STR("correct horse\0 c"), &matches));
    assert_false(matches);
    assert_ok(password_verify(str_from(encoded), STR("correct horse"), &matches));
    assert_false(matches);
    assert_ok(password_verify(str_from(encoded), STR(""), &matches));
    assert_false(matches);
    assert_false(password_needs_rehash(str_from(encoded)));
    assert_true(strncmp(encoded, "$argon2id$v=19$m=19456,t=2,p=1$", 31) == 0);
}

static void a_password_may_be_long_and_no_longer(void **state)
{
    static char text[PASSWORD_BYTES_MAX + 1];
    struct str longest = {text, PASSWORD_BYTES_MAX}, longer = {text, PASSWORD_BYTES_MAX + 1};
    char encoded[PASSWORD_HASH_MAX + 1] = "untouched";
    bool matches = true;

    (void)state;
    assert_err(password_hash(longer, encoded), KW_ERANGE);
    assert_string_equal(encoded, "untouched");
    assert_ok(password_hash(longest, encoded));
    assert_ok(password_verify(str_from(encoded), longer, &matches));
    assert_false(matches);
    assert_ok(password_verify(str_from(encoded), longest, &matches));
    assert_true(matches);
}

/* Made by the reference implementation itself: argon2 somesalt -id -t 2 -k 256 -p 1 -l 32 -e. */
#define OLDER "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"

static void a_hash_of_other_parameters_is_verified_and_renewed(void **state)
{
    bool matches = false;

    (void)state;
    assert_ok(password_verify(STR(OLDER), STR("password"), &matches));
    assert_true(matches);
    assert_true(password_needs_rehash(STR(OLDER)));
    assert_true(password_needs_rehash(STR("")));
}

static const struct reject {
    const char *why;
    struct str encoded;
} rejects[] = {
    {"nothing", {NULL, 0}},
    {"empty", STR_INIT("")},
    {"plain text", STR_INIT("password")},
    {"another algorithm",
     STR_INIT(
         "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")},
    {"another version",
     STR_INIT(
         "$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")},
    {"too much memory",
     STR_INIT(
         "$argon2id$v=19$m=65537,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")},
    {"all memory", STR_INIT("$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/"
                            "uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")},
    {"too many passes",
     STR_INIT(
         "$argon2id$v=19$m=256,t=11,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")},
    {"too many lanes",
     STR_INIT(
         "$argon2id$v=19$m=256,t=2,p=5$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")},
    {"no lanes",
     STR_INIT(
         "$argon2id$v=19$m=256,t=2,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")},
    {"a sign",
     STR_INIT(
         "$argon2id$v=19$m=+256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")},
    {"cut", STR_INIT("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ")},
    {"cut earlier", STR_INIT("$argon2id$v=19$m=256")},
    {"a terminator inside",
     STR_INIT(
         "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\0")},
    {"behind the end",
     STR_INIT(
         "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4$")},
    {"too long", STR_INIT("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$"
                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")},
};

static void password_verify_rejects(void **state)
{
    const struct reject *row = *state;
    bool matches = false;

    assert_err(password_verify(row->encoded, STR("password"), &matches), KW_EFORMAT);
    assert_false(matches);
}

/* F10: the same parameters, so the same work, for an e-mail that nobody has. */
static void F10_the_dummy_costs_the_same_and_matches_nothing(void **state)
{
    static const struct str tries[] = {STR_INIT(""), STR_INIT("password"),
                                       STR_INIT("keyward nobody!!")};
    bool matches = true;

    (void)state;
    assert_false(password_needs_rehash(password_dummy()));
    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        assert_ok(password_verify(password_dummy(), tries[i], &matches));
        assert_false(matches);
    }
}

int main(void)
{
    SUITE_TEST(a_hash_is_its_passwords_alone);
    SUITE_TEST(a_password_may_be_long_and_no_longer);
    SUITE_TEST(a_hash_of_other_parameters_is_verified_and_renewed);
    SUITE_ROWS(password_verify_rejects, rejects);
    SUITE_TEST(F10_the_dummy_costs_the_same_and_matches_nothing);
    return suite_run("crypto/password");
}
