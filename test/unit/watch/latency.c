/* latency.c - how long decisions took is told as exactly as it is promised. */
#include "watch/latency.h"

#include "suite.h"

static void latency_buckets_lie_side_by_side(void **state)
{
    uint32_t last = 0;

    (void)state;
    for (uint32_t ns = 0; ns < 1000000; ns++) {
        uint8_t bucket = latency_bucket(ns);
        assert_true(bucket == last || bucket == last + 1);
        last = bucket;
    }
    assert_int_equal(latency_bucket(UINT32_MAX), LATENCY_BUCKETS - 1);
}

static void latency_the_middle_is_an_eighth_away_at_most(void **state)
{
    (void)state;
    for (uint64_t ns = 1; ns <= UINT32_MAX; ns += 1 + ns / 97) {
        uint32_t middle = latency_middle(latency_bucket((uint32_t)ns));
        uint64_t off = middle > ns ? middle - ns : ns - middle;
        assert_true(off * 8 <= ns);
    }
}

static void add(struct latency *l, uint32_t ns, uint64_t n)
{
    l->n[latency_bucket(ns)] += n;
    l->most_ns = ns > l->most_ns ? ns : l->most_ns;
}

static bool is_near(uint32_t got, uint32_t want)
{
    uint32_t off = got > want ? got - want : want - got;

    return (uint64_t)off * 8 <= want;
}

static void latency_so_many_in_a_hundred_took_no_longer(void **state)
{
    struct latency l = {.most_ns = 0};

    (void)state;
    add(&l, 1000, 50);
    add(&l, 3000, 45);
    add(&l, 20000, 4);
    add(&l, 500000, 1);
    assert_int_equal(latency_count(&l), 100);
    assert_true(is_near(latency_within(&l, 50), 1000));
    assert_true(is_near(latency_within(&l, 51), 3000));
    assert_true(is_near(latency_within(&l, 95), 3000));
    assert_true(is_near(latency_within(&l, 99), 20000));
    assert_true(is_near(latency_within(&l, 100), 500000));
}

static void latency_of_one_decision_is_never_more_than_it(void **state)
{
    struct latency l = {.most_ns = 0};

    (void)state;
    add(&l, 1025, 1); /* the first of its bucket */
    assert_int_equal(latency_within(&l, 50), 1025);
    assert_int_equal(latency_within(&l, 99), 1025);
}

static void latency_of_nothing_is_0(void **state)
{
    const struct latency l = {.most_ns = 0};

    (void)state;
    assert_int_equal(latency_count(&l), 0);
    assert_int_equal(latency_within(&l, 50), 0);
}

static void latency_of_more_than_anybody_counts_does_not_overflow(void **state)
{
    struct latency l = {.most_ns = 0};

    (void)state;
    add(&l, 1000, UINT64_MAX / 2);
    add(&l, 9000, UINT64_MAX / 4);
    assert_true(is_near(latency_within(&l, 50), 1000));
    assert_true(is_near(latency_within(&l, 99), 9000));
}

int main(void)
{
    SUITE_TEST(latency_buckets_lie_side_by_side);
    SUITE_TEST(latency_the_middle_is_an_eighth_away_at_most);
    SUITE_TEST(latency_so_many_in_a_hundred_took_no_longer);
    SUITE_TEST(latency_of_one_decision_is_never_more_than_it);
    SUITE_TEST(latency_of_nothing_is_0);
    SUITE_TEST(latency_of_more_than_anybody_counts_does_not_overflow);
    return suite_run("watch/latency");
}
