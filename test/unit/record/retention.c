/* retention.c - old days go, the record says so first, and what somebody deleted is told apart. */
#include "record/retention.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "rig.h"

#define DAY_US ((int64_t)86400 * 1000000)

/* Ten days with two batches each, from 2026-11-24 on: batches 1 and 2, 3 and 4, … */
enum { DAYS = 10 };

struct fixture {
    struct rig rig;
    struct recorder *recorder;
    struct verify_report report;
    struct retention_cut cut;
};

static int64_t on_day(int n)
{
    return RIG_NOON + n * DAY_US;
}

static void record(struct fixture *f, int64_t time_us)
{
    struct recorder_result result;
    const struct sign_in in = {.time_us = time_us, .what = SIGN_IN_DONE};

    recorder_sign_in(f->recorder, &in);
    assert_int_equal(recorder_drain(f->recorder, time_us, &result), KW_OK);
    assert_int_equal(result.batches, 1);
}

static void begin(struct fixture *f)
{
    rig_init(&f->rig);
    f->recorder = rig_recorder(&f->rig);
    for (int i = 0; i < DAYS; i++) {
        record(f, on_day(i));
        record(f, on_day(i) + 1000000);
    }
}

static void end(struct fixture *f)
{
    recorder_close(f->recorder);
    rig_deinit(&f->rig);
}

static void restart(struct fixture *f)
{
    recorder_close(f->recorder);
    f->recorder = rig_recorder(&f->rig);
}

static const char *verified(struct fixture *f)
{
    assert_ok(verify_folder(f->rig.audit, f->rig.public_key, NULL, &f->report));
    return f->report.what;
}

static void note(struct fixture *f, int64_t now_us)
{
    struct recorder_result result;

    recorder_keep_from(f->recorder, &f->cut);
    assert_false(recorder_is_kept_from(f->recorder, &f->cut));
    assert_ok(recorder_drain(f->recorder, now_us, &result));
    assert_true(recorder_is_kept_from(f->recorder, &f->cut));
}

static size_t dropped(struct fixture *f)
{
    size_t n;

    assert_ok(retention_drop(f->rig.audit, f->cut.first_day, &n));
    return n;
}

static bool is_there(const struct fixture *f, int n, const char *suffix)
{
    char path[DAY_PATH_MAX];
    struct stat st;

    assert_ok(day_path(f->rig.audit, RIG_DAY + n, suffix, path));
    return stat(path, &st) == 0;
}

static void delete_day(const struct fixture *f, int n)
{
    char path[DAY_PATH_MAX];

    assert_ok(day_path(f->rig.audit, RIG_DAY + n, ".seg", path));
    assert_int_equal(unlink(path), 0);
}

static enum kw_err plan(struct fixture *f, uint32_t keep, int64_t now_us, uint64_t counted)
{
    return retention_plan(f->rig.audit, keep, now_us, counted, &f->cut);
}

static const struct asked {
    const char *why;
    uint32_t keep;
    int today;
    uint64_t counted;
    size_t n;
} asked[] = {
    {"for ever", 0, 5000, UINT64_MAX, 0},
    {"none is older", 9, 9, UINT64_MAX, 0},
    {"one is", 8, 9, UINT64_MAX, 1},
    {"today and yesterday stay", 1, 9, UINT64_MAX, 8},
    {"the newest stays, however old", 1, 5000, UINT64_MAX, 9},
    {"a clock before all of it", 1, -400, UINT64_MAX, 0},
    {"nothing is counted", 1, 9, 0, 0},
    {"the second day is not counted to its end", 1, 9, 3, 1},
    {"the second day is counted", 1, 9, 4, 2},
};

static void only_days_that_are_old_and_counted_go(void **state)
{
    const struct asked *a = *state;
    struct fixture f;

    begin(&f);
    enum kw_err err = plan(&f, a->keep, on_day(a->today), a->counted);
    assert_int_equal(err, a->n == 0 ? KW_ENOTFOUND : KW_OK);
    if (a->n > 0) {
        assert_int_equal(f.cut.n_days, a->n);
        assert_int_equal(f.cut.first_day, RIG_DAY + (int)a->n);
        assert_int_equal(f.cut.from_batch, 1);
        assert_int_equal(f.cut.first_batch, 1 + 2 * a->n);
    }
    end(&f);
}

