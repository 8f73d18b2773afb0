/* known.c - what was seen is known; where new ones are usual, another says nothing. */
#include "watch/known.h"

#include "suite.h"

static void what_was_seen_is_known_and_what_was_not_is_new(void **state)
{
    struct known k = {.day = 0};

    (void)state;
    assert_int_equal(known_see(&k, 7, 100, 2), KNOWN_NEW);
    assert_int_equal(known_see(&k, 7, 100, 2), KNOWN_BEFORE);
    assert_int_equal(known_see(&k, 8, 107, 2), KNOWN_NEW);
    assert_int_equal(known_see(&k, 7, 108, 2), KNOWN_BEFORE);
    assert_int_equal(known_see(&k, 0, 120, 2), KNOWN_NEW);
    assert_int_equal(known_see(&k, 0, 120, 2), KNOWN_BEFORE);
}

static void where_one_comes_every_day_another_is_usual(void **state)
{
    struct known k = {.day = 0};
    unsigned told = 0;

    (void)state;
    for (uint32_t day = 0; day < 60; day++)
        told += known_see(&k, 1000 + day, 20000 + day, 2) == KNOWN_NEW;
    assert_in_range(told, 1, 3);
    assert_int_equal(known_see(&k, 5, 20060, 2), KNOWN_NEW_AS_USUAL);
    assert_int_equal(known_see(&k, 6, 20160, 2), KNOWN_NEW); /* it has settled since */
}

static void who_came_longest_ago_is_forgotten_first(void **state)
{
    struct known k = {.day = 0};

    (void)state;
    for (uint64_t i = 1; i <= KNOWN_MAX; i++)
        known_see(&k, i, 1, 2);
    assert_int_equal(known_see(&k, 1, 1, 2), KNOWN_BEFORE);
    known_see(&k, 100, 1, 2); /* takes the place of 2 */
    assert_int_equal(known_see(&k, 1, 1, 2), KNOWN_BEFORE);
    assert_int_not_equal(known_see(&k, 2, 1, 2), KNOWN_BEFORE);
}

static void days_that_go_back_or_far_on_do_no_harm(void **state)
{
    struct known k = {.day = 0};

    (void)state;
    known_see(&k, 1, 65535, 2);
    assert_int_equal(known_see(&k, 2, 3, 2), KNOWN_NEW);
    assert_int_equal(known_see(&k, 3, UINT32_MAX, 2), KNOWN_NEW);
}

int main(void)
{
    SUITE_TEST(what_was_seen_is_known_and_what_was_not_is_new);
    SUITE_TEST(where_one_comes_every_day_another_is_usual);
    SUITE_TEST(who_came_longest_ago_is_forgotten_first);
    SUITE_TEST(days_that_go_back_or_far_on_do_no_harm);
    return suite_run("watch/known");
}
