/* detect_suspects.c - nobody hides behind others: neither in the tables of those who are refused nor in how much is told of them. */
#include "detect_kit.h"

#include <stdio.h>

enum { IN_SET = 5, TRIES_MAX = 65536, NO_SET = -1 };

/* ---- the set in which somebody has a place ---- */

static enum kw_err take_set(void *ctx, enum detect_table t, uint32_t no, struct str image)
{
    int64_t *set = ctx;

    (void)image;
    if (t == DETECT_SUSPECTS)
        *set = no;
    return KW_OK;
}

/* That which was changed since it was asked last. */
static int64_t changed_set(struct bench *b)
{
    int64_t set = NO_SET;

    assert_ok(detect_each_changed(b->d, take_set, &set));
    return set;
}

/* A /64 of its own for each number. */
static struct event failure_of(unsigned i)
{
    struct event e = det_attempt(KW_WHY_UNKNOWN_KEY, "2001:db8:1::1");

    e.flags = 0;
    e.source.b[6] = (uint8_t)(i >> 8);
    e.source.b[7] = (uint8_t)i;
    return e;
}

static struct sign_in sign_in_of(char member[16], unsigned i)
{
    snprintf(member, 16, "mem_%u", i);
    return (struct sign_in){.what = SIGN_IN_FAILED,
                            .why = SIGN_IN_WRONG_PASSWORD,
                            .member = str_from(member),
                            .account = STR("acme")};
}

static void fails(struct bench *b, unsigned i, int n, int64_t s)
{
    const struct event e = failure_of(i);

    for (; n > 0; n--)
        det_comes(b, &det_nobody, &e, s);
}

static void fails_to_sign_in(struct bench *b, const struct sign_in *in, int n, int64_t s)
{
    for (; n > 0; n--)
        assert_ok(detect_sign_in(b->d, in, (DET_MONDAY_S + s) * 1000000));
}

/* Sources that have their places in one set: that of the first, or a given one. */
static void find_sources(unsigned out[IN_SET], int64_t set)
{
    struct bench *b = det_begin();
    size_t n = 0;

    for (unsigned i = 0; i < TRIES_MAX && n < IN_SET; i++) {
        fails(b, i, 1, i);
        int64_t its = changed_set(b);
        set = set == NO_SET ? its : set;
        if (its == set)
            out[n++] = i;
    }
    assert_int_equal(n, IN_SET);
    det_end(b);
}

static int64_t find_members(unsigned out[IN_SET], int64_t set)
{
    struct bench *b = det_begin();
    char member[16];
    size_t n = 0;

    for (unsigned i = 0; i < TRIES_MAX && n < IN_SET; i++) {
        const struct sign_in in = sign_in_of(member, i);
        fails_to_sign_in(b, &in, 1, i);
        int64_t its = changed_set(b);
        set = set == NO_SET ? its : set;
        if (its == set)
            out[n++] = i;
    }
    assert_int_equal(n, IN_SET);
    det_end(b);
    return set;
}

/* ---- places ---- */

static void who_failed_a_year_ago_keeps_nobody_from_being_found(void **state)
{
    struct bench *b = det_begin();
    unsigned in_set[IN_SET];

    (void)state;
    find_sources(in_set, NO_SET);
    for (size_t i = 2; i < IN_SET; i++)
        fails(b, in_set[i], 29, 0);
    for (int i = 0; i < 500; i++)
        fails(b, in_set[i % 2], 1, 365 * DAY + i / 10);
    assert_int_equal(det_count(b, DETECT_SOURCE_FAILURES), 2);
    det_end(b);
}

static void who_fails_now_is_not_pushed_out_by_who_fails_once(void **state)
{
    struct bench *b = det_begin();
    unsigned in_set[IN_SET];

    (void)state;
    find_sources(in_set, NO_SET);
    for (size_t i = 1; i < IN_SET; i++)
        fails(b, in_set[i], 25, 0);
    fails(b, in_set[0], 1, 0);
    for (size_t i = 1; i < IN_SET; i++)
        fails(b, in_set[i], 6, 0);
    assert_int_equal(b->n, IN_SET - 1);
    det_end(b);
}

static void nobody_is_locked_out_by_those_who_fail(void **state)
{
    struct bench *b = det_begin();
    unsigned in_set[IN_SET];

    (void)state;
    find_sources(in_set, NO_SET);
    for (size_t i = 1; i < IN_SET; i++)
        fails(b, in_set[i], 25, 0);
    fails(b, in_set[0], 60, 0);
    det_only(b, DETECT_SOURCE_FAILURES);
    det_end(b);
}

static void keys_that_fail_hide_no_member_whose_password_is_tried(void **state)
{
    struct bench *b = det_begin();
    unsigned members[IN_SET], sources[IN_SET];
    char member[16];

    (void)state;
    int64_t set = find_members(members, NO_SET);
    const struct sign_in in = sign_in_of(member, members[0]);
    find_sources(sources, set % 1024);
    for (size_t i = 1; i < IN_SET; i++)
        fails(b, sources[i], 29, 0);
    for (int i = 0; i < 50; i++) {
        fails_to_sign_in(b, &in, 1, i);
        fails(b, sources[0], 1, i);
    }
    det_only(b, DETECT_SIGN_IN_FAILURES);
    det_end(b);
}

