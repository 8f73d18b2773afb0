/* totp.c - the codes of RFC 6238, each once, and none from farther away than a step. */
#include "crypto/totp.h"

#include "suite.h"

static const struct totp_secret rfc = {"12345678901234567890"};

/* RFC 6238, appendix B: SHA-1, the last six of its eight digits. */
static const struct vector {
    const char *why;
    int64_t now_s;
    const char *code;
} vectors[] = {
    {"1970-01-01", 59, "287082"},
    {"2005-03-18", 1111111109, "081804"},
    {"2005-03-18 later", 1111111111, "050471"},
    {"2009-02-13", 1234567890, "005924"},
    {"2033-05-18", 2000000000, "279037"},
    {"2603-10-11", 20000000000, "353130"},
};

static uint64_t step_of(const char *code, int64_t now_ms, uint64_t after)
{
    uint64_t step = UINT64_MAX;

    assert_ok(totp_verify(&rfc, str_from(code), now_ms, after, &step));
    return step;
}

static void totp_verify_knows_the_codes_of_RFC_6238(void **state)
{
    const struct vector *row = *state;

    assert_true(step_of(row->code, row->now_s * 1000, 0) == (uint64_t)row->now_s / TOTP_STEP_S);
}

static void F11_a_code_is_good_for_its_step_and_its_neighbours(void **state)
{
    const int64_t step = 1234567890 / TOTP_STEP_S, step_ms = TOTP_STEP_S * INT64_C(1000);

    (void)state;
    assert_int_equal(step_of("005924", (step - 1) * step_ms - 1, 0), 0);
    assert_int_equal(step_of("005924", (step - 1) * step_ms, 0), step);
    assert_int_equal(step_of("005924", step * step_ms, 0), step);
    assert_int_equal(step_of("005924", (step + 2) * step_ms - 1, 0), step);
    assert_int_equal(step_of("005924", (step + 2) * step_ms, 0), 0);
}

static void F11_each_step_counts_once(void **state)
{
    const int64_t now_ms = 1234567890000;
    uint64_t step = step_of("005924", now_ms, 0);

    (void)state;
    assert_int_equal(step_of("005924", now_ms, step), 0);
    assert_int_equal(step_of("005924", now_ms, step + 1), 0);
    assert_int_equal(step_of("005924", now_ms, step - 1), step);
}

static const struct reject {
    const char *why;
    struct str code;
} rejects[] = {
    {"another", STR_INIT("005925")},
    {"empty", STR_INIT("")},
    {"nothing", {NULL, 0}},
    {"too short", STR_INIT("05924")},
    {"too long", STR_INIT("0005924")},
    {"a blank", STR_INIT("005 24")},
    {"a sign", STR_INIT("+05924")},
    {"a terminator", STR_INIT("00592\0")},
    {"not ASCII", STR_INIT("0059\xd9\xa1")},
};

static void F11_totp_verify_rejects(void **state)
{
    const struct reject *row = *state;
    uint64_t step = 7;

    assert_ok(totp_verify(&rfc, row->code, 1234567890000, 0, &step));
    assert_int_equal(step, 0);
}

/* Step 0 is not one that can be taken; nothing underflows beside it. */
static void the_first_seconds_of_time_do_no_harm(void **state)
{
    (void)state;
    assert_int_equal(step_of("755224", 0, 0), 0); /* RFC 4226, appendix D: of step 0 */
    assert_int_equal(step_of("287082", 0, 0), 1);
    assert_int_equal(step_of("287082", -1, 0), 1);
}

static void totp_uri_is_what_apps_read(void **state)
{
    char uri[TOTP_URI_MAX], base32[TOTP_BASE32_LEN + 1];

    (void)state;
    assert_ok(totp_base32(&rfc, base32));
    assert_string_equal(base32, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_ok(totp_uri(&rfc, STR("Key ward"), STR("a+b&c=d@ex\xc3\xa4mple.com"), uri));
    assert_string_equal(uri, "otpauth://totp/Key%20ward:a%2Bb%26c%3Dd%40ex%C3%A4mple.com"
                             "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Key%20ward"
                             "&algorithm=SHA1&digits=6&period=30");
}

static void the_longest_email_fits_and_more_does_not(void **state)
{
    char uri[TOTP_URI_MAX], email[400];

    (void)state;
    memset(email, '@', sizeof email);
    struct str issuer = {email, 40};
    assert_ok(totp_uri(&rfc, issuer, (struct str){email, 254}, uri));
    assert_true(strlen(uri) < TOTP_URI_MAX);
    for (size_t n = 255; n <= sizeof email; n++) {
        enum kw_err err = totp_uri(&rfc, issuer, (struct str){email, n}, uri);
        assert_true(err == KW_ERANGE || (err == KW_OK && strlen(uri) < TOTP_URI_MAX));
    }
    assert_err(totp_uri(&rfc, issuer, (struct str){email, sizeof email}, uri), KW_ERANGE);
}

static void secrets_differ(void **state)
{
    struct totp_secret a, b;

    (void)state;
    assert_ok(totp_secret_make(&a));
    assert_ok(totp_secret_make(&b));
    assert_memory_not_equal(&a, &b, sizeof a);
}

int main(void)
{
    SUITE_ROWS(totp_verify_knows_the_codes_of_RFC_6238, vectors);
    SUITE_TEST(F11_a_code_is_good_for_its_step_and_its_neighbours);
    SUITE_TEST(F11_each_step_counts_once);
    SUITE_ROWS(F11_totp_verify_rejects, rejects);
    SUITE_TEST(the_first_seconds_of_time_do_no_harm);
    SUITE_TEST(totp_uri_is_what_apps_read);
    SUITE_TEST(the_longest_email_fits_and_more_does_not);
    SUITE_TEST(secrets_differ);
    return suite_run("crypto/totp");
}
