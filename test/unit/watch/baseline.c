/* baseline.c - what is usual at an hour is learnt, what is far more is told once, and growth is no alarm. */
#include "watch/baseline.h"

#include "suite.h"

enum { HOUR = 3600, DAY = 86400, WEEK = 7 * DAY };

/* A Monday, 00:00. */
#define MONDAY ((uint32_t)20780 * DAY)

static const struct baseline_limits limits = {
    .times = 4, .least = 60, .first_s = MONDAY, .learn_s = 7 * DAY};

static bool comes(struct baseline *b, uint32_t now_s, uint32_t n, struct baseline_excess *x)
{
    baseline_add(b, now_s, n, &limits);
    return baseline_judge(b, now_s, &limits, x);
}

/* So many in each 10 s of the hours from 8 to 18, on working days; returns how many alarms there were. */
static unsigned weeks(struct baseline *b, uint32_t from_s, unsigned n_weeks, double first,
                      double growth)
{
    struct baseline_excess x;
    unsigned alarms = 0;
    double n = first;

    for (uint32_t s = from_s; s < from_s + n_weeks * WEEK; s += BASELINE_STEP_S) {
        uint32_t hour = s / HOUR % 24, day = (s - MONDAY) / DAY % 7;
        if (day < 5 && hour >= 8 && hour < 18)
            alarms += comes(b, s, (uint32_t)n, &x);
        if (s % DAY == 0)
            n *= growth;
    }
    return alarms;
}

static void what_is_usual_is_no_alarm_and_ten_times_is(void **state)
{
    struct baseline b = {.step = 0};
    struct baseline_excess x;

    (void)state;
    assert_int_equal(weeks(&b, MONDAY, 3, 10, 1), 0);
    uint32_t now = MONDAY + 3 * WEEK + 11 * HOUR;
    assert_false(comes(&b, now, 60, &x));
    assert_false(comes(&b, now + 10, 100, &x));
    assert_true(comes(&b, now + 20, 140, &x));
    assert_int_equal(x.count, 300);
    assert_in_range(x.usual, 56, 60);
    assert_int_equal(b.began_s, now + 20);
}

/* A job of a Wednesday, in 60 s of its hour; so many each week. */
static unsigned jobs(const uint32_t *n, unsigned n_weeks)
{
    const struct baseline_limits l = {.times = 4, .least = 30, .first_s = MONDAY, .learn_s = WEEK};
    struct baseline b = {.step = 0};
    struct baseline_excess x;
    unsigned alarms = 0;

    baseline_add(&b, MONDAY, 1, &l);
    for (uint32_t w = 0; w < n_weeks; w++)
        for (uint32_t i = 0; i < n[w]; i++) {
            uint32_t now = MONDAY + w * WEEK + 2 * DAY + 5 * HOUR + 60 * i / n[w];
            baseline_add(&b, now, 1, &l);
            alarms += baseline_judge(&b, now, &l, &x);
        }
    return alarms;
}

static void a_weekly_job_that_came_low_may_come_high(void **state)
{
    (void)state;
    assert_int_equal(jobs((uint32_t[]){14, 36, 14, 33}, 4), 0);
    assert_int_equal(jobs((uint32_t[]){11, 40}, 2), 0);
    assert_int_equal(jobs((uint32_t[]){23, 120}, 2), 1);
    assert_int_equal(jobs((uint32_t[]){1, 40}, 2), 1);
}

/* The same busiest minute says more where it is one of sixty. */
static void of_many_minutes_the_busiest_is_not_taken_for_the_mean(void **state)
{
    struct baseline alone = {.step = 0}, many = {.step = 0};

    (void)state;
    for (uint32_t s = 0; s <= HOUR; s += 60) {
        baseline_add(&many, MONDAY + s, 16, &limits);
        if (s % HOUR == 0)
            baseline_add(&alone, MONDAY + s, 16, &limits);
    }
    assert_int_equal(baseline_number(many.level[0]), 16);
    assert_in_range(baseline_number(alone.level[0]), 26, 28);
}

