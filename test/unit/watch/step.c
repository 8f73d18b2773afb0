/* step.c - moments fall into steps, and steps are kept for their time. */
#include "watch/step.h"

#include "suite.h"

static void step_a_moment_lies_in_one_of_each_kind(void **state)
{
    const int64_t minute = 60000, ms = 20781 * INT64_C(86400000) + 754 * minute + 59999;

    (void)state;
    assert_int_equal(step_at(STEP_DAY, ms), 20781);
    assert_int_equal(step_at(STEP_HOUR, ms), 20781 * 24 + 12);
    assert_int_equal(step_at(STEP_MINUTE, ms), (20781 * 24 + 12) * 60 + 34);
    assert_int_equal(step_at(STEP_MINUTE, ms + 1), (20781 * 24 + 12) * 60 + 35);
}

static void step_what_cannot_be_counted_is_the_nearest(void **state)
{
    (void)state;
    assert_int_equal(step_at(STEP_MINUTE, -1), 0);
    assert_int_equal(step_at(STEP_DAY, INT64_MIN), 0);
    assert_int_equal(step_at(STEP_MINUTE, INT64_MAX), INT32_MAX);
}

static void step_names_go_both_ways_and_others_are_none(void **state)
{
    enum step back;

    (void)state;
    for (enum step s = STEP_MINUTE; (unsigned)s < N_STEPS; s++) {
        assert_true(step_parse(str_from(step_name(s)), &back));
        assert_int_equal(back, s);
    }
    assert_false(step_parse(STR("week"), &back));
    assert_false(step_parse(STR("Hour"), &back));
    assert_false(step_parse(STR(""), &back));
}

static void step_longer_ones_are_kept_for_longer(void **state)
{
    (void)state;
    assert_int_equal(step_kept(STEP_MINUTE) * step_ms(STEP_MINUTE), INT64_C(3) * 86400000);
    assert_int_equal(step_kept(STEP_HOUR) * step_ms(STEP_HOUR), INT64_C(60) * 86400000);
    assert_int_equal(step_kept(STEP_DAY), 400);
}

int main(void)
{
    SUITE_TEST(step_a_moment_lies_in_one_of_each_kind);
    SUITE_TEST(step_what_cannot_be_counted_is_the_nearest);
    SUITE_TEST(step_names_go_both_ways_and_others_are_none);
    SUITE_TEST(step_longer_ones_are_kept_for_longer);
    return suite_run("watch/step");
}
