/* recorder.c - from the rings to the record: each attempt once. hostile.c and crash.c have the bad days. */
#include "record/recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/claim.h"
#include "engine/guard.h"
#include "rig.h"

static struct rig_entries all;
static const char id[] = "7Q2mK4T9xJ1aBd";

static void restart(struct running *f)
{
    recorder_close(f->recorder);
    f->recorder = rig_recorder(&f->rig);
}

/* Times are given in microseconds since noon. */
static void assert_times(const struct rig *r, const int64_t *want, size_t n)
{
    rig_read(r, &all);
    assert_int_equal(all.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(all.e[i].event.time_us, RIG_NOON + want[i]);
}

/* ---- what is there is taken, once ---- */

static void nothing_new_makes_no_batch(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.batches, 0);
    played_at(&f.p, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.batches, 1);
    assert_int_equal(result.attempts, 1);
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.batches, 0);
    running_end(&f);
}

static void events_keep_their_order_and_their_bytes(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    for (int round = 0; round < 5; round++) { /* five times around the ring */
        for (int i = 0; i < RIG_SLOTS; i++)
            played_at(&f.p, RING_PROVED, RIG_NOON + (int64_t)round * 1000 + i);
        rig_drain(f.recorder, RIG_NOON + round, NULL);
        assert_int_equal(played_header(&f.p)->tail[RING_PROVED], RIG_SLOTS * (round + 1));
    }
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 5 * RIG_SLOTS);
    for (size_t i = 0; i < all.n; i++) {
        assert_int_equal(all.e[i].event.position, i);
        assert_int_equal(all.e[i].event.ring, 42);
        assert_int_equal(all.e[i].event.latency_ns, 411);
        assert_memory_equal(all.e[i].event.key_id, id, KW_KEY_ID_LEN);
        assert_string_equal(all.agent[i], "curl/7.88.1");
    }
    running_end(&f);
}

static void rings_are_merged_by_time(void **state)
{
    struct running f;
    struct played other;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_make(&f.rig, 1, 43, RIG_SLOTS, RIG_SLOTS);
    played_open(&f.rig, 1, &other);
    played_at(&f.p, RING_PROVED, RIG_NOON + 10);
    played_at(&f.p, RING_PROVED, RIG_NOON + 40);
    played_at(&f.p, RING_UNPROVED, RIG_NOON + 30);
    played_at(&other, RING_PROVED, RIG_NOON + 20);
    played_at(&other, RING_PROVED, RIG_NOON + 50);
    rig_drain(f.recorder, RIG_NOON + 100, NULL);
    assert_times(&f.rig, (int64_t[]){10, 20, 30, 40, 50}, 5);
    played_die(&other);
    running_end(&f);
}

static void a_time_that_goes_back_does_not_change_the_order_within_a_ring(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_at(&f.p, RING_PROVED, RIG_NOON + 50);
    played_at(&f.p, RING_PROVED, RIG_NOON + 10);
    played_at(&f.p, RING_UNPROVED, RIG_NOON + 20);
    rig_drain(f.recorder, RIG_NOON + 100, NULL);
    assert_times(&f.rig, (int64_t[]){20, 50, 10}, 3);
    running_end(&f);
}

static void more_than_a_batch_takes_several(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, 16384);
    for (int i = 0; i < 10000; i++)
        played_at(&f.p, RING_PROVED, RIG_NOON + i);
    rig_drain(f.recorder, RIG_NOON + 1, &result);
    assert_int_equal(result.batches, 3);
    assert_int_equal(result.records, 10000);
    assert_false(result.more);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 10000);
    for (size_t i = 0; i < all.n; i++)
        assert_int_equal(all.e[i].event.position, i);
    running_end(&f);
}

static void a_busy_ring_does_not_keep_another_waiting(void **state)
{
    struct running f;
    struct played other;

    (void)state;
    running_begin(&f, 16384);
    played_make(&f.rig, 1, 43, RIG_SLOTS, RIG_SLOTS);
    played_open(&f.rig, 1, &other);
    for (int i = 0; i < 16384; i++)
        played_at(&f.p, RING_PROVED, RIG_NOON);
    played_at(&other, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 16385);
    size_t at = 0;
    while (all.e[at].event.ring != 43)
        at++;
    assert_int_equal(all.e[at].batch, 1);
    played_die(&other);
    running_end(&f);
}

