/* spend_time.c - what is counted in a window is given back to it, whenever the time passes its edge. */
#include <stdio.h>
#include <time.h>

#include "suite.h"
#include "sync/house.h"
#include "sync/spend.h"

/* link_args: -Wl,--wrap=clock_gettime */
int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);

#define HOUR_US (INT64_C(3600) * 1000 * 1000)
#define NOON_US (INT64_C(1800000000) / 3600 * HOUR_US) /* the beginning of an hour */
enum { READINGS_MAX = 12, MS = 1000 };

/* Both clocks stand still but for this: the boot clock goes on by a millisecond when it has been read so often. */
static struct {
    int64_t boot_us, wall_us;
    unsigned readings_left; /* 0: it stands */
} hands;

static int64_t read_boot(void)
{
    if (hands.readings_left > 0 && --hands.readings_left == 0)
        hands.boot_us += MS;
    return hands.boot_us;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
    if (clock != CLOCK_BOOTTIME && clock != CLOCK_REALTIME)
        return __real_clock_gettime(clock, out);
    int64_t us = clock == CLOCK_BOOTTIME ? read_boot() : hands.wall_us;
    *out = (struct timespec){.tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000};
    return 0;
}

static const char per_hour[] = "NGN 2 - 100.00 - -\n", per_day[] = "NGN 2 - - 100.00 -\n",
                  per_month[] = "NGN 2 - - - 100.00\n";

struct trial {
    struct house house;
    struct grant key;
    unsigned n_asked; /* each has an id and a reference of its own */
};

static void open_trial(struct trial *t, const char *rules)
{
    char text[KEY_MAX];
    uint32_t version = 0;

    *t = (struct trial){.n_asked = 0};
    hands.boot_us = HOUR_US;
    hands.wall_us = NOON_US;
    hands.readings_left = 0;
    house_make(&t->house);
    t->key = house_key(&t->house, 1, text);
    assert_ok(
        sync_put_spend_rules(t->house.sync, STR("uid:0"), t->key.slot, str_from(rules), &version));
}

static void close_trial(struct trial *t)
{
    house_clear(&t->house);
}

static struct spend_item sixty(struct trial *t)
{
    struct spend_item i = {.step = SPEND_STEP_RESERVE, .actor = STR("token:1"), .life_s = 900};

    t->n_asked++;
    snprintf(i.r.id, sizeof i.r.id, "%010uRese", t->n_asked);
    snprintf(i.r.key, sizeof i.r.key, "%s", t->key.id);
    snprintf(i.r.reference, sizeof i.r.reference, "payout %u", t->n_asked);
    snprintf(i.r.currency, sizeof i.r.currency, "NGN");
    snprintf(i.r.destination, sizeof i.r.destination, "bank");
    assert_ok(amount_parse(STR("60.00"), AMOUNT_DECIMALS_MAX, &i.r.amount));
    return i;
}

static enum spend_why ask(struct trial *t, struct spend_item *i)
{
    struct spend_item *const one[] = {i};

    sync_spend(t->house.sync, one, 1);
    assert_ok(i->err);
    return i->why;
}

static bool may_spend_sixty(struct trial *t)
{
    struct spend_item i = sixty(t);

    return ask(t, &i) == SPEND_NO_REASON;
}

static void release(struct trial *t, const struct spend_item *before)
{
    struct spend_item i = {.step = SPEND_STEP_RELEASE, .actor = STR("token:1")};

    snprintf(i.r.id, sizeof i.r.id, "%s", before->r.id);
    assert_int_equal(ask(t, &i), SPEND_NO_REASON);
}

/* Once in the new hour: before the release or after it, as the first was counted in the new hour or in the old one. */
static void an_hour_has_its_limit_whenever_its_edge_is_passed(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t, "NGN 2 - 100.00 - -\n");
    for (unsigned i = 1; i <= READINGS_MAX; i++) {
        hands.boot_us = HOUR_US + i * HOUR_US - MS;
        hands.readings_left = i;
        struct spend_item first = sixty(&t);
        assert_int_equal(ask(&t, &first), SPEND_NO_REASON);
        hands.readings_left = 0;
        hands.boot_us = HOUR_US + i * HOUR_US + MS;
        bool before = may_spend_sixty(&t);
        release(&t, &first);
        assert_int_equal(before + may_spend_sixty(&t), 1);
    }
    close_trial(&t);
}

