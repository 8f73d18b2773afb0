/* attempts.c - guessing comes to an end, the lock does too, and nobody can lock an owner out of a place that he knows. */
#include "jobs/attempts.h"

#include <stdio.h>

#include "suite.h"

#define MINUTE INT64_C(60000)

static const int64_t start = 1700000000000;

struct place { /* a source of its own for each number */
    uint8_t b[16];
};

static struct place v4(unsigned n)
{
    return (struct place){
        {[10] = 0xff, [11] = 0xff, 10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n}};
}

static struct attempts *fresh(void)
{
    struct attempts *t;

    assert_ok(attempts_new(&attempts_to_sign_in, &t));
    return t;
}

static bool try_at(struct attempts *t, const struct place *from, const char *email, int64_t now_ms)
{
    return attempts_take(t, &(struct attempt){from->b, str_from(email), false}, now_ms, NULL);
}

static void links_by_mail_are_few_an_hour_for_an_address_wherever_they_are_asked_from(void **state)
{
    AUTO(attempts_freep) struct attempts *t = NULL;
    struct place here = v4(1);

    (void)state;
    assert_ok(attempts_new(&attempts_to_reset, &t));
    for (int i = 0; i < 3; i++)
        assert_true(try_at(t, &here, "anna@x.example", start));
    assert_false(try_at(t, &here, "anna@x.example", start));
    for (unsigned i = 0; i < 4; i++) {
        struct place there = v4(2 + i);
        assert_int_equal(try_at(t, &there, "anna@x.example", start), i < 2);
    }
    assert_true(try_at(t, &here, "anna@x.example", start + 60 * MINUTE));
}

static void five_failures_lock_the_pair_for_a_quarter_of_an_hour(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = v4(1), there = v4(2);
    struct attempt a = {here.b, STR("anna@x.example"), false};
    uint32_t retry_s = 0;

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_true(attempts_take(t, &a, start + i, NULL));
    assert_false(attempts_take(t, &a, start + 4, &retry_s));
    assert_int_equal(retry_s, 900);
    assert_false(try_at(t, &here, "ANNA@x.EXAMPLE", start + 4)); /* the same one */
    assert_true(try_at(t, &here, "bert@x.example", start + 4));
    assert_true(try_at(t, &there, "anna@x.example", start + 4));
    assert_false(attempts_take(t, &a, start + 4 + 15 * MINUTE - 1, &retry_s));
    assert_int_equal(retry_s, 1);
    assert_true(attempts_take(t, &a, start + 4 + 15 * MINUTE, NULL));
}

static void failures_of_another_quarter_of_an_hour_do_not_count(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = v4(1);

    (void)state;
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 4; i++)
            assert_true(try_at(t, &here, "anna@x.example", start + round * (15 * MINUTE)));
}

static void success_clears_the_pair_and_takes_back_its_own(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = v4(1);
    struct attempt a = {here.b, STR("anna@x.example"), false};

    (void)state;
    for (int i = 0; i < 200; i++) { /* more than any limit: none of them is a failure */
        assert_true(attempts_take(t, &a, start, NULL));
        attempts_succeed(t, &a);
    }
    for (int i = 0; i < 4; i++)
        assert_true(attempts_take(t, &a, start, NULL));
    assert_true(attempts_take(t, &a, start, NULL));
    attempts_succeed(t, &a);
    for (int i = 0; i < 5; i++)
        assert_true(attempts_take(t, &a, start, NULL));
    assert_false(attempts_take(t, &a, start, NULL));
}

static void what_is_returned_neither_counts_nor_forgives(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = v4(1);
    struct attempt a = {here.b, STR("anna@x.example"), false};

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_true(attempts_take(t, &a, start, NULL));
    for (int i = 0; i < 200; i++) {
        assert_true(attempts_take(t, &a, start, NULL));
        attempts_return(t, &a);
    }
    assert_true(attempts_take(t, &a, start, NULL));
    assert_false(attempts_take(t, &a, start, NULL));
}

static void a_source_has_fifty(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = v4(1), there = v4(2);
    char email[32];

    (void)state;
    for (int i = 0; i < 50; i++) {
        snprintf(email, sizeof email, "m%d@x.example", i);
        assert_true(try_at(t, &here, email, start));
    }
    assert_false(try_at(t, &here, "anna@x.example", start + 15 * MINUTE - 1));
    assert_true(try_at(t, &there, "anna@x.example", start));
    assert_true(try_at(t, &here, "anna@x.example", start + 15 * MINUTE));
}

