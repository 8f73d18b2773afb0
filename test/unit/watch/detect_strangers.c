/* detect_strangers.c - what strangers do is found, and cannot bury the rest. */
#include "detect_kit.h"

/* ---- strangers ---- */

static void guesses_at_a_key_are_of_the_key_and_of_their_source(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t s = 0; s < 100; s++) {
        struct event e = det_attempt(KW_WHY_WRONG_SECRET, "192.0.2.7");
        e.flags = EVENT_TLS;
        e.account = (struct str){NULL, 0};
        det_comes(b, &det_acme, &e, s);
    }
    assert_int_equal(b->n, 2);
    assert_string_equal(det_only(b, DETECT_KEY_FAILURES)->account, "acme");
    const struct finding *f = det_only(b, DETECT_SOURCE_FAILURES);
    assert_string_equal(f->subject, "192.0.2.7");
    assert_string_equal(f->account, "");
    assert_string_equal(f->key_id, "");
    det_end(b);
}

static void a_summary_counts_with_all_that_it_stands_for(void **state)
{
    struct bench *b = det_begin();
    struct event e = det_attempt(KW_WHY_UNKNOWN_KEY, "2001:db8:1:2:3::4");

    (void)state;
    e.kind = EVENT_SUMMARY;
    e.count = 30;
    e.flags = 0;
    det_comes(b, &det_nobody, &e, 0);
    assert_string_equal(det_only(b, DETECT_SOURCE_FAILURES)->subject, "2001:db8:1:2::");
    det_end(b);
}

static void C16_a_key_over_plain_http_is_told_of_once_for_an_address(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t s = 0; s < 100; s++)
        det_denied(b, s, KW_WHY_TLS_REQUIRED, &det_nobody);
    assert_string_equal(det_only(b, DETECT_PLAIN_HTTP)->subject, "192.0.2.7");
    det_end(b);
}

static void D12_a_credential_in_a_url_is_told_of_once_for_an_address(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t s = 0; s < 100; s++)
        det_denied(b, s, KW_WHY_CREDENTIAL_IN_URL, &det_nobody);
    assert_string_equal(det_text(det_only(b, DETECT_IN_URL), "path"), "/wallet/me");
    det_end(b);
}

static void strangers_cannot_fill_the_list_nor_push_out_who_does_more(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        struct event e = det_attempt(KW_WHY_TLS_REQUIRED, "192.0.2.7");
        e.flags = 0;
        e.source.b[12] = (uint8_t)(i >> 16);
        e.source.b[13] = (uint8_t)(i >> 8);
        e.source.b[14] = (uint8_t)i;
        det_comes(b, &det_nobody, &e, 0);
        if (i % 4000 == 0)
            det_denied(b, 0, KW_WHY_UNKNOWN_KEY, &det_nobody);
    }
    assert_true(b->n <= 61);
    for (int i = 0; i < 5; i++)
        det_denied(b, 0, KW_WHY_UNKNOWN_KEY, &det_nobody);
    det_only(b, DETECT_SOURCE_FAILURES);
    det_end(b);
}

static void who_does_not_get_in_is_told_of_by_member_or_source(void **state)
{
    struct bench *b = det_begin();
    struct sign_in in = {.what = SIGN_IN_FAILED,
                         .why = SIGN_IN_WRONG_PASSWORD,
                         .member = STR("mem_1"),
                         .account = STR("acme")};

    (void)state;
    assert_ok(address_parse(STR("192.0.2.7"), &in.source));
    for (int64_t i = 0; i < 20; i++)
        assert_ok(detect_sign_in(b->d, &in, (DET_MONDAY_S + i) * 1000000));
    assert_string_equal(det_only(b, DETECT_SIGN_IN_FAILURES)->subject, "mem_1");
    assert_string_equal(b->found[0].account, "acme");
    in.member = (struct str){NULL, 0};
    in.why = SIGN_IN_UNKNOWN_EMAIL;
    for (int64_t i = 0; i < 20; i++)
        assert_ok(detect_sign_in(b->d, &in, (DET_MONDAY_S + i) * 1000000));
    in = (struct sign_in){.what = SIGN_IN_FAILED, .why = SIGN_IN_BUSY, .summed = 500};
    assert_ok(detect_sign_in(b->d, &in, DET_MONDAY_S * 1000000));
    in.what = SIGN_IN_DONE;
    assert_ok(detect_sign_in(b->d, &in, DET_MONDAY_S * 1000000));
    assert_int_equal(b->n, 3);
    assert_string_equal(b->found[1].subject, "192.0.2.7");
    assert_string_equal(b->found[2].subject, "");
    det_end(b);
}

static void a_management_token_used_twice_is_told_of(void **state)
{
    struct bench *b = det_begin();
    const struct sign_in in = {
        .what = SIGN_IN_TOKEN_REFUSED, .why = SIGN_IN_TOKEN_REUSED, .token = STR("tok_1")};

    (void)state;
    assert_ok(detect_sign_in(b->d, &in, DET_MONDAY_S * 1000000));
    assert_string_equal(det_only(b, DETECT_TOKEN_REUSE)->subject, "tok_1");
    det_end(b);
}