static void an_episode_is_told_once_until_it_was_quiet(void **state)
{
    struct baseline b = {.step = 0};
    struct baseline_excess x;
    unsigned told = 0;

    (void)state;
    weeks(&b, MONDAY, 2, 10, 1);
    uint32_t now = MONDAY + 2 * WEEK + 11 * HOUR;
    for (uint32_t s = 0; s < 1200; s += 10)
        told += comes(&b, now + s, 500, &x);
    for (uint32_t s = 1200; s < 1700; s += 10)
        told += comes(&b, now + s, 10, &x);
    told += comes(&b, now + 1700, 3000, &x);
    assert_int_equal(told, 1);
    assert_true(comes(&b, now + 1700 + 60 + BASELINE_QUIET_S + 10, 3000, &x));
}

static void at_night_little_is_far_too_much(void **state)
{
    struct baseline b = {.step = 0};
    struct baseline_excess x;

    (void)state;
    weeks(&b, MONDAY, 3, 100, 1);
    uint32_t night = MONDAY + 3 * WEEK + 2 * HOUR;
    assert_false(comes(&b, night, 400, &x));
    assert_true(comes(&b, night + 10, 400, &x));
}

static void who_grows_tenfold_in_a_month_raises_no_alarm(void **state)
{
    struct baseline b = {.step = 0};

    (void)state;
    assert_int_equal(weeks(&b, MONDAY, 4, 20, 1.08), 0);
}

/* After three weeks of 40 to 60 a minute: so many times as much each hour from `from_h` on. Returns how far it had grown when found. */
static double found_at(uint32_t from_h, double growth, uint32_t times)
{
    const struct baseline_limits l = {.times = times, .least = 30, .first_s = MONDAY, .learn_s = WEEK};
    struct baseline b = {.step = 0};
    uint32_t now = MONDAY, attack = MONDAY + 3 * WEEK + from_h * HOUR;
    double grown = 1;

    for (; grown < 1e6; now += 60) {
        if (now >= attack && now % HOUR == 0)
            grown *= growth;
        baseline_add(&b, now, (uint32_t)(grown * (40 + now / 60 * 7919 % 21)), &l);
        struct baseline_excess x;
        if (baseline_judge(&b, now, &l, &x))
            return grown;
    }
    return grown;
}

static void who_doubles_each_hour_is_found_before_it_is_16_times(void **state)
{
    (void)state;
    for (uint32_t h = 0; h < 24; h++) {
        assert_in_range((int)found_at(h, 2, 5), 4, 15);
        assert_in_range((int)found_at(h, 2, 4), 4, 15);
        assert_in_range((int)found_at(h, 1.2, 5), 4, 15);
    }
}

static void what_stays_six_times_as_much_is_usual_in_days(void **state)
{
    struct baseline b = {.step = 0};

    (void)state;
    assert_int_equal(weeks(&b, MONDAY, 3, 20, 1), 0);
    assert_in_range(weeks(&b, MONDAY + 3 * WEEK, 1, 120, 1), 1, 3);
    assert_int_equal(weeks(&b, MONDAY + 4 * WEEK, 2, 120, 1), 0);
}

/* Payments that begin after it was learnt: so few that they are no alarm, and no alarm is what they grow to. */
static void what_begins_small_later_is_learnt_at_once(void **state)
{
    struct baseline b = {.step = 0};

    (void)state;
    baseline_add(&b, MONDAY, 1, &limits);
    assert_int_equal(weeks(&b, MONDAY + 2 * WEEK, 1, 2, 1.5), 0);
}

static void nothing_is_said_while_it_is_learnt_and_of_small_numbers(void **state)
{
    struct baseline b = {.step = 0};
    struct baseline_excess x;
    const struct baseline_limits l = {.times = 4, .least = 60, .first_s = MONDAY, .learn_s = WEEK};

    (void)state;
    baseline_add(&b, MONDAY, 100000, &l);
    assert_false(baseline_judge(&b, MONDAY, &l, &x));
    b = (struct baseline){.step = 0};
    weeks(&b, MONDAY, 2, 1, 1);
    assert_false(comes(&b, MONDAY + 2 * WEEK + 9 * HOUR, 52, &x)); /* with the six that are usual: 58 */
    assert_true(comes(&b, MONDAY + 2 * WEEK + 9 * HOUR + 10, 60, &x));
}