static void what_was_dropped_is_on_the_record_and_the_rest_is_whole(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    assert_ok(plan(&f, 6, on_day(9), UINT64_MAX));
    note(&f, on_day(9) + 2000000);
    assert_int_equal(dropped(&f), 3);
    for (int i = 0; i < DAYS; i++)
        assert_int_equal(is_there(&f, i, ".seg"), i >= 3);
    assert_false(is_there(&f, 2, ".idx"));
    assert_null(verified(&f));
    assert_int_equal(f.report.first_batch, 7);
    assert_int_equal(f.report.first_day, RIG_DAY + 3);
    assert_true(f.report.has_cut);
    assert_int_equal(f.report.cut.first_day, RIG_DAY + 3);
    assert_int_equal(plan(&f, 6, on_day(9), UINT64_MAX), KW_ENOTFOUND);
    restart(&f);
    record(&f, on_day(10));
    assert_ok(plan(&f, 6, on_day(10), UINT64_MAX));
    note(&f, on_day(10) + 1000000);
    assert_int_equal(dropped(&f), 1);
    assert_null(verified(&f));
    assert_int_equal(f.report.first_batch, 9);
    end(&f);
}

static void I4_days_that_somebody_deleted_are_told_from_those_that_were_dropped(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    assert_ok(plan(&f, 6, on_day(9), UINT64_MAX));
    note(&f, on_day(9) + 2000000);
    dropped(&f);
    delete_day(&f, 3);
    assert_string_equal(verified(&f),
                        "the days before it are missing, and retention had kept them");
    assert_string_equal(f.report.file, "2026-11-28.seg");
    assert_int_equal(f.report.batch, 9);
    end(&f);
}

/* The next note would cover the hole, did it not say from where on it has dropped. */
static void I4_deleted_days_stay_found_behind_the_next_retention(void **state)
{
    struct fixture f;

    (void)state;
    begin(&f);
    assert_ok(plan(&f, 6, on_day(9), UINT64_MAX));
    note(&f, on_day(9) + 2000000); /* batch 21 */
    dropped(&f);
    delete_day(&f, 3);
    assert_ok(plan(&f, 4, on_day(9), UINT64_MAX));
    note(&f, on_day(9) + 3000000);
    assert_int_equal(dropped(&f), 1);
    assert_string_equal(verified(&f), "days had been deleted before retention dropped these");
    assert_int_equal(f.report.batch, 22);
    assert_int_equal(f.report.record, 1);
    end(&f);
}

/* The note is on the record, and nothing has gone; or some has. */
static void a_kill_between_note_and_drop_is_gone_on_with(void **state)
{
    struct fixture f;
    size_t n;

    (void)state;
    begin(&f);
    assert_ok(plan(&f, 6, on_day(9), UINT64_MAX));
    note(&f, on_day(9) + 2000000);
    restart(&f); /* killed */
    assert_null(verified(&f));
    assert_int_equal(f.report.first_batch, 1);
    assert_ok(retention_drop(f.rig.audit, RIG_DAY + 1, &n)); /* killed again, behind the first */
    restart(&f);
    assert_null(verified(&f));
    assert_ok(plan(&f, 6, on_day(9), UINT64_MAX));
    assert_int_equal(f.cut.n_days, 2);
    note(&f, on_day(9) + 4000000);
    assert_int_equal(dropped(&f), 2);
    assert_null(verified(&f));
    assert_int_equal(f.report.first_batch, 7);
    end(&f);
}

/* Called before each batch; drops in front of the fourth, when day 1 is being read. */
struct dropping {
    struct fixture *f;
    int n;
};

static bool drop_meanwhile(void *ctx)
{
    struct dropping *d = ctx;

    if (++d->n == 4)
        dropped(d->f);
    return false;
}

static void days_that_go_while_they_are_verified_are_no_error(void **state)
{
    struct fixture f;
    struct dropping d = {.f = &f};
    const struct verify_part part = {.n_days = SIZE_MAX, .enough = drop_meanwhile, .ctx = &d};

    (void)state;
    begin(&f);
    assert_ok(plan(&f, 5, on_day(9), UINT64_MAX));
    note(&f, on_day(9) + 2000000);
    assert_ok(verify_newest(f.rig.audit, f.rig.public_key, &part, &f.report));
    assert_null(f.report.what);
    assert_int_equal(f.report.first_batch, 9);
    assert_int_equal(f.report.batches, 13);
    end(&f);
}

