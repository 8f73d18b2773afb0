/* detect.c - each detector of a key finds what it is there for, once, and says nothing of what is usual. */
#include "detect_kit.h"

#include <stdio.h>

/* ---- places ---- */

static void a_network_that_is_new_to_a_key_is_told_of_once(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    det_live(b, 0, 8);
    assert_int_equal(b->n, 0);
    det_use(b, 8 * DAY, "203.0.113.9");
    det_use(b, 8 * DAY + 1, "203.0.113.10");
    const struct finding *f = det_only(b, DETECT_NEW_NETWORK);
    assert_string_equal(f->subject, KEY);
    assert_string_equal(f->key_id, KEY);
    assert_string_equal(f->account, "acme");
    assert_string_equal(det_text(f, "network"), "203.0.113.0/24");
    assert_int_equal(f->found_us, (DET_MONDAY_S + 8 * DAY) * 1000000);
    det_end(b);
}

static void a_young_key_and_one_that_roams_say_nothing_by_it(void **state)
{
    struct bench *b = det_begin();
    char source[32];

    (void)state;
    for (int day = 0; day < 40; day++) {
        snprintf(source, sizeof source, "10.0.%d.1", day);
        det_live(b, day, 1);
        det_use(b, day * DAY + HOUR, source);
    }
    assert_int_equal(b->n, 0);
    det_end(b);
}

static void a_new_country_is_told_of_instead_of_its_network(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    detect_free(b->d);
    b->o.locator.find = det_find_place;
    assert_ok(detect_new(&b->o, &b->d));
    det_live(b, 0, 8);
    det_use(b, 8 * DAY, "203.0.113.9");
    det_use(b, 8 * DAY, "203.0.113.9");
    assert_int_equal(b->n, 1);
    assert_string_equal(det_text(det_only(b, DETECT_NEW_COUNTRY), "country"), "VZ");
    det_use(b, 8 * DAY, "203.9.9.9"); /* the same AS */
    det_use(b, 8 * DAY, "192.9.9.9"); /* as it always was */
    assert_int_equal(b->n, 1);
    det_end(b);
}

static void a_production_key_where_only_sandbox_keys_lived_is_told_of(void **state)
{
    struct bench *b = det_begin();
    const struct detect_who sandbox_key = {.key = 8, .account = STR("acme")};

    (void)state;
    for (int64_t day = 0; day < 8; day++) {
        struct event e = det_attempt(KW_WHY_ALLOWED, "198.51.100.3");
        e.environment = KW_SANDBOX;
        det_live(b, day, 1);
        det_comes(b, &sandbox_key, &e, day * DAY + DAY - 1);
    }
    assert_int_equal(b->n, 0);
    det_use(b, 8 * DAY, "198.51.100.4");
    assert_int_equal(b->n, 1);
    assert_int_equal(det_number(det_only(b, DETECT_SANDBOX_PLACE), "sandboxDays"), 8);
    det_end(b);
}

/* ---- how much ---- */

static void ten_times_as_much_is_told_of_and_so_is_money(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t s = 0; s < 14 * DAY; s += 10) {
        det_use(b, s, "192.0.2.7");
        if (s % 20 == 0)
            det_move_money(b, s);
    }
    assert_int_equal(b->n, 0);
    for (int64_t s = 0; s < 60; s++) {
        det_move_money(b, 14 * DAY + s);
        det_move_money(b, 14 * DAY + s);
    }
    assert_int_equal(b->n, 2);
    assert_int_equal(det_number(det_only(b, DETECT_TRANSACT_BURST), "usual"), 3);
    assert_int_equal(det_number(det_only(b, DETECT_USAGE_SPIKE), "usual"), 9);
    det_end(b);
}

static void money_at_an_hour_at_which_it_never_moved_is_told_of(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t day = 0; day < 15; day++) {
        det_live(b, day, 1);
        for (int64_t hour = 9; hour < 17; hour++)
            det_move_money(b, day * DAY + hour * HOUR);
    }
    assert_int_equal(b->n, 0);
    det_move_money(b, 15 * DAY + 8 * HOUR); /* a little early */
    assert_int_equal(b->n, 0);
    det_move_money(b, 15 * DAY + 2 * HOUR);
    det_move_money(b, 15 * DAY + 2 * HOUR + 1);
    assert_int_equal(det_number(det_only(b, DETECT_ODD_HOURS), "hour"), 2);
    det_end(b);
}

/* ---- how ---- */

static void refusals_one_after_the_other_are_told_of(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t s = 0; s < 19; s++)
        det_denied(b, s, KW_WHY_PERMISSION_DENIED, &det_acme);
    assert_int_equal(b->n, 0);
    for (int64_t s = 19; s < 1000; s++)
        det_denied(b, s, KW_WHY_PERMISSION_DENIED, &det_acme);
    const struct finding *f = det_only(b, DETECT_DENIALS);
    assert_int_equal(f->began_us, DET_MONDAY_S * 1000000);
    assert_string_equal(det_text(f, "reason"), "permission_denied");
    det_end(b);
}

static void a_key_that_slept_for_long_is_told_of_when_it_wakes(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    det_live(b, 0, 2);
    det_use(b, 31 * DAY, "192.0.2.7");
    assert_int_equal(b->n, 0);
    det_use(b, 61 * DAY, "192.0.2.7");
    det_use(b, 61 * DAY + 1, "192.0.2.7");
    assert_int_equal(det_number(det_only(b, DETECT_DORMANT), "days"), 30);
    det_end(b);
}

