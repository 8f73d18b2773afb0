/* webhook_sign.c - what is signed, with what, and in which form. */
#include "notify/webhook_sign.h"

#include "base/hex.h"
#include "crypto/base64.h"
#include "crypto/mac.h"
#include "suite.h"

static const struct str id = STR_INIT("msg_p5jXN8AQM9LWM0D4loKWxJek"),
                        body = STR_INIT("{\"test\": 2432232314}");
enum { TIME_S = 1614265330 };

/* Of the specification's own libraries: 24 bytes, which zeros behind them do not change (RFC 2104, 2). */
static struct secret known(void)
{
    struct secret s = {{0}};
    uint8_t bytes[27];
    size_t n;

    assert_ok(base64_get(STR("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), 24, bytes, &n));
    memcpy(s.b, bytes, n);
    return s;
}

static void the_signature_is_that_of_Standard_Webhooks(void **state)
{
    struct secret s = known();
    struct webhook_signatures out;

    (void)state;
    assert_ok(webhook_sign(&s, NULL, id, TIME_S, body, &out));
    assert_string_equal(out.standard, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void both_secrets_sign_while_they_overlap(void **state)
{
    struct secret old = known(), s = {{7}};
    struct webhook_signatures out, alone;

    (void)state;
    assert_ok(webhook_sign(&s, &old, id, TIME_S, body, &out));
    assert_ok(webhook_sign(&s, NULL, id, TIME_S, body, &alone));
    size_t n = strlen(alone.standard);
    assert_memory_equal(out.standard, alone.standard, n);
    assert_string_equal(out.standard + n, " v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    assert_string_equal(out.monei, alone.monei);
}

static void Monei_signature_is_of_the_body_with_the_text_of_the_secret(void **state)
{
    struct secret s = {{1, 2, 3}};
    struct secret_text text;
    struct webhook_signatures out;
    char hex[2 * DIGEST_LEN + 1] = "";
    struct digest mac;

    (void)state;
    webhook_secret_print(&s, &text);
    assert_str(secret_text_view(&text), STR("whsec_AQIDAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
    assert_ok(mac_of(secret_text_view(&text), body, &mac));
    hex_put(mac.b, DIGEST_LEN, hex);
    assert_ok(webhook_sign(&s, NULL, id, TIME_S, body, &out));
    assert_string_equal(out.monei, hex);
}

static void id_time_and_body_are_all_signed(void **state)
{
    struct secret s = known();
    struct webhook_signatures first, other;

    (void)state;
    assert_ok(webhook_sign(&s, NULL, id, TIME_S, body, &first));
    assert_ok(webhook_sign(&s, NULL, STR("msg_other"), TIME_S, body, &other));
    assert_string_not_equal(first.standard, other.standard);
    assert_ok(webhook_sign(&s, NULL, id, TIME_S + 1, body, &other));
    assert_string_not_equal(first.standard, other.standard);
    assert_ok(webhook_sign(&s, NULL, id, TIME_S, STR("{\"test\": 2432232315}"), &other));
    assert_string_not_equal(first.standard, other.standard);
    assert_string_not_equal(first.monei, other.monei);
}

int main(void)
{
    SUITE_TEST(the_signature_is_that_of_Standard_Webhooks);
    SUITE_TEST(both_secrets_sign_while_they_overlap);
    SUITE_TEST(Monei_signature_is_of_the_body_with_the_text_of_the_secret);
    SUITE_TEST(id_time_and_body_are_all_signed);
    return suite_run("notify/webhook_sign");
}