static void what_could_not_be_recorded_is_told_of_and_a_dead_verifier_is_not(void **state)
{
    struct bench *b = det_begin();
    struct event gap = {.kind = EVENT_GAP, .count = 9};

    (void)state;
    det_comes(b, &det_nobody, &gap, 0);
    assert_int_equal(b->n, 0);
    gap.reason = KW_WHY_UNRECORDABLE;
    det_comes(b, &det_nobody, &gap, 1);
    det_comes(b, &det_nobody, &gap, 2);
    assert_int_equal(det_number(det_only(b, DETECT_UNRECORDABLE), "attempts"), 9);
    det_end(b);
}

static void far_more_refusals_than_usual_are_told_of(void **state)
{
    struct bench *b = det_begin();
    struct event e = det_attempt(KW_WHY_MISSING_KEY, "192.0.2.7");

    (void)state;
    e.flags = 0;
    for (int64_t s = 0; s < 8 * DAY; s += 60)
        det_comes(b, &det_nobody, &e, s);
    assert_int_equal(b->n, 0);
    e.kind = EVENT_SUMMARY;
    e.count = 400;
    det_comes(b, &det_nobody, &e, 8 * DAY);
    assert_string_equal(det_only(b, DETECT_DENIAL_RATE)->subject, "");
    det_end(b);
}

/* A gap of refusals that were only counted, as strangers make them. */
static void what_strangers_fill_hides_no_requests_that_were_refused(void **state)
{
    struct bench *b = det_begin();
    struct event gap = {.kind = EVENT_GAP, .count = 9, .reason = KW_WHY_UNKNOWN_KEY};

    (void)state;
    for (int64_t s = 0; s < DAY; s += HOUR / 2)
        det_comes(b, &det_nobody, &gap, s);
    assert_string_not_equal(det_only(b, DETECT_UNRECORDABLE)->subject, "");
    gap.reason = KW_WHY_UNRECORDABLE;
    det_comes(b, &det_nobody, &gap, DAY);
    det_comes(b, &det_nobody, &gap, DAY + 1);
    assert_int_equal(b->n, 2);
    assert_string_equal(b->found[1].subject, "");
    assert_string_equal(det_text(&b->found[1], "reason"), "unrecordable");
    det_end(b);
}

static void refuse_for_days(struct bench *b, int64_t step_s)
{
    struct event e = det_attempt(KW_WHY_MISSING_KEY, "192.0.2.7");

    e.flags = 0;
    for (int64_t s = 0; s < 8 * DAY; s += step_s)
        det_comes(b, &det_nobody, &e, s);
}

static void what_an_account_chose_is_nothing_to_the_refusals_of_all(void **state)
{
    struct bench *b = det_begin();
    struct event many = det_attempt(KW_WHY_MISSING_KEY, "192.0.2.7");

    (void)state;
    b->chosen.of[DENIAL_RATE_TIMES] = 2;
    b->chosen.of[DENIAL_RATE_LEAST] = 1;
    b->chosen.of[DENIAL_RATE_LEARN] = 1;
    refuse_for_days(b, 1200);
    for (int i = 0; i < 60; i++)
        det_denied(b, 8 * DAY, KW_WHY_PERMISSION_DENIED, &det_acme);
    assert_int_equal(det_count(b, DETECT_DENIAL_RATE), 0);
    b->chosen.rule[DETECT_DENIAL_RATE].is_off = true;
    det_denied(b, 8 * DAY, KW_WHY_PERMISSION_DENIED, &det_acme);
    many.kind = EVENT_SUMMARY;
    many.count = 100000;
    many.flags = 0;
    det_comes(b, &det_nobody, &many, 8 * DAY + 5);
    det_only(b, DETECT_DENIAL_RATE);
    det_end(b);
}

int main(void)
{
    SUITE_TEST(what_strangers_fill_hides_no_requests_that_were_refused);
    SUITE_TEST(what_an_account_chose_is_nothing_to_the_refusals_of_all);
    SUITE_TEST(guesses_at_a_key_are_of_the_key_and_of_their_source);
    SUITE_TEST(a_summary_counts_with_all_that_it_stands_for);
    SUITE_TEST(C16_a_key_over_plain_http_is_told_of_once_for_an_address);
    SUITE_TEST(D12_a_credential_in_a_url_is_told_of_once_for_an_address);
    SUITE_TEST(strangers_cannot_fill_the_list_nor_push_out_who_does_more);
    SUITE_TEST(who_does_not_get_in_is_told_of_by_member_or_source);
    SUITE_TEST(a_management_token_used_twice_is_told_of);
    SUITE_TEST(what_could_not_be_recorded_is_told_of_and_a_dead_verifier_is_not);
    SUITE_TEST(far_more_refusals_than_usual_are_told_of);
    return suite_run("watch/detect_strangers");
}
