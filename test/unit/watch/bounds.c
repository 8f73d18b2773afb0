/* bounds.c - usage.db stays small, whatever comes onto the record. */
#include <stdio.h>
#include <stdlib.h>

#include "kit.h"
#include "watch/daily_book.h"

static const int64_t day_us = INT64_C(86400) * 1000000;

static struct event of_key(char first, uint32_t i, int64_t time_us)
{
    char key[KW_KEY_ID_LEN + 1];

    snprintf(key, sizeof key, "%cQ2mK4T9x%05u", first, i);
    return rig_event(time_us, key);
}

/* As wrong_secret and unknown_key leave them: well-formed ids, as many as a stranger likes to write. */
static void ids_that_no_key_has_take_no_room(void **state)
{
    static struct event events[1000];
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t i = 0; i < COUNT_OF(events); i++) {
        events[i] = of_key('9', i, RIG_NOON);
        events[i].reason = KW_WHY_UNKNOWN_KEY;
        events[i].flags = 0;
    }
    kit_write(&k, RIG_NOON, events, COUNT_OF(events));
    kit_count(&k);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, NULL, NULL).reasons[KW_WHY_UNKNOWN_KEY], 1000);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM subjects"), 0);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM counts"), N_STEPS);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM sources"), 0);
    kit_deinit(&k);
}

/* More than a round takes: it goes on with the next, and a key is asked about once. */
static void forty_thousand_keys_are_counted_in_several_rounds(void **state)
{
    static struct event events[4000];
    struct round_result first;
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t batch = 0; batch < 20; batch++) {
        for (uint32_t i = 0; i < COUNT_OF(events); i++)
            events[i] = of_key('7', (batch * 4000 + i) % 40000, RIG_NOON);
        kit_write(&k, RIG_NOON, events, COUNT_OF(events));
    }
    assert_ok(rounds_run(k.rounds, &first));
    assert_true(first.more && first.batch > 0 && first.batch < 20);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, NULL, "acme").all.allowed, first.batch * 4000);
    assert_int_equal(kit_count(&k).batch, 20);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, NULL, "acme").all.allowed, 80000);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, "7Q2mK4T9x39999", NULL).all.allowed, 2);
    assert_int_equal(k.n_owner, 40000);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM counts"), N_STEPS * 40002);
    kit_deinit(&k);
}

static void from_nets(struct event *events, uint32_t n, uint8_t second, uint8_t flags)
{
    for (uint32_t i = 0; i < n; i++) {
        events[i] = rig_event(RIG_NOON, KIT_KEY);
        events[i].flags = flags;
        events[i].source.b[13] = second;
        events[i].source.b[14] = (uint8_t)i;
    }
}

static uint64_t other_of(const struct kit *k)
{
    return (uint64_t)kit_number(k, "SELECT allowed FROM sources WHERE source = '" DAILY_OTHER "'");
}

static void networks_of_a_key_and_day_have_their_maximum(void **state)
{
    struct event events[200];
    struct kit k;

    (void)state;
    kit_init(&k);
    from_nets(events, 200, 1, EVENT_PROVED);
    kit_write(&k, RIG_NOON, events, 200);
    kit_count(&k);
    kit_write(&k, RIG_NOON, events, 200); /* those that are there go on being told apart */
    kit_count(&k);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM sources"), DAILY_SOURCES_MAX + 1);
    assert_int_equal(other_of(&k), 2 * (200 - DAILY_SOURCES_MAX));
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 400);
    struct ask_answer a = kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL);
    assert_int_equal(a.n_sources, ASK_SOURCES_MAX);
    assert_string_equal(a.sources[0].net, DAILY_OTHER); /* the most frequent */
    kit_deinit(&k);
}

static void strangers_cannot_hide_from_where_a_key_is_really_used(void **state)
{
    struct event events[200];
    struct kit k;

    (void)state;
    kit_init(&k);
    from_nets(events, 200, 1, 0);
    kit_write(&k, RIG_NOON, events, 200);
    kit_count(&k);
    from_nets(events, 10, 2, EVENT_PROVED);
    kit_write(&k, RIG_NOON, events, 10);
    kit_count(&k);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM sources WHERE source LIKE '192.2.%'"), 10);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM sources WHERE source LIKE '192.1.%'"),
                     DAILY_SOURCES_MAX / 2);
    kit_deinit(&k);
}

