/* month.c - of a month of drawn traffic, what the detectors promise holds: on a seed with which nothing was chosen. */
#include "month.h"

#include "suite.h"

/* As many as a slow machine plays in a minute; `make bench-detect` plays more of the same. */
enum { SEED = 5, KEYS = 100, EACH = 6 };

static struct month month = {.seed = SEED, .n_keys = KEYS, .each = EACH};

/* Played once, for all tests. */
static struct month_figures played(void)
{
    if (SUITE_ASAN || SUITE_TSAN)
        suite_skip("ten times as slow under a sanitizer, which has nothing to see here");
    if (month.quiet.n_events == 0)
        month_play(&month);
    return month_figures(&month);
}

static void nearly_all_medium_attacks_are_found_within_a_minute(void **state)
{
    const struct month_figures f = played();

    (void)state;
    print_message("# medium rate %.3f, p95 %.0f s\n", f.medium_rate, f.medium_delay_p95_s);
    assert_true(f.medium_rate >= MONTH_MEDIUM_RATE);
    assert_true(f.medium_delay_p95_s <= MONTH_MEDIUM_DELAY_S);
}

static void every_strong_attack_that_can_be_found_is(void **state)
{
    (void)state;
    played();
    for (enum attack_kind k = 0; k < N_ATTACKS; k++) {
        const struct score_rate r = score_of(&month.attacked.attacks, k, STRENGTH_STRONG);
        assert_true(r.n_found * 10 >= r.n * 8);
    }
}

static void hardly_an_alarm_is_wrong(void **state)
{
    const struct month_figures f = played();

    (void)state;
    print_message("# %.2f wrong alarms in 100 key-months, %u in quiet\n",
                  f.wrong_per_100_key_months, f.quiet_alarms);
    assert_true(f.wrong_per_100_key_months < MONTH_WRONG_PER_100);
    assert_int_equal(f.quiet_alarms, MONTH_QUIET_ALARMS);
}

int main(void)
{
    SUITE_TEST(nearly_all_medium_attacks_are_found_within_a_minute);
    SUITE_TEST(every_strong_attack_that_can_be_found_is);
    SUITE_TEST(hardly_an_alarm_is_wrong);
    return suite_run("watch/month");
}
