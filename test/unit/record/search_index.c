/* search_index.c - an index leaves out no record that is asked for, and what it takes to look into it is not in vain. */
#include "base/file.h"
#include "record/index.h"
#include "record/search.h"
#include "rig.h"

static enum kw_err count_entry(void *ctx, const struct record_entry *e)
{
    (void)e;
    ++*(size_t *)ctx;
    return KW_OK;
}

/* ---- a clock that went back ---- */

#define HOUR_US  ((int64_t)3600 * 1000000)
#define A_DAY_US (24 * HOUR_US)

/* A batch of that time, with an attempt of that time. */
static void append_at(struct segments *s, int64_t batch_us, int64_t event_us)
{
    struct event e = rig_event(event_us, "7Q2mK4T9xJ1aBd");
    uint8_t bytes[EVENT_MAX];
    struct record record = {RECORD_EVENT, {(char *)bytes, event_encode(&e, bytes)}};

    assert_ok(segments_append(s, &(struct batch_head){.time_us = batch_us}, &record, 1));
}

static size_t until(const struct rig *r, int64_t until_us)
{
    struct record_query q = {.until_us = until_us};
    size_t n = 0;

    assert_ok(search_run(r->audit, &q, count_entry, &n));
    return n;
}

static void assert_reach(const struct rig *r, int32_t day, uint16_t want)
{
    AUTO(file_closep) int fd = -1;
    uint64_t size;
    uint16_t days;

    assert_ok(segment_open(r->audit, day, &fd, &size));
    assert_true(index_reach(r->audit, day, fd, size, &days));
    assert_int_equal(days, want);
    assert_false(index_reach(r->audit, day, fd, size - 1, &days));
}

static void what_a_clock_that_went_back_left_in_a_later_file_is_found(void **state)
{
    const int64_t later = RIG_NOON + 3 * A_DAY_US, last = RIG_NOON + 6 * A_DAY_US;
    struct rig r;
    struct segments *s;

    (void)state;
    rig_init(&r);
    assert_ok(segments_open(&(struct segment_options){r.audit, r.signer, {0}}, &s));
    append_at(s, RIG_NOON, RIG_NOON);
    append_at(s, later, later);
    append_at(s, later,
              RIG_NOON + HOUR_US); /* it was set back, and the batch stays in the newest file */
    append_at(s, later + A_DAY_US, later + A_DAY_US);
    append_at(s, last, last);
    append_at(s, last, RIG_NOON + HOUR_US + 1);
    segments_close(s);
    for (int turn = 0; turn < 3;
         turn++) { /* without indexes, with those of closed days, with their reach */
        assert_int_equal(until(&r, RIG_NOON + 2 * HOUR_US), 3);
        assert_int_equal(until(&r, RIG_NOON + HOUR_US), 1);
        assert_int_equal(until(&r, RIG_NOON), 0);
    }
    assert_reach(&r, RIG_DAY + 3, 3);
    assert_reach(&r, RIG_DAY + 4, 0);
    rig_deinit(&r);
}

/* ---- pages that have had enough at once ---- */

static bool at_once(void *ctx)
{
    (void)ctx;
    return true;
}

/* As many batches as make an index of more than two windows, with a record each. */
static void a_page_is_worth_the_look_into_the_index(void **state)
{
    const uint32_t n = 20000;
    struct search_place ended = {.batch = 0};
    struct record_query q = {.enough = at_once, .ended = &ended};
    struct rig r;
    size_t found = 0, pages = 0;

    (void)state;
    rig_init(&r);
    rig_write(&r, n, 1);
    do {
        const size_t before = found;
        q.before = ended;
        ended.batch = 0;
        assert_ok(search_run(r.audit, &q, count_entry, &found));
        assert_true(found == n || found - before >= 1024);
        assert_true(found - before < 1100);
        pages++;
    } while (ended.batch != 0);
    assert_int_equal(found, n);
    assert_int_equal(pages, (n + 1023) / 1024);
    rig_deinit(&r);
}

int main(void)
{
    SUITE_TEST(what_a_clock_that_went_back_left_in_a_later_file_is_found);
    SUITE_TEST(a_page_is_worth_the_look_into_the_index);
    return suite_run("record/search_index");
}
