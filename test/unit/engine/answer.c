/* answer.c - what is told on the wire: always JSON, always short enough, never a secret. */
#include <jansson.h>
#include <stdio.h>

#include "engine/world.h"
#include "suite.h"

static json_t *body_of(const struct kw_decision *d, const struct kw_request *r)
{
    char buf[KW_BODY_MAX];
    json_error_t error;

    size_t n = kw_answer_body(d, r, buf);
    assert_true(n < KW_BODY_MAX);
    json_t *body = json_loadb(buf, n, JSON_REJECT_DUPLICATES, &error);
    if (body == NULL)
        fail_msg("%s: %.*s", error.text, (int)n, buf);
    assert_int_equal(json_object_size(body), 5);
    assert_int_equal(json_integer_value(json_object_get(body, "statusCode")), d->status);
    assert_string_equal(json_string_value(json_object_get(body, "requestId")), d->request_id);
    assert_true(strlen(json_string_value(json_object_get(body, "message"))) > 0);
    return body;
}

static struct kw_decision denial(enum kw_reason why)
{
    struct kw_decision d = {.reason = why,
                            .status = kw_reason_status(why),
                            .route_class = KW_CLASS_TRANSACT,
                            .environment = KW_SANDBOX,
                            .rate = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
                            .quota = {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
                            .retry_after_s = UINT32_MAX};

    memset(d.request_id, 'f', KW_REQUEST_ID_LEN);
    return d;
}

static void every_reason_has_a_body(void **state)
{
    (void)state;
    for (enum kw_reason why = 0; (unsigned)why < KW_N_REASONS; why++) {
        struct kw_decision d = denial(why);
        struct kw_request empty = {0};
        json_decref(body_of(&d, NULL));
        json_decref(body_of(&d, &empty));
    }
}

static void the_unproved_are_told_one_code(void **state)
{
    static const enum kw_reason alike[] = {KW_WHY_MALFORMED_KEY, KW_WHY_UNKNOWN_KEY,
                                           KW_WHY_WRONG_SECRET};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(alike); i++) {
        struct kw_decision d = denial(alike[i]);
        json_t *body = body_of(&d, NULL);
        assert_string_equal(json_string_value(json_object_get(body, "code")), "invalid_key");
        assert_string_equal(json_string_value(json_object_get(body, "message")), "Invalid API key");
        assert_string_equal(json_string_value(json_object_get(body, "error")), "Unauthorized");
        json_decref(body);
    }
}

static const struct frozen_row {
    const char *why;
    enum kw_frozen what;
    bool reads;
    enum kw_environment environment;
    const char *want;
} frozen_rows[] = {
    {"a key, transactions", KW_FROZEN_KEY, false,
     KW_SANDBOX, "Transactions with this key are frozen for the time being; reading is not. The key stays valid: try again later"},
    {"an account, all", KW_FROZEN_ACCOUNT, true,
     KW_SANDBOX, "All requests with all keys of this account are frozen for the time being. The key stays valid: try again later"},
    {"the sandbox", KW_FROZEN_ENVIRONMENT, true,
     KW_SANDBOX, "All requests with all sandbox keys are frozen for the time being. The key stays valid: try again later"},
    {"production", KW_FROZEN_ENVIRONMENT, false, KW_PRODUCTION,
     "Transactions with all production keys are frozen for the time being; reading is not. The key "
     "stays valid: try again later"},
    {"nobody said what", KW_FROZEN_NOTHING, false, KW_SANDBOX,
     "Requests of this kind are frozen at the moment"},
};

static void what_is_frozen_is_told(void **state)
{
    const struct frozen_row *row = *state;
    struct kw_decision d = denial(KW_WHY_FROZEN);

    d.frozen = row->what;
    d.frozen_reads = row->reads;
    d.environment = row->environment;
    json_t *body = body_of(&d, NULL);
    assert_string_equal(json_string_value(json_object_get(body, "message")), row->want);
    json_decref(body);
}

/* Each byte, alone and many of it, as method and as path. */
static void any_bytes_make_a_whole_body(void **state)
{
    static char many[6000];

    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        memset(many, byte, sizeof many);
        static const size_t lengths[] = {1, 16, 199, 200, 201, sizeof many};
        for (size_t i = 0; i < COUNT_OF(lengths); i++) {
            struct kw_decision d = denial(KW_WHY_PERMISSION_DENIED);
            struct kw_request r = {.method = {many, lengths[i]}, .target = {many, lengths[i]}};
            json_decref(body_of(&d, &r));
            d.route_class = KW_CLASS_UNLISTED;
            json_decref(body_of(&d, &r));
        }
    }
}