static void set_clock(struct trial *t, int64_t wall_us)
{
    hands.wall_us = wall_us;
    sync_accept_clock(t->house.sync);
}

/* Somebody set the clock years ahead, accepted that, and set it right again: what was spent meanwhile counts now, for this hour. */
static void X5_a_window_of_a_far_future_counts_for_the_current_one_alone(void **state)
{
    const char *rules = *state;
    struct trial t;

    open_trial(&t, rules);
    set_clock(&t, NOON_US + 20000 * HOUR_US);
    struct spend_item early = sixty(&t);
    assert_int_equal(ask(&t, &early), SPEND_NO_REASON);
    set_clock(&t, NOON_US);
    assert_false(may_spend_sixty(&t));
    set_clock(&t, NOON_US + 800 * HOUR_US); /* of the month as well */
    assert_true(may_spend_sixty(&t));
    release(&t, &early); /* to no window that still runs */
    assert_false(may_spend_sixty(&t));
    close_trial(&t);
}

/* The next window was begun before the clock went back a little: what was spent in it counts, and is not given once more when it begins again. */
static void X5_a_window_that_begins_twice_goes_on(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t, "NGN 2 - 100.00 - -\n");
    assert_true(may_spend_sixty(&t));
    set_clock(&t, NOON_US + HOUR_US);
    struct spend_item next = sixty(&t);
    assert_int_equal(ask(&t, &next), SPEND_NO_REASON);
    set_clock(&t, NOON_US + HOUR_US - 1000000);
    assert_false(may_spend_sixty(&t));
    set_clock(&t, NOON_US + HOUR_US);
    assert_false(may_spend_sixty(&t));
    release(&t, &next);
    assert_true(may_spend_sixty(&t));
    close_trial(&t);
}

static bool has_sums(struct trial *t)
{
    struct spend_sums sums;

    assert_ok(store_spend_sums(sync_lock(t->house.sync), t->key.slot, STR("NGN"), &sums));
    sync_unlock(t->house.sync);
    return sums.of[SPEND_PER_DAY].period != 0;
}

static void what_was_spent_is_forgotten_after_ninety_days(void **state)
{
    struct trial t;

    (void)state;
    open_trial(&t, per_day);
    assert_true(may_spend_sixty(&t));
    hands.boot_us += HOUR_US * 24 * 90;
    assert_ok(sync_tend_spends(t.house.sync));
    assert_true(has_sums(&t));
    hands.boot_us += HOUR_US * 24 * 31;
    assert_ok(sync_tend_spends(t.house.sync)); /* the last that there are: from the first again */
    hands.boot_us += HOUR_US;
    assert_ok(sync_tend_spends(t.house.sync));
    assert_false(has_sums(&t));
    close_trial(&t);
}

int main(void)
{
    SUITE_TEST(an_hour_has_its_limit_whenever_its_edge_is_passed);
    suite_add("X5_a_window_of_a_far_future_counts_for_the_current_one_alone", "hour",
              X5_a_window_of_a_far_future_counts_for_the_current_one_alone, per_hour);
    suite_add("X5_a_window_of_a_far_future_counts_for_the_current_one_alone", "day",
              X5_a_window_of_a_far_future_counts_for_the_current_one_alone, per_day);
    suite_add("X5_a_window_of_a_far_future_counts_for_the_current_one_alone", "month",
              X5_a_window_of_a_far_future_counts_for_the_current_one_alone, per_month);
    SUITE_TEST(X5_a_window_that_begins_twice_goes_on);
    SUITE_TEST(what_was_spent_is_forgotten_after_ninety_days);
    return suite_run("sync/spend_time");
}