static void what_was_only_counted_pushes_nobody_out(void **state)
{
    struct bench *b = det_begin();
    const struct sign_in summed = {.what = SIGN_IN_FAILED, .why = SIGN_IN_BUSY, .summed = 500};
    unsigned in_set[IN_SET];
    char member[16];

    (void)state;
    fails_to_sign_in(b, &summed, 1, 0);
    int64_t set = changed_set(b);
    find_members(in_set, set);
    for (size_t i = 1; i < IN_SET; i++) {
        const struct sign_in in = sign_in_of(member, in_set[i]);
        fails_to_sign_in(b, &in, 9, DAY);
    }
    fails_to_sign_in(b, &summed, 1, DAY);
    b->n = 0;
    for (size_t i = 1; i < IN_SET; i++) {
        const struct sign_in in = sign_in_of(member, in_set[i]);
        fails_to_sign_in(b, &in, 1, DAY);
    }
    assert_int_equal(b->n, IN_SET - 1);
    det_end(b);
}

static void where_somebody_has_his_place_is_the_installations_secret(void **state)
{
    struct bench *b = det_begin();
    int n = 0;

    (void)state;
    for (unsigned i = 0; i < 32; i++) {
        detect_seed(b->d, 1);
        fails(b, i, 1, i);
        int64_t set = changed_set(b);
        detect_seed(b->d, 2);
        fails(b, i, 1, i);
        n += set != changed_set(b);
    }
    assert_true(n >= 30);
    det_end(b);
}

/* ---- how much is told ---- */

static struct event guess(uint32_t i)
{
    struct event e = det_attempt(KW_WHY_WRONG_SECRET, "2001:db8:2::1");

    e.flags = 0;
    e.source.b[6] = (uint8_t)(i >> 8);
    e.source.b[7] = (uint8_t)i;
    return e;
}

static void guess_at(struct bench *b, uint32_t key, const char *account, int n, int64_t s)
{
    const struct detect_who who = {.key = key, .account = str_from(account)};

    for (int i = 0; i < n; i++) {
        const struct event e = guess(key * 16 + (uint32_t)i);
        det_comes(b, &who, &e, s);
    }
}

static void what_an_account_does_not_want_to_hear_uses_up_nothing(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    b->chosen.rule[DETECT_KEY_FAILURES].is_off = true;
    b->chosen.of[KEY_FAILURES_COUNT] = 2;
    b->chosen.of[KEY_FAILURES_WINDOW] = 10;
    for (int i = 0; i < 70; i++)
        guess_at(b, 7, "acme", 2, INT64_C(25) * i);
    guess_at(b, 9, "other", 10, INT64_C(1800));
    det_only(b, DETECT_KEY_FAILURES);
    det_end(b);
}

static void guesses_at_the_keys_of_some_accounts_silence_no_other(void **state)
{
    struct bench *b = det_begin();
    char account[16];

    (void)state;
    for (uint32_t i = 0; i < 400; i++) {
        snprintf(account, sizeof account, "a%u", i / 20);
        guess_at(b, 100 + i, account, 10, 0);
    }
    b->n = 0;
    guess_at(b, 9, "other", 10, 60);
    assert_string_equal(det_only(b, DETECT_KEY_FAILURES)->account, "other");
    det_end(b);
}

static void an_account_hears_of_strangers_so_often_and_no_more(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    for (uint32_t i = 0; i < 200; i++)
        guess_at(b, 100 + i, "a", 10, 0);
    assert_in_range(det_count(b, DETECT_KEY_FAILURES), 5, 30);
    det_end(b);
}

static void a_network_of_our_keys_is_told_of_when_strangers_have_used_up_theirs(void **state)
{
    struct bench *b = det_begin();
    struct event e = det_attempt(KW_WHY_UNKNOWN_KEY, "192.0.2.200");

    (void)state;
    e.flags = 0;
    det_use(b, 0, "192.0.2.7");
    det_restart(b);
    for (unsigned i = 0; i < 200; i++)
        fails(b, i, 30, 3600);
    assert_int_equal(b->n, 60);
    b->n = 0;
    for (int i = 0; i < 30; i++)
        det_comes(b, &det_nobody, &e, 3660);
    assert_string_equal(det_only(b, DETECT_SOURCE_FAILURES)->subject, "192.0.2.200");
    det_end(b);
}

int main(void)
{
    SUITE_TEST(who_failed_a_year_ago_keeps_nobody_from_being_found);
    SUITE_TEST(who_fails_now_is_not_pushed_out_by_who_fails_once);
    SUITE_TEST(nobody_is_locked_out_by_those_who_fail);
    SUITE_TEST(keys_that_fail_hide_no_member_whose_password_is_tried);
    SUITE_TEST(what_was_only_counted_pushes_nobody_out);
    SUITE_TEST(where_somebody_has_his_place_is_the_installations_secret);
    SUITE_TEST(what_an_account_does_not_want_to_hear_uses_up_nothing);
    SUITE_TEST(guesses_at_the_keys_of_some_accounts_silence_no_other);
    SUITE_TEST(an_account_hears_of_strangers_so_often_and_no_more);
    SUITE_TEST(a_network_of_our_keys_is_told_of_when_strangers_have_used_up_theirs);
    return suite_run("watch/detect_suspects");
}