static void D12_a_credential_in_the_path_is_not_sent_back(void **state)
{
    struct grant g = {.id = "0000000001AbCd", .environment = KW_PRODUCTION};
    struct world_text text = world_text(&g, 1);
    char target[300], buf[KW_BODY_MAX] = "";

    (void)state;
    for (int filler = 1; filler < 200; filler++) {
        int n = snprintf(target, sizeof target, "/%0*d/%.*s", filler, 0, (int)text.n, text.p);
        struct kw_decision d = denial(KW_WHY_PERMISSION_DENIED);
        struct kw_request r = {.method = {"GET", 3}, .target = {target, (size_t)n}};
        size_t len = kw_answer_body(&d, &r, buf);
        assert_null(memmem(buf, len, "bbbb", 4)); /* of the secret */
    }
}

static void the_message_names_the_permission_and_the_route(void **state)
{
    struct kw_decision d = denial(KW_WHY_PERMISSION_DENIED);
    struct kw_request r = {.method = {"POST", 4}, .target = {"/pay?x=1", 8}};

    (void)state;
    json_t *body = body_of(&d, &r);
    assert_string_equal(json_string_value(json_object_get(body, "message")),
                        "This key lacks the Transactions permission that POST /pay needs");
    json_decref(body);
}

static void limits_are_told_in_structured_fields(void **state)
{
    struct kw_decision d = {.rate = {600, 60, 57, 3}, .quota = {1000, 86400, 400, 3600}};
    char buf[KW_LIMIT_HEADER_MAX] = "";
    size_t n;

    (void)state;
    n = kw_answer_ratelimit_policy(&d, buf);
    assert_int_equal(n, strlen(buf));
    assert_string_equal(buf, "\"rate\";q=600;w=60, \"quota\";q=1000;w=86400");
    n = kw_answer_ratelimit(&d, buf);
    assert_int_equal(n, strlen(buf));
    assert_string_equal(buf, "\"rate\";r=57;t=3");
    d.quota.remaining = 12;
    kw_answer_ratelimit(&d, buf);
    assert_string_equal(buf, "\"quota\";r=12;t=3600");
}

static void the_longest_limits_fit(void **state)
{
    struct kw_decision d = denial(KW_WHY_RATE_LIMITED);
    char buf[KW_LIMIT_HEADER_MAX] = "";

    (void)state;
    size_t n = kw_answer_ratelimit_policy(&d, buf);
    assert_true(n < sizeof buf);
    assert_int_equal(n, strlen(buf));
    assert_true(kw_answer_ratelimit(&d, buf) < sizeof buf);
}

static void the_nearest_limit_is_the_one_with_the_fewest_left(void **state)
{
    struct kw_decision d = {0};
    char buf[KW_LIMIT_HEADER_MAX] = "";

    (void)state;
    assert_null(kw_answer_nearest(&d));
    assert_int_equal(kw_answer_ratelimit(&d, buf), 0);
    assert_string_equal(buf, "");
    assert_int_equal(kw_answer_ratelimit_policy(&d, buf), 0);
    d.quota = (struct kw_limit_state){10, 86400, 5, 1};
    assert_ptr_equal(kw_answer_nearest(&d), &d.quota);
    d.rate = (struct kw_limit_state){10, 60, 4, 1};
    assert_ptr_equal(kw_answer_nearest(&d), &d.rate);
    d.quota.quota = 0;
    assert_ptr_equal(kw_answer_nearest(&d), &d.rate);
}

static void who_uses_the_old_secret_is_told_when_it_ends(void **state)
{
    struct kw_decision d = {.old_secret_ends_ms = 1769863196999};
    char buf[KW_LIMIT_HEADER_MAX];

    (void)state;
    assert_int_equal(kw_answer_old_secret_ends(&d, buf), 20);
    assert_string_equal(buf, "2026-01-31T12:39:56Z");
    d.old_secret_ends_ms = 0;
    assert_int_equal(kw_answer_old_secret_ends(&d, buf), 0);
    assert_string_equal(buf, "");
}

int main(void)
{
    SUITE_TEST(every_reason_has_a_body);
    SUITE_TEST(the_unproved_are_told_one_code);
    SUITE_ROWS(what_is_frozen_is_told, frozen_rows);
    SUITE_TEST(any_bytes_make_a_whole_body);
    SUITE_TEST(D12_a_credential_in_the_path_is_not_sent_back);
    SUITE_TEST(the_message_names_the_permission_and_the_route);
    SUITE_TEST(limits_are_told_in_structured_fields);
    SUITE_TEST(the_longest_limits_fit);
    SUITE_TEST(who_uses_the_old_secret_is_told_when_it_ends);
    SUITE_TEST(the_nearest_limit_is_the_one_with_the_fewest_left);
    return suite_run("engine/answer");
}