static void after_a_silence_of_years_it_goes_on(void **state)
{
    struct baseline b = {.step = 0};
    struct baseline_excess x;

    (void)state;
    weeks(&b, MONDAY, 1, 100, 1);
    comes(&b, MONDAY + 520 * WEEK, 1, &x);
    assert_int_equal(b.step, (MONDAY + 520 * WEEK) / 10);
    comes(&b, MONDAY, 1, &x); /* time that goes back counts as now */
    assert_int_equal(b.step, (MONDAY + 520 * WEEK) / 10);
}

static void numbers_too_large_stay_the_largest(void **state)
{
    struct baseline b = {.step = 0};

    (void)state;
    for (uint32_t s = 0; s < 60; s += 10) {
        baseline_add(&b, MONDAY + s, UINT32_MAX, &limits);
        baseline_add(&b, MONDAY + s, UINT32_MAX, &limits);
    }
    assert_int_equal(b.busiest, UINT32_MAX);
}

static void codes_keep_their_order(void **state)
{
    (void)state;
    assert_int_equal(baseline_code(0), 0);
    assert_int_equal(baseline_code(1), 1);
    assert_int_equal(baseline_code(2), 9);
    assert_int_equal(baseline_code(UINT64_MAX), 255);
    for (uint64_t n = 1; n < 100000; n++) {
        assert_true(baseline_code(n) >= baseline_code(n - 1));
        assert_true(baseline_number(baseline_code(n)) <= n);
        assert_true(baseline_number(baseline_code(n)) * 9 / 8 + 1 >= n);
    }
}

static void as_much_as_is_usual_is_never_too_much(void **state)
{
    struct baseline b = {.step = 0};
    struct baseline_excess x;
    const struct baseline_limits l = {
        .times = 4, .least = 1, .first_s = MONDAY, .learn_s = 7 * 24 * HOUR};

    (void)state;
    for (uint32_t s = MONDAY; s < MONDAY + 3 * WEEK; s += HOUR) {
        baseline_add(&b, s, 1, &l);
        assert_false(baseline_judge(&b, s, &l, &x));
    }
}

static void what_varies_much_is_let_no_less_when_it_varies_more(void **state)
{
    struct baseline b = {.step = 0};

    (void)state;
    for (uint32_t s = MONDAY; s < MONDAY + 24 * HOUR; s += HOUR)
        baseline_add(&b, s, 1, &limits);
    for (uint32_t s = MONDAY + 24 * HOUR; s < MONDAY + 48 * HOUR; s += HOUR) {
        uint8_t before = b.spread;
        baseline_add(&b, s, UINT32_MAX, &limits);
        assert_true(b.spread >= before);
    }
    assert_int_equal(b.spread, UINT8_MAX);
}

int main(void)
{
    SUITE_TEST(what_is_usual_is_no_alarm_and_ten_times_is);
    SUITE_TEST(a_weekly_job_that_came_low_may_come_high);
    SUITE_TEST(of_many_minutes_the_busiest_is_not_taken_for_the_mean);
    SUITE_TEST(an_episode_is_told_once_until_it_was_quiet);
    SUITE_TEST(at_night_little_is_far_too_much);
    SUITE_TEST(who_grows_tenfold_in_a_month_raises_no_alarm);
    SUITE_TEST(who_doubles_each_hour_is_found_before_it_is_16_times);
    SUITE_TEST(what_stays_six_times_as_much_is_usual_in_days);
    SUITE_TEST(what_begins_small_later_is_learnt_at_once);
    SUITE_TEST(nothing_is_said_while_it_is_learnt_and_of_small_numbers);
    SUITE_TEST(after_a_silence_of_years_it_goes_on);
    SUITE_TEST(numbers_too_large_stay_the_largest);
    SUITE_TEST(codes_keep_their_order);
    SUITE_TEST(as_much_as_is_usual_is_never_too_much);
    SUITE_TEST(what_varies_much_is_let_no_less_when_it_varies_more);
    return suite_run("watch/baseline");
}