static void what_is_locked_costs_its_source_all_the_same(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = v4(1), there = v4(2);
    struct attempt a = {here.b, STR("anna@x.example"), true};

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_true(attempts_take(t, &a, start, NULL));
    for (int i = 5; i < 50; i++) {
        assert_false(attempts_take(t, &a, start, NULL));
        assert_true(attempts_take_work(t, &a, start));
    }
    assert_false(attempts_take_work(t, &a, start + 15 * MINUTE - 1));
    assert_false(try_at(t, &here, "bert@x.example", start + 15 * MINUTE - 1));
    assert_true(try_at(t, &there, "anna@x.example", start));
    assert_true(attempts_take_work(t, &a, start + 15 * MINUTE));
    assert_true(try_at(t, &here, "anna@x.example",
                       start + 15 * MINUTE)); /* the pair's lock is not longer for it */
}

static void addresses_of_one_64_are_one_source(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = {{0x20, 0x01, 0x0d, 0xb8}}, beside = {{0x20, 0x01, 0x0d, 0xb8, [7] = 1}};

    (void)state;
    for (int i = 0; i < 5; i++) {
        here.b[15] = (uint8_t)i;
        assert_true(try_at(t, &here, "anna@x.example", start));
    }
    here.b[8] = 0x77;
    assert_false(try_at(t, &here, "anna@x.example", start));
    assert_true(try_at(t, &beside, "anna@x.example", start));
}

static void an_email_has_a_hundred_but_for_places_that_it_knows(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place home = v4(7777);
    struct attempt known = {home.b, STR("anna@x.example"), true}, strange = known;

    (void)state;
    strange.known_place = false;
    for (unsigned i = 0; i < 100; i++) {
        struct place from = v4(i);
        assert_true(try_at(t, &from, "anna@x.example", start));
    }
    assert_false(attempts_take(t, &strange, start + 60 * MINUTE - 1, NULL));
    for (int i = 0; i < 5; i++)
        assert_true(attempts_take(t, &known, start, NULL));
    assert_false(attempts_take(t, &known, start, NULL)); /* the pair's own five remain */
    assert_true(attempts_take(t, &strange, start + 60 * MINUTE, NULL));
}

static void a_clock_that_goes_back_forgives_nothing(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = v4(1);
    struct attempt a = {here.b, STR("anna@x.example"), false};
    uint32_t retry_s = 0;

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_true(attempts_take(t, &a, start, NULL));
    assert_false(attempts_take(t, &a, 0, &retry_s));
    assert_int_equal(retry_s, 900);
}

static void strangers_without_number_do_no_harm(void **state)
{
    AUTO(attempts_freep) struct attempts *t = fresh();
    struct place here = v4(1 << 20);
    char email[32];

    (void)state;
    for (unsigned i = 0; i < 50000; i++) {
        struct place from = v4(i);
        snprintf(email, sizeof email, "m%u@x.example", i);
        assert_true(try_at(t, &from, email, start));
    }
    for (int i = 0; i < 5; i++)
        assert_true(try_at(t, &here, "anna@x.example", start + 1));
    assert_false(try_at(t, &here, "anna@x.example", start + 1));
}

int main(void)
{
    SUITE_TEST(links_by_mail_are_few_an_hour_for_an_address_wherever_they_are_asked_from);
    SUITE_TEST(five_failures_lock_the_pair_for_a_quarter_of_an_hour);
    SUITE_TEST(failures_of_another_quarter_of_an_hour_do_not_count);
    SUITE_TEST(success_clears_the_pair_and_takes_back_its_own);
    SUITE_TEST(what_is_returned_neither_counts_nor_forgives);
    SUITE_TEST(a_source_has_fifty);
    SUITE_TEST(what_is_locked_costs_its_source_all_the_same);
    SUITE_TEST(addresses_of_one_64_are_one_source);
    SUITE_TEST(an_email_has_a_hundred_but_for_places_that_it_knows);
    SUITE_TEST(a_clock_that_goes_back_forgives_nothing);
    SUITE_TEST(strangers_without_number_do_no_harm);
    return suite_run("jobs/attempts");
}