/* A segment outlives its index, so that what was begun is found again. */
static void a_day_whose_index_is_gone_is_dropped_all_the_same(void **state)
{
    struct fixture f;
    char path[DAY_PATH_MAX];

    (void)state;
    begin(&f);
    assert_ok(plan(&f, 8, on_day(9), UINT64_MAX));
    note(&f, on_day(9) + 2000000);
    assert_ok(day_path(f.rig.audit, RIG_DAY, ".idx", path));
    if (unlink(path) != 0)
        assert_false(is_there(&f, 0, ".idx"));
    assert_int_equal(dropped(&f), 1);
    assert_false(is_there(&f, 0, ".seg"));
    end(&f);
}

static enum kw_err full(void *ctx, int fd, const void *bytes, size_t n, off_t at)
{
    return *(bool *)ctx ? KW_EFULL : file_pwrite(fd, bytes, n, at);
}

static enum kw_err synced(void *ctx, int fd)
{
    (void)ctx;
    return fsync(fd) == 0 ? KW_OK : KW_EIO;
}

static void nothing_is_said_to_be_kept_from_before_it_is_durable(void **state)
{
    struct fixture f;
    struct recorder_result result;
    bool is_full = false;

    (void)state;
    begin(&f);
    recorder_close(f.recorder);
    const struct recorder_options o = {.audit_dir = f.rig.audit,
                                       .run_dir = f.rig.run,
                                       .signer = f.rig.signer,
                                       .io = {&is_full, full, synced}};
    assert_ok(recorder_open(&o, &f.recorder));
    assert_ok(plan(&f, 6, on_day(9), UINT64_MAX));
    recorder_keep_from(f.recorder, &f.cut);
    is_full = true;
    assert_int_equal(recorder_drain(f.recorder, on_day(9) + 2000000, &result), KW_EFULL);
    assert_false(recorder_is_kept_from(f.recorder, &f.cut));
    is_full = false;
    assert_ok(recorder_drain(f.recorder, on_day(9) + 2000000, &result));
    assert_true(recorder_is_kept_from(f.recorder, &f.cut));
    assert_null(verified(&f));
    assert_true(f.report.has_cut);
    end(&f);
}

static const struct note_row {
    const char *why;
    const char *text;
    bool is_one;
} notes[] = {
    {"what is written", "retention: from 2026-11-24, dropped 1-16", true},
    {"the largest numbers", "retention: from 9999-12-31, dropped 863999999999-999999999999", true},
    {"empty", "", false},
    {"another note", "the wall clock jumped by 17 s", false},
    {"no day", "retention: from 2026-11-31, dropped 1-16", false},
    {"a short day", "retention: from 2026-11-4, dropped 1-16", false},
    {"a sign", "retention: from 2026-11-24, dropped 1--16", false},
    {"no end", "retention: from 2026-11-24, dropped 1-", false},
    {"no begin", "retention: from 2026-11-24, dropped -16", false},
    {"too large", "retention: from 2026-11-24, dropped 1-18446744073709551615", false},
    {"left over", "retention: from 2026-11-24, dropped 1-16 ", false},
};

static void retention_note_parses(void **state)
{
    const struct note_row *n = *state;
    struct retention_cut cut;
    char again[RETENTION_NOTE];

    assert_int_equal(retention_note_parse(str_from(n->text), &cut), n->is_one);
    if (!n->is_one)
        return;
    retention_note(&cut, again);
    assert_string_equal(again, n->text);
}

int main(void)
{
    SUITE_ROWS(only_days_that_are_old_and_counted_go, asked);
    SUITE_TEST(what_was_dropped_is_on_the_record_and_the_rest_is_whole);
    SUITE_TEST(I4_days_that_somebody_deleted_are_told_from_those_that_were_dropped);
    SUITE_TEST(I4_deleted_days_stay_found_behind_the_next_retention);
    SUITE_TEST(a_kill_between_note_and_drop_is_gone_on_with);
    SUITE_TEST(days_that_go_while_they_are_verified_are_no_error);
    SUITE_TEST(a_day_whose_index_is_gone_is_dropped_all_the_same);
    SUITE_TEST(nothing_is_said_to_be_kept_from_before_it_is_durable);
    SUITE_ROWS(retention_note_parses, notes);
    return suite_run("record/retention");
}