static void D11_an_old_secret_is_told_of_once_a_day(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int64_t s = 0; s < 3 * DAY; s += HOUR) {
        struct event e = det_attempt(KW_WHY_SECRET_ROTATED, "192.0.2.7");
        e.flags = EVENT_TLS;
        e.generation = 4;
        det_comes(b, &det_acme, &e, s);
    }
    assert_int_equal(det_number(det_only(b, DETECT_OLD_SECRET), "generation"), 4);
    det_end(b);
}

static void a_browser_and_a_token_used_twice_are_told_of(void **state)
{
    struct bench *b = det_begin();
    struct event e = det_attempt(KW_WHY_ALLOWED, "192.0.2.7");

    (void)state;
    e.flags |= EVENT_BROWSER;
    e.agent = STR("Mozilla/5.0");
    det_comes(b, &det_acme, &e, 0);
    det_comes(b, &det_acme, &e, DAY);
    assert_string_equal(det_text(det_only(b, DETECT_BROWSER), "agent"), "Mozilla/5.0");
    e = det_attempt(KW_WHY_TOKEN_REUSED, "192.0.2.7");
    e.flags = EVENT_TLS;
    det_comes(b, &det_acme, &e, DAY);
    det_only(b, DETECT_TOKEN_REUSE);
    det_end(b);
}

static void deny(struct bench *b, int64_t s, enum credential_kind credential)
{
    struct event e = det_attempt(KW_WHY_PERMISSION_DENIED, "192.0.2.1");

    e.credential = credential;
    det_comes(b, &det_acme, &e, s);
}

/* Its holder needs not have the secret: what he does takes nothing from who has. */
static void what_an_access_token_does_is_marked(void **state)
{
    struct bench *b = det_begin();
    struct event e = det_attempt(KW_WHY_ALLOWED, "192.0.2.7");

    (void)state;
    e.flags |= EVENT_BROWSER;
    e.credential = CREDENTIAL_TOKEN;
    det_comes(b, &det_acme, &e, 0);
    assert_true(finding_is_by_token(det_only(b, DETECT_BROWSER)));
    b->n = 0;
    e.credential = CREDENTIAL_KEY;
    det_comes(b, &det_acme, &e, 3 * DAY);
    assert_false(finding_is_by_token(det_only(b, DETECT_BROWSER)));
    det_end(b);
}

/* Nineteen by the token, and the key's own is the twentieth. */
static void what_a_token_and_the_key_did_together_is_marked(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (int i = 0; i < 19; i++)
        deny(b, 0, CREDENTIAL_TOKEN);
    det_restart(b);
    deny(b, 0, CREDENTIAL_KEY);
    assert_true(finding_is_by_token(det_only(b, DETECT_DENIALS)));
    b->n = 0;
    for (int i = 0; i < 20; i++)
        deny(b, DAY, CREDENTIAL_KEY);
    assert_false(finding_is_by_token(det_only(b, DETECT_DENIALS)));
    det_end(b);
}

static void warnings_of_a_rotation_are_findings(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (enum warning w = WARNING_DUE_7; w <= WARNING_OLD_SECRET; w++) {
        struct event e = warning_event(w, 0);
        memcpy(e.key_id, KEY, sizeof e.key_id);
        if (w != WARNING_DUE_1)
            det_comes(b, &det_acme, &e, DAY);
    }
    assert_int_equal(b->n, 2);
    assert_int_equal(det_number(det_only(b, DETECT_ROTATION_DUE), "days"), 7);
    det_only(b, DETECT_ROTATION_OVERDUE);
    det_end(b);
}

static void a_leak_is_told_of_only_where_the_key_works(void **state)
{
    struct bench *b = det_begin();
    struct leak l = {.what = LEAK_FROZE_TRANSACT,
                     .key = STR(KEY),
                     .account = STR("acme"),
                     .environment = KW_PRODUCTION,
                     .url = STR("https://paste.example/x1")};

    (void)state;
    assert_ok(detect_leak(b->d, &l, DET_MONDAY_S * 1000000));
    l.what = LEAK_UNKNOWN_KEY;
    assert_ok(detect_leak(b->d, &l, DET_MONDAY_S * 1000000));
    const struct finding *f = det_only(b, DETECT_LEAK);
    assert_string_equal(f->subject, KEY);
    assert_string_equal(det_text(f, "what"), "froze_transact");
    det_end(b);
}

int main(void)
{
    SUITE_TEST(a_network_that_is_new_to_a_key_is_told_of_once);
    SUITE_TEST(a_young_key_and_one_that_roams_say_nothing_by_it);
    SUITE_TEST(a_new_country_is_told_of_instead_of_its_network);
    SUITE_TEST(a_production_key_where_only_sandbox_keys_lived_is_told_of);
    SUITE_TEST(ten_times_as_much_is_told_of_and_so_is_money);
    SUITE_TEST(money_at_an_hour_at_which_it_never_moved_is_told_of);
    SUITE_TEST(refusals_one_after_the_other_are_told_of);
    SUITE_TEST(a_key_that_slept_for_long_is_told_of_when_it_wakes);
    SUITE_TEST(D11_an_old_secret_is_told_of_once_a_day);
    SUITE_TEST(a_browser_and_a_token_used_twice_are_told_of);
    SUITE_TEST(what_an_access_token_does_is_marked);
    SUITE_TEST(what_a_token_and_the_key_did_together_is_marked);
    SUITE_TEST(warnings_of_a_rotation_are_findings);
    SUITE_TEST(a_leak_is_told_of_only_where_the_key_works);
    return suite_run("watch/detect");
}