static void an_ipv6_network_is_a_48(void **state)
{
    struct event events[2] = {rig_event(RIG_NOON, KIT_KEY), rig_event(RIG_NOON, KIT_KEY)};
    struct kit k;

    (void)state;
    kit_init(&k);
    assert_ok(address_parse(STR("2001:db8:1:2::1"), &events[0].source));
    assert_ok(address_parse(STR("2001:db8:1:3::1"), &events[1].source));
    kit_write(&k, RIG_NOON, events, 2);
    kit_count(&k);
    struct ask_answer a = kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL);
    assert_int_equal(a.n_sources, 1);
    assert_string_equal(a.sources[0].net, "2001:db8:1::/48");
    kit_deinit(&k);
}

static void what_is_too_old_goes_and_longer_steps_stay(void **state)
{
    struct event e = rig_event(RIG_NOON, KIT_KEY);
    struct kit k;

    (void)state;
    kit_init(&k);
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    static const struct {
        int64_t days;
        int minutes, hours, n_days, sources;
    } later[] = {{4, 0, 1, 1, 1}, {61, 0, 0, 1, 0}, {402, 0, 0, 0, 0}};
    for (size_t i = 0; i < COUNT_OF(later); i++) {
        struct event now = rig_event(RIG_NOON + later[i].days * day_us, KIT_OTHER);
        char sql[128];
        k.now_us = now.time_us;
        kit_write(&k, now.time_us, &now, 1);
        kit_count(&k);
        kit_write(&k, now.time_us, &now, 1);
        kit_count(&k);
        const int want[] = {later[i].minutes, later[i].hours, later[i].n_days};
        for (enum step s = STEP_MINUTE; (unsigned)s < N_STEPS; s++) {
            snprintf(
                sql,
                sizeof sql, "SELECT count(*) FROM counts JOIN subjects ON no = subject WHERE step = %d AND id = '%s'",
                (int)s, KIT_KEY);
            assert_int_equal(kit_number(&k, sql), want[s]);
        }
        assert_int_equal(
            kit_number(
                &k,
                "SELECT count(*) FROM sources JOIN subjects ON no = subject WHERE id = '" KIT_KEY "'"),
            later[i].sources);
    }
    kit_deinit(&k);
}

static void what_is_too_old_at_once_is_not_written(void **state)
{
    struct event e = rig_event(RIG_NOON, KIT_KEY);
    struct kit k;

    (void)state;
    kit_init(&k);
    k.now_us = RIG_NOON + 100 * day_us; /* as when the file is made anew from an old record */
    kit_write(&k, RIG_NOON, &e, 1);
    kit_count(&k);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM counts WHERE step < 2"), 0);
    assert_int_equal(kit_ask_day(&k, RIG_NOON, KIT_KEY, NULL).all.allowed, 1);
    kit_deinit(&k);
}

/* Rings are hostile input: a time that cannot be would never become too old. */
static void a_time_far_from_the_batch_counts_as_of_the_batch(void **state)
{
    static const int64_t times[] = {RIG_NOON + INT64_C(2) * 60000000, INT64_MAX, INT64_MIN, 0,
                                    RIG_NOON - INT64_C(2) * 86400 * 1000000};
    struct event events[COUNT_OF(times)];
    struct kit k;

    (void)state;
    kit_init(&k);
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        events[i] = rig_event(RIG_NOON, KIT_KEY);
        events[i].time_us = times[i];
    }
    kit_write(&k, RIG_NOON, events, COUNT_OF(events));
    kit_count(&k);
    const struct ask q = {.step = STEP_MINUTE, .first = step_at(STEP_MINUTE, RIG_NOON / 1000), .n = 1};
    assert_int_equal(kit_ask(&k, &q).all.allowed, COUNT_OF(times));
    kit_deinit(&k);
}

int main(void)
{
    SUITE_TEST(ids_that_no_key_has_take_no_room);
    SUITE_TEST(forty_thousand_keys_are_counted_in_several_rounds);
    SUITE_TEST(networks_of_a_key_and_day_have_their_maximum);
    SUITE_TEST(strangers_cannot_hide_from_where_a_key_is_really_used);
    SUITE_TEST(an_ipv6_network_is_a_48);
    SUITE_TEST(what_is_too_old_goes_and_longer_steps_stay);
    SUITE_TEST(what_is_too_old_at_once_is_not_written);
    SUITE_TEST(a_time_far_from_the_batch_counts_as_of_the_batch);
    return suite_run("watch/bounds");
}