static void X1_a_recorder_goes_on_where_the_record_ends(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    for (int i = 0; i < 10; i++)
        played_at(&f.p, RING_PROVED, RIG_NOON + i);
    rig_drain(f.recorder, RIG_NOON, NULL);
    /* As if it had been killed between the batch and the tails. */
    played_header(&f.p)->tail[RING_PROVED] = 3;
    played_at(&f.p, RING_PROVED, RIG_NOON + 10);
    restart(&f);
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_times(&f.rig, (int64_t[]){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 11);
    assert_int_equal(played_header(&f.p)->tail[RING_PROVED], 11);
    running_end(&f);
}

static void the_tail_is_moved_even_when_nothing_is_new(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_at(&f.p, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, NULL);
    played_header(&f.p)->tail[RING_PROVED] = 0;
    restart(&f);
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_int_equal(played_header(&f.p)->tail[RING_PROVED], 1);
    running_end(&f);
}

/* ---- holes ---- */

static void a_hole_is_waited_for_while_its_verifier_lives(void **state)
{
    struct running f;
    struct event e = rig_event(RIG_NOON + 1, id);

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_at(&f.p, RING_PROVED, RIG_NOON);
    uint64_t hole = played_reserve(&f.p, RING_PROVED);
    played_at(&f.p, RING_PROVED, RIG_NOON + 2);
    rig_drain(f.recorder, RIG_NOON, NULL);
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_times(&f.rig, (int64_t[]){0}, 1);
    assert_int_equal(played_header(&f.p)->tail[RING_PROVED], hole);
    played_commit(&f.p, RING_PROVED, hole, &e);
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_times(&f.rig, (int64_t[]){0, 1, 2}, 3);
    running_end(&f);
}

static void X2_the_holes_of_a_dead_verifier_are_gaps_and_its_ring_is_used_again(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_at(&f.p, RING_PROVED, RIG_NOON);
    played_reserve(&f.p, RING_PROVED);
    played_reserve(&f.p, RING_PROVED);
    played_at(&f.p, RING_PROVED, RIG_NOON + 3);
    played_reserve(&f.p, RING_UNPROVED);
    played_at(&f.p, RING_UNPROVED, RIG_NOON + 4);
    played_die(&f.p);
    rig_drain(f.recorder, RIG_NOON + 5, &result);
    assert_int_equal(result.attempts, 6);

    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 5);
    assert_int_equal(rig_attempts(&all), 6);
    size_t gaps = 0, held = 0;
    for (size_t i = 0; i < all.n; i++) {
        if (all.e[i].event.kind != EVENT_GAP)
            continue;
        gaps++;
        held += all.e[i].event.count;
        assert_int_equal(all.e[i].event.reason, KW_WHY_UNAVAILABLE);
    }
    assert_int_equal(gaps, 2);
    assert_int_equal(held, 3);

    played_open(&f.rig, 0, &f.p); /* the lock is free, the ring is empty */
    assert_int_equal(played_header(&f.p)->tail[RING_PROVED], 4);
    assert_int_equal(played_header(&f.p)->tail[RING_UNPROVED], 2);
    played_at(&f.p, RING_PROVED, RIG_NOON + 6);
    rig_drain(f.recorder, RIG_NOON + 7, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(rig_attempts(&all), 7);
    running_end(&f);
}

/* Their counters lie behind the rest of the header. */
static void reasons_that_came_later_are_counted_too(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    *ring_counted(played_header(&f.p), RING_UNPROVED, KW_WHY_UNTRUSTED_PEER) = 5;
    *ring_counted(played_header(&f.p), RING_UNPROVED, KW_WHY_FORWARDED_AMBIGUOUS) = 6;
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.attempts, 11);
    restart(&f); /* what has been told stands in the batch */
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.attempts, 0);

    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.e[0].event.reason, KW_WHY_UNTRUSTED_PEER);
    assert_int_equal(all.e[0].event.count, 5);
    assert_int_equal(all.e[1].event.reason, KW_WHY_FORWARDED_AMBIGUOUS);
    running_end(&f);
}

static void attempts_that_found_the_ring_full_are_gaps(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    *ring_counted(played_header(&f.p), RING_PROVED, KW_WHY_ALLOWED) = 7;
    *ring_counted(played_header(&f.p), RING_UNPROVED, KW_WHY_MISSING_KEY) = 100;
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.attempts, 107);
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.batches, 0);
    *ring_counted(played_header(&f.p), RING_PROVED, KW_WHY_ALLOWED) = 9;
    restart(&f); /* what has been told stands in the batch */
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.attempts, 2);
    *ring_counted(played_header(&f.p), RING_PROVED, KW_WHY_ALLOWED) = 1; /* they only grow */
    rig_drain(f.recorder, RIG_NOON, &result);
    assert_int_equal(result.batches, 0);

    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 3);
    assert_int_equal(rig_attempts(&all), 109);
    assert_int_equal(all.e[0].event.reason, KW_WHY_ALLOWED);
    assert_int_equal(all.e[0].event.flags, EVENT_PROVED);
    assert_int_equal(all.e[1].event.reason, KW_WHY_MISSING_KEY);
    assert_int_equal(all.e[1].event.flags, 0);
    running_end(&f);
}

/* ---- ring files come and go ---- */

static void the_rest_of_a_replaced_file_is_read(void **state)
{
    struct running f;
    struct played fresh;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    rig_drain(f.recorder, RIG_NOON, NULL);
    played_at(&f.p, RING_PROVED, RIG_NOON + 1);
    played_make(&f.rig, 0, 43, RIG_SLOTS, RIG_SLOTS);
    played_open(&f.rig, 0, &fresh);
    played_at(&fresh, RING_PROVED, RIG_NOON + 2);
    rig_drain(f.recorder, RIG_NOON, NULL);
    played_at(&f.p, RING_PROVED, RIG_NOON + 3); /* it has not noticed yet */
    rig_drain(f.recorder, RIG_NOON, NULL);
    played_die(&f.p);
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_times(&f.rig, (int64_t[]){1, 2, 3}, 3);
    f.p = fresh;
    running_end(&f);
}

