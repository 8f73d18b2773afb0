/* known.c - what was seen is known; where new ones are usual, another says nothing. */
#include "watch/known.h"

#include "suite.h"

static const struct known_limits two = {true, 2};

static void what_was_seen_is_known_and_what_was_not_is_new(void **state)
{
    struct known k = {.day = 0};

    (void)state;
    assert_int_equal(known_see(&k, 7, 100, two), KNOWN_NEW);
    assert_int_equal(known_see(&k, 7, 100, two), KNOWN_BEFORE);
    assert_int_equal(known_see(&k, 8, 107, two), KNOWN_NEW);
    assert_int_equal(known_see(&k, 7, 108, two), KNOWN_BEFORE);
    assert_int_equal(known_see(&k, 0, 120, two), KNOWN_NEW);
    assert_int_equal(known_see(&k, 0, 120, two), KNOWN_BEFORE);
}

static void where_one_comes_every_day_another_is_usual(void **state)
{
    struct known k = {.day = 0};
    unsigned told = 0;

    (void)state;
    for (uint32_t day = 0; day < 60; day++)
        told += known_see(&k, 1000 + day, 20000 + day, two) == KNOWN_NEW;
    assert_in_range(told, 1, 3);
    assert_int_equal(known_see(&k, 5, 20060, two), KNOWN_NEW_AS_USUAL);
    assert_int_equal(known_see(&k, 6, 20160, two), KNOWN_NEW); /* it has settled since */
}

static void while_it_is_learnt_the_first_few_do_not_count(void **state)
{
    struct known k = {.day = 0}, other = {.day = 0};

    (void)state;
    for (uint64_t i = 1; i <= KNOWN_FREE; i++)
        known_see(&k, i, 1, (struct known_limits){false, 2});
    assert_int_equal(known_see(&k, 99, 1, two), KNOWN_NEW);
    for (uint64_t i = 1; i <= (uint64_t)2 * KNOWN_FREE; i++)
        known_see(&other, i, 1, (struct known_limits){false, 2});
    assert_int_equal(known_see(&other, 99, 1, two), KNOWN_NEW_AS_USUAL);
}

static void who_came_longest_ago_is_forgotten_first(void **state)
{
    struct known k = {.day = 0};

    (void)state;
    for (uint64_t i = 1; i <= KNOWN_MAX; i++)
        known_see(&k, i, 1, two);
    assert_int_equal(known_see(&k, 1, 1, two), KNOWN_BEFORE);
    known_see(&k, 100, 1, two); /* takes the place of 2 */
    assert_int_equal(known_see(&k, 1, 1, two), KNOWN_BEFORE);
    assert_int_not_equal(known_see(&k, 2, 1, two), KNOWN_BEFORE);
}

static void days_that_go_back_or_far_on_do_no_harm(void **state)
{
    struct known k = {.day = 0};

    (void)state;
    known_see(&k, 1, 65535, two);
    assert_int_equal(known_see(&k, 2, 3, two), KNOWN_NEW);
    assert_int_equal(known_see(&k, 3, UINT32_MAX, two), KNOWN_NEW);
}

int main(void)
{
    SUITE_TEST(what_was_seen_is_known_and_what_was_not_is_new);
    SUITE_TEST(where_one_comes_every_day_another_is_usual);
    SUITE_TEST(while_it_is_learnt_the_first_few_do_not_count);
    SUITE_TEST(who_came_longest_ago_is_forgotten_first);
    SUITE_TEST(days_that_go_back_or_far_on_do_no_harm);
    return suite_run("watch/known");
}
