/* day_over.c - a day that is over is closed also where nothing is asked: by a batch without records that begins the next one. */
#include <unistd.h>

#include "base/file.h"
#include "record/index.h"
#include "rig.h"

#define DAY_US   ((int64_t)86400 * 1000000)
#define MIDNIGHT (RIG_NOON + DAY_US / 2)
#define IN_TIME  (MIDNIGHT + RECORDER_DAY_OVER_US)

enum { STEP = 13 }; /* bytes: each costs a start or two */

static struct rig_entries all;

static struct recorder_result pass(struct recorder *r, int64_t now_us)
{
    struct recorder_result result = {0};

    rig_drain(r, now_us, &result);
    return result;
}

static struct day_head head_of(const struct running *f, int32_t day)
{
    struct day_head h = {.day = 0};

    assert_ok(day_head_read(f->rig.audit, day, &h));
    return h;
}

static size_t n_days(const struct running *f)
{
    AUTO(days_deinit) struct days days = {0};

    assert_ok(days_list(f->rig.audit, &days));
    return days.n;
}

/* One event, at noon. */
static void begin(struct running *f)
{
    running_begin(f, RIG_SLOTS);
    played_at(&f->p, RING_PROVED, RIG_NOON);
    assert_int_equal(pass(f->recorder, RIG_NOON).batches, 1);
}

static void a_day_that_is_over_is_closed_once(void **state)
{
    struct running f;

    (void)state;
    begin(&f);
    assert_int_equal(pass(f.recorder, MIDNIGHT).batches, 0);
    assert_int_equal(pass(f.recorder, IN_TIME - 1).batches, 0);
    assert_int_equal(n_days(&f), 1);
    const struct recorder_result result = pass(f.recorder, IN_TIME);
    assert_int_equal(result.batches, 1);
    assert_int_equal(result.records, 0);
    for (int i = 1; i < 5; i++)
        assert_int_equal(pass(f.recorder, IN_TIME + i * DAY_US / 5).batches, 0);
    assert_int_equal(n_days(&f), 2);
    assert_int_equal(head_of(&f, RIG_DAY).head.batch, 1);
    assert_int_equal(head_of(&f, RIG_DAY + 1).first, 2);
    running_end(&f);
}

static void what_comes_afterwards_goes_on_behind_it(void **state)
{
    struct running f;

    (void)state;
    begin(&f);
    pass(f.recorder, IN_TIME);
    played_at(&f.p, RING_PROVED, IN_TIME + 7);
    assert_int_equal(pass(f.recorder, IN_TIME + 8).attempts, 1);
    rig_read(&f.rig, &all); /* by way of the index */
    assert_int_equal(all.n, 2);
    assert_int_equal(all.e[1].batch, 3);
    assert_int_equal(head_of(&f, RIG_DAY + 1).head.batch, 3);
    running_end(&f);
}

static void each_idle_day_has_its_end_and_days_without_the_program_have_none(void **state)
{
    struct running f;

    (void)state;
    begin(&f);
    for (int i = 0; i < 3; i++)
        assert_int_equal(pass(f.recorder, IN_TIME + i * DAY_US).batches, 1);
    assert_int_equal(pass(f.recorder, IN_TIME + 9 * DAY_US).batches, 1);
    assert_int_equal(n_days(&f), 5);
    running_end(&f);
}

static void a_record_that_has_not_begun_is_not_begun_by_it(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    assert_int_equal(pass(f.recorder, IN_TIME).batches, 0);
    played_at(&f.p, RING_PROVED, IN_TIME);
    assert_int_equal(pass(f.recorder, IN_TIME).batches, 1);
    running_end(&f);
}

static void a_clock_that_went_back_closes_nothing(void **state)
{
    struct running f;

    (void)state;
    begin(&f);
    pass(f.recorder, IN_TIME);
    assert_int_equal(pass(f.recorder, RIG_NOON - 3 * DAY_US).batches, 0);
    assert_int_equal(pass(f.recorder, IN_TIME).batches, 0);
    assert_int_equal(pass(f.recorder, IN_TIME + DAY_US).batches, 1);
    assert_int_equal(n_days(&f), 3);
    running_end(&f);
}

/* Killed before the file was made, when it was there and empty, in the middle of the batch, and right after it. */
static void wherever_it_was_killed_there_is_one_of_it(void **state)
{
    char path[DAY_PATH_MAX];
    struct running f;

    (void)state;
    begin(&f);
    pass(f.recorder, IN_TIME);
    uint64_t bytes = head_of(&f, RIG_DAY + 1).bytes;
    assert_ok(day_path(f.rig.audit, RIG_DAY + 1, ".seg", path));
    for (uint64_t n = 0; n <= bytes; n = n + STEP < bytes || n == bytes ? n + STEP : bytes) {
        recorder_close(f.recorder);
        assert_int_equal(truncate(path, (off_t)n), 0);
        f.recorder = rig_recorder(&f.rig);
        pass(f.recorder, IN_TIME + (int64_t)n);
        assert_int_equal(head_of(&f, RIG_DAY + 1).head.batch, 2);
        assert_int_equal(head_of(&f, RIG_DAY).head.batch, 1);
        rig_assert_whole(&f.rig);
        recorder_close(f.recorder);
        assert_int_equal(unlink(path), 0);
        f.recorder = rig_recorder(&f.rig);
        pass(f.recorder, IN_TIME);
    }
    running_end(&f);
}

static enum kw_err no_room(void *ctx, int fd, const void *bytes, size_t n, off_t at)
{
    const bool *is_full = ctx;

    return *is_full ? KW_EFULL : file_pwrite(fd, bytes, n, at);
}

static void while_nothing_can_be_written_it_is_tried_again(void **state)
{
    struct recorder_result result;
    struct running f;
    bool is_full = false;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    recorder_close(f.recorder);
    const struct recorder_options o = {.audit_dir = f.rig.audit,
                                       .run_dir = f.rig.run,
                                       .signer = f.rig.signer,
                                       .io = {.ctx = &is_full, .write = no_room}};
    assert_ok(recorder_open(&o, &f.recorder));
    played_at(&f.p, RING_PROVED, RIG_NOON);
    pass(f.recorder, RIG_NOON);
    is_full = true;
    for (int i = 0; i < 3; i++) {
        assert_err(recorder_drain(f.recorder, IN_TIME + i, &result), KW_EFULL);
    }
    is_full = false;
    assert_int_equal(pass(f.recorder, IN_TIME + 4).batches, 1);
    assert_int_equal(head_of(&f, RIG_DAY + 1).head.batch, 2);
    running_end(&f);
}

int main(void)
{
    SUITE_TEST(a_day_that_is_over_is_closed_once);
    SUITE_TEST(what_comes_afterwards_goes_on_behind_it);
    SUITE_TEST(each_idle_day_has_its_end_and_days_without_the_program_have_none);
    SUITE_TEST(a_record_that_has_not_begun_is_not_begun_by_it);
    SUITE_TEST(a_clock_that_went_back_closes_nothing);
    SUITE_TEST(wherever_it_was_killed_there_is_one_of_it);
    SUITE_TEST(while_nothing_can_be_written_it_is_tried_again);
    return suite_run("record/day_over");
}