static void rings_that_went_with_the_power_are_noted_once(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_at(&f.p, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, NULL);
    recorder_close(f.recorder);
    assert_int_equal(unlink(folder_file(&f.rig.folder, "run/rings/000")), 0);
    played_make(&f.rig, 0, 44, RIG_SLOTS, RIG_SLOTS);
    f.recorder = rig_recorder(&f.rig);
    rig_drain(f.recorder, RIG_NOON, NULL);
    restart(&f);
    rig_drain(f.recorder, RIG_NOON, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 2);
    assert_int_equal(all.e[1].event.kind, EVENT_GAP);
    assert_int_equal(all.e[1].event.count, 0);
    assert_string_equal(all.agent[1], "1 rings are gone since the last batch");
    running_end(&f);
}

static void without_rings_there_is_no_folder_and_no_crash(void **state)
{
    struct running f;
    struct recorder_result result;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_die(&f.p);
    assert_int_equal(unlink(folder_file(&f.rig.folder, "run/rings/000")), 0);
    assert_int_equal(rmdir(folder_file(&f.rig.folder, "run/rings")), 0);
    assert_err(recorder_drain(f.recorder, RIG_NOON, &result), KW_ENOTFOUND);
    running_end(&f);
}

static void a_lost_end_of_the_record_is_a_gap(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_at(&f.p, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, NULL);
    /* The ring has gone around twice since; an old copy of the record was put back. */
    played_header(&f.p)->head[RING_PROVED] = (uint64_t)3 * RIG_SLOTS;
    played_header(&f.p)->tail[RING_PROVED] = (uint64_t)3 * RIG_SLOTS;
    restart(&f);
    played_at(&f.p, RING_PROVED, RIG_NOON + 1);
    rig_drain(f.recorder, RIG_NOON, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 3);
    assert_int_equal(rig_attempts(&all), 2 + 3 * RIG_SLOTS - 1);
    running_end(&f);
}

static void the_rings_of_the_engine_are_read(void **state)
{
    struct running f;
    _Atomic int torn = 0;
    struct claim *claim;
    uint64_t position;
    struct event e = rig_event(RIG_NOON, id);

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_die(&f.p);
    assert_ok(claim_open(f.rig.run, &torn, &claim));
    assert_ok(claim_reserve(claim, RING_PROVED, &position));
    claim_fill(claim, RING_PROVED, position, &e);
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_times(&f.rig, (int64_t[]){0}, 1);
    claim_close(claim);
    running_end(&f);
}

static void keep_event(void *ctx, const struct event *e)
{
    *(int64_t *)ctx += e->time_us - RIG_NOON;
}

static void what_is_durable_is_told(void **state)
{
    struct running f;
    int64_t sum = 0;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    struct recorder_options o = {.audit_dir = f.rig.audit,
                                 .run_dir = f.rig.run,
                                 .signer = f.rig.signer,
                                 .ctx = &sum,
                                 .recorded = keep_event};
    recorder_close(f.recorder);
    assert_ok(recorder_open(&o, &f.recorder));
    played_at(&f.p, RING_PROVED, RIG_NOON + 5);
    played_at(&f.p, RING_PROVED, RIG_NOON + 6);
    rig_drain(f.recorder, RIG_NOON, NULL);
    assert_int_equal(sum, 11);
    running_end(&f);
}

int main(void)
{
    SUITE_TEST(nothing_new_makes_no_batch);
    SUITE_TEST(events_keep_their_order_and_their_bytes);
    SUITE_TEST(rings_are_merged_by_time);
    SUITE_TEST(a_time_that_goes_back_does_not_change_the_order_within_a_ring);
    SUITE_TEST(more_than_a_batch_takes_several);
    SUITE_TEST(a_busy_ring_does_not_keep_another_waiting);
    SUITE_TEST(X1_a_recorder_goes_on_where_the_record_ends);
    SUITE_TEST(the_tail_is_moved_even_when_nothing_is_new);
    SUITE_TEST(a_hole_is_waited_for_while_its_verifier_lives);
    SUITE_TEST(X2_the_holes_of_a_dead_verifier_are_gaps_and_its_ring_is_used_again);
    SUITE_TEST(attempts_that_found_the_ring_full_are_gaps);
    SUITE_TEST(reasons_that_came_later_are_counted_too);
    SUITE_TEST(the_rest_of_a_replaced_file_is_read);
    SUITE_TEST(rings_that_went_with_the_power_are_noted_once);
    SUITE_TEST(without_rings_there_is_no_folder_and_no_crash);
    SUITE_TEST(a_lost_end_of_the_record_is_a_gap);
    SUITE_TEST(the_rings_of_the_engine_are_read);
    SUITE_TEST(what_is_durable_is_told);
    return suite_run("record/recorder");
}
