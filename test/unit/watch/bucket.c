/* bucket.c - what comes too often fills it, once an episode; what comes now and then never does. */
#include "watch/bucket.h"

#include "suite.h"

static void so_many_at_once_fill_it_once(void **state)
{
    struct bucket b = {.level = 0};

    (void)state;
    for (uint32_t i = 0; i < 9; i++)
        assert_false(bucket_add(&b, 1000, 1, 10, 600));
    assert_true(bucket_add(&b, 1000, 1, 10, 600));
    assert_false(bucket_add(&b, 1000, 1000000, 10, 600));
    assert_int_equal(b.began_s, 1000);
}

static void what_goes_on_is_the_same_episode_until_it_is_empty(void **state)
{
    struct bucket b = {.level = 0};

    (void)state;
    assert_true(bucket_add(&b, 1000, 10, 10, 600));
    assert_false(bucket_add(&b, 1599, 10, 10, 600));
    assert_true(bucket_add(&b, 1599 + 600, 10, 10, 600));
    assert_int_equal(b.began_s, 1599 + 600);
}

static void what_comes_now_and_then_never_fills_it(void **state)
{
    struct bucket b = {.level = 0};

    (void)state;
    for (uint32_t s = 0; s < 1000000; s += 60)
        assert_false(bucket_add(&b, s, 1, 10, 600));
}

static void the_largest_numbers_do_not_wrap(void **state)
{
    struct bucket b = {.level = 0};

    (void)state;
    assert_true(bucket_add(&b, 1, UINT32_MAX, 1000000, 86400));
    assert_false(bucket_add(&b, 0, UINT32_MAX, 1000000, 10));
    assert_true(bucket_add(&b, UINT32_MAX, UINT32_MAX, 1000000, 10));
}

static void nothing_fades_in_the_first_half_of_its_window(void **state)
{
    struct bucket b = {.level = 0};

    (void)state;
    for (uint32_t s = 0; s < 1800; s += 900)
        assert_false(bucket_add(&b, 1000 + s, 1, 3, 3600));
    assert_true(bucket_add(&b, 1000 + 1800, 1, 3, 3600));
}

static void who_has_done_more_or_later_ranks_higher(void **state)
{
    struct bucket once = {.level = 0}, twice = {.level = 0};

    (void)state;
    bucket_add(&once, 1000, 1, 10, 600);
    bucket_add(&twice, 1000, 2, 10, 600);
    assert_int_equal(bucket_rank_s(&once, 10, 600), 1000 + 60);
    assert_int_equal(bucket_rank_s(&twice, 10, 600), 1000 + 120);
    bucket_add(&once, 1900, 1, 10, 600);
    assert_int_equal(bucket_rank_s(&once, 10, 600), 1900 + 60);
}

int main(void)
{
    SUITE_TEST(so_many_at_once_fill_it_once);
    SUITE_TEST(what_goes_on_is_the_same_episode_until_it_is_empty);
    SUITE_TEST(what_comes_now_and_then_never_fills_it);
    SUITE_TEST(the_largest_numbers_do_not_wrap);
    SUITE_TEST(nothing_fades_in_the_first_half_of_its_window);
    SUITE_TEST(who_has_done_more_or_later_ranks_higher);
    return suite_run("watch/bucket");
}
