/* usage.c - a thread counts, and whoever needs it now waits no longer than he wants to. */
#include "watch/usage.h"

#include <unistd.h>

#include "base/clock.h"
#include "kit.h"

enum { LONG_MS = 20000, SHORT_MS = 50 };

static struct usage *begin(struct kit *k)
{
    struct usage *u;

    kit_init(k);
    rounds_free(k->rounds);
    k->rounds = NULL;
    const struct round_options o = kit_options(k);
    assert_ok(usage_start(&o, &u));
    return u;
}

static void end(struct kit *k, struct usage *u)
{
    usage_stop(u);
    kit_deinit(k);
}

static void write_one(struct kit *k)
{
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    kit_write(k, RIG_NOON, &e, 1);
}

static void usage_what_is_waited_for_is_counted_at_once(void **state)
{
    struct kit k;
    struct usage *u = begin(&k);
    struct round_result result;
    uint64_t begun_us = clock_boot_us();

    (void)state;
    for (uint64_t i = 1; i <= 5; i++) {
        write_one(&k);
        usage_wait(u, i, LONG_MS, &result);
        assert_int_equal(result.batch, i);
        assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, i);
    }
    assert_true(clock_boot_us() - begun_us < UINT64_C(15) * 1000000); /* not once every five seconds */
    end(&k, u);
}

static void usage_nobody_waits_longer_than_he_wants_to(void **state)
{
    struct kit k;
    struct usage *u = begin(&k);
    struct round_result result;

    (void)state;
    write_one(&k);
    usage_wait(u, 1, LONG_MS, &result);
    usage_wait(u, 99, SHORT_MS, &result); /* never comes */
    assert_int_equal(result.batch, 1);
    assert_int_equal(result.time_us, RIG_NOON);
    end(&k, u);
}

static void usage_in_doubt_is_counted_anew(void **state)
{
    struct kit k;
    struct usage *u = begin(&k);
    struct round_result result;

    (void)state;
    write_one(&k);
    usage_wait(u, 1, LONG_MS, &result);
    usage_doubt(u);
    for (int tries = 0;
         tries < 1000 && access(folder_file(&k.rig.folder, "usage.db.damaged"), F_OK) != 0; tries++)
        usleep(10000);
    write_one(&k);
    usage_wait(u, 2, LONG_MS, &result);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 2);
    end(&k, u);
}

static void usage_that_is_stopped_goes_on_with_the_next_start(void **state)
{
    struct kit k;
    struct usage *u = begin(&k);
    struct round_result result;
    const struct round_options o = kit_options(&k);

    (void)state;
    write_one(&k);
    usage_stop(u);
    assert_ok(usage_start(&o, &u));
    write_one(&k);
    usage_wait(u, 2, LONG_MS, &result);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 2);
    end(&k, u);
}

static void usage_tells_how_far_behind_it_is(void **state)
{
    struct kit k;
    struct usage *u = begin(&k);
    struct round_result result;
    struct usage_state s;

    (void)state;
    write_one(&k);
    uint64_t before_us = clock_boot_us();
    usage_wait(u, 1, LONG_MS, &result);
    usage_state(u, &s);
    assert_int_equal(s.batch, 1);
    assert_int_equal(s.err, KW_OK);
    assert_true(result.is_whole &&
                s.lag_us <= clock_boot_us() - before_us + UINT64_C(1000) * SHORT_MS);
    uint64_t lag_us = s.lag_us;
    write_one(&k);
    k.durable = 0; /* the disk is full: nothing is counted now */
    usage_wait(u, 2, 20 * SHORT_MS, &result);
    usage_state(u, &s);
    assert_false(result.is_whole);
    assert_int_equal(s.batch, 1);
    assert_true(s.lag_us >= lag_us + UINT64_C(20000) * SHORT_MS);
    end(&k, u);
}

int main(void)
{
    SUITE_TEST(usage_tells_how_far_behind_it_is);
    SUITE_TEST(usage_what_is_waited_for_is_counted_at_once);
    SUITE_TEST(usage_nobody_waits_longer_than_he_wants_to);
    SUITE_TEST(usage_in_doubt_is_counted_anew);
    SUITE_TEST(usage_that_is_stopped_goes_on_with_the_next_start);
    return suite_run("watch/usage");
}
