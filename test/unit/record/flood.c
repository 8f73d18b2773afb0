/* flood.c - strangers can not fill the record: one by one at first, then in sums. */
#include "record/flood.h"

#include "rig.h"

static struct rig_entries all;

static void strangers_of_one_source_become_one_summary(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, 4096);
    for (int i = 0; i < 3000; i++) {
        struct event e = rig_stranger(RIG_NOON + i, 0xc6336401);
        played_decide(&f.p, RING_UNPROVED, &e);
    }
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.attempts, 3000);
    assert_int_equal(result.records, 21);
    rig_read(&f.rig, &all);
    assert_int_equal(rig_attempts(&all), 3000);
    const struct event *summary = &all.e[all.n - 1].event;
    for (size_t i = 0; i < all.n; i++)
        if (all.e[i].event.kind == EVENT_SUMMARY)
            summary = &all.e[i].event;
    assert_int_equal(summary->kind, EVENT_SUMMARY);
    assert_int_equal(summary->count, 2980);
    assert_int_equal(summary->reason, KW_WHY_WRONG_SECRET);
    assert_int_equal(summary->status, 401);
    assert_int_equal(summary->source.b[15], 1);
    running_end(&f);
}

static void the_next_second_begins_anew(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    for (int s = 0; s < 3; s++) {
        for (int i = 0; i < 30; i++) {
            struct event e = rig_stranger(RIG_NOON + i, 0xc6336401);
            played_decide(&f.p, RING_UNPROVED, &e);
        }
        rig_drain(f.recorder, RIG_NOON + s * (int64_t)1000000, &result);
        assert_int_equal(result.records, 21);
        assert_int_equal(result.attempts, 30);
    }
    running_end(&f);
}

static void strangers_can_not_fill_the_record(void **state)
{
    struct running f;
    struct recorder_result result;
    uint32_t source = 0x0a000000;

    (void)state;
    running_begin(&f, 16384);
    uint32_t records = 0;
    for (int tenth = 0; tenth < 10; tenth++) { /* a second; 4,000 other sources in each tenth of it */
        for (int i = 0; i < 4000; i++) {
            struct event e = rig_stranger(RIG_NOON + i, source++);
            e.reason = i % 2 == 0 ? KW_WHY_WRONG_SECRET : KW_WHY_MISSING_KEY;
            played_decide(&f.p, RING_UNPROVED, &e);
        }
        played_at(&f.p, RING_PROVED, RIG_NOON);
        rig_drain(f.recorder, RIG_NOON + (int64_t)tenth * 100000, &result);
        records += result.records;
    }
    assert_true(records <= 1000 + 10 * (256 + 2) + 10);
    rig_read(&f.rig, &all);
    assert_int_equal(rig_attempts(&all), 40010);
    size_t proved = 0, rest = 0;
    for (size_t i = 0; i < all.n; i++) {
        static const struct address unspecified;
        const struct event *e = &all.e[i].event;
        proved += e->kind == EVENT_DECISION && (e->flags & EVENT_PROVED) != 0;
        rest += e->kind == EVENT_SUMMARY &&
                memcmp(e->source.b, unspecified.b, sizeof unspecified.b) == 0;
    }
    assert_int_equal(proved, 10);
    assert_int_equal(rest, 20);
    running_end(&f);
}

static void G4_addresses_of_one_network_are_one_source(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, 4096);
    for (int i = 0; i < 4096; i++) {
        struct event e = rig_stranger(RIG_NOON, 0);
        e.source = (struct address){{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 7}};
        e.source.b[14] = (uint8_t)(i >> 8);
        e.source.b[15] = (uint8_t)i;
        played_decide(&f.p, RING_UNPROVED, &e);
    }
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.records, 21);
    assert_int_equal(result.attempts, 4096);
    running_end(&f);
}

int main(void)
{
    SUITE_TEST(strangers_of_one_source_become_one_summary);
    SUITE_TEST(the_next_second_begins_anew);
    SUITE_TEST(strangers_can_not_fill_the_record);
    SUITE_TEST(G4_addresses_of_one_network_are_one_source);
    return suite_run("record/flood");
}
