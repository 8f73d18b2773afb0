/* detect_spend.c - of each currency that a key spends its habits are kept, and what is just under the limit is counted. */
#include "detect_kit.h"

#include <stdio.h>

enum { CURRENCIES = 16, ENOUGH = 150 };

/* "AAA", "BAA": a currency each. */
static const char *currency(int i)
{
    static char text[4];

    snprintf(text, sizeof text, "%cAA", 'A' + i);
    return text;
}

static void spend_in_all(struct bench *b, int n)
{
    for (int64_t i = 0; i < (int64_t)n * ENOUGH; i++)
        det_reserve(b, i * 60, SPEND_DID_RESERVE, currency((int)(i % n)), "10.00");
}

static void the_habits_of_sixteen_currencies_are_known(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    spend_in_all(b, CURRENCIES);
    det_restart(b);
    for (int i = 0; i < CURRENCIES; i++)
        det_reserve(b, 10 * DAY, SPEND_DID_RESERVE, currency(i), "1000000.00");
    assert_int_equal(det_count(b, DETECT_SPEND_AMOUNT), CURRENCIES);
    det_end(b);
}

static void what_is_refused_or_seldom_takes_no_place_of_what_is_known(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    spend_in_all(b, 2);
    for (int i = 2; i < 26; i++) {
        det_reserve(b, DAY, SPEND_DID_REFUSE, currency(i), "0.01");
        det_reserve(b, DAY, SPEND_DID_RESERVE, currency(i), "0.01");
    }
    det_reserve(b, DAY, SPEND_DID_RESERVE, currency(0), "1000000.00");
    det_only(b, DETECT_SPEND_AMOUNT);
    det_end(b);
}

static void a_currency_that_was_unused_for_weeks_makes_room(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    spend_in_all(b, CURRENCIES);
    for (int64_t i = 0; i < ENOUGH; i++)
        det_reserve(b, 60 * DAY + i, SPEND_DID_RESERVE, "ZZZ", "10.00");
    det_reserve(b, 61 * DAY, SPEND_DID_RESERVE, "ZZZ", "1000000.00");
    det_only(b, DETECT_SPEND_AMOUNT);
    det_end(b);
}

static void three_just_under_the_limit_within_half_an_hour_are_told_of(void **state)
{
    struct bench *b = det_begin();

    (void)state;
    b->most = "100.00";
    for (int64_t i = 0; i < 3; i++) {
        assert_int_equal(b->n, 0);
        det_reserve(b, i * 600, SPEND_DID_RESERVE, "USD", "99.00");
    }
    det_only(b, DETECT_SPEND_EDGE);
    b->n = 0;
    for (int64_t i = 0; i < 50; i++)
        det_reserve(b, DAY + i * 1200, SPEND_DID_RESERVE, "EUR", "99.00");
    assert_int_equal(b->n, 0);
    det_end(b);
}

int main(void)
{
    SUITE_TEST(the_habits_of_sixteen_currencies_are_known);
    SUITE_TEST(what_is_refused_or_seldom_takes_no_place_of_what_is_known);
    SUITE_TEST(a_currency_that_was_unused_for_weeks_makes_room);
    SUITE_TEST(three_just_under_the_limit_within_half_an_hour_are_told_of);
    return suite_run("watch/detect_spend");
}
