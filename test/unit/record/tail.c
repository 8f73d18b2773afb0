/* tail.c - the last records, and those to come. */
#include "base/file.h"
#include "record/search.h"
#include "two_days.h"

static const enum kw_reason denied = KW_WHY_PERMISSION_DENIED;

static void tail_gives_the_last_in_order(void **state)
{
    static const uint64_t counts[] = {1, 2, 20, 21, 22, 41, 210, 419, 420, 10000};
    struct rig r;
    struct record_cursor cursor;

    (void)state;
    days_init(&r);
    for (size_t k = 0; k < COUNT_OF(counts); k++) {
        struct days_found found = {0};
        assert_ok(search_tail(r.audit, NULL, counts[k], days_keep, &found, &cursor));
        uint64_t all = DAYS_EVENTS + DAYS_BATCHES, want = counts[k] < all ? counts[k] : all;
        assert_int_equal(found.n + found.n_changes, want);
        for (size_t i = 0; i < found.n; i++)
            assert_int_equal(found.i[i], DAYS_EVENTS - found.n + i);
        assert_int_equal(cursor.day, RIG_DAY + 1);
    }
    rig_deinit(&r);
}

static void tail_of_nothing_is_the_end(void **state)
{
    struct rig r;
    struct record_cursor cursor;
    struct days_found found = {0};

    (void)state;
    days_init(&r);
    assert_ok(search_tail(r.audit, NULL, 0, days_keep, &found, &cursor));
    assert_int_equal(found.n + found.n_changes, 0);
    assert_ok(search_follow(r.audit, NULL, &cursor, days_keep, &found));
    assert_int_equal(found.n + found.n_changes, 0);
    rig_deinit(&r);
}

static void tail_of_what_matches(void **state)
{
    struct rig r;
    struct record_query q = {.reason = &denied, .limit = 1};
    struct record_cursor cursor;
    struct days_found found = {0};

    (void)state;
    days_init(&r);
    assert_ok(search_tail(r.audit, &q, 3, days_keep, &found, &cursor));
    assert_int_equal(found.n, 3);
    assert_int_equal(found.i[0], 250);
    assert_int_equal(found.i[1], 300);
    assert_int_equal(found.i[2], 350);
    rig_deinit(&r);
}

/* Each condition by itself: one that was taken for none would give all of the record. */
static void tail_gives_nothing_that_was_not_asked_for(void **state)
{
    const struct record_query queries[] = {
        {.verdict = SEARCH_DENIED},
        {.environment = KW_PRODUCTION},
        {.member = STR("5fGh2kLm9pQr3s")},
    };
    static const uint32_t each[] = {50, 3, 1},
                          want[] = {5, 5, 0}; /* of the events; the rest are changes */
    struct rig r;
    struct record_cursor cursor;

    (void)state;
    days_init(&r);
    for (size_t k = 0; k < COUNT_OF(queries); k++) {
        struct days_found found = {0};
        assert_ok(search_tail(r.audit, &queries[k], 5, days_keep, &found, &cursor));
        assert_int_equal(found.n, want[k]);
        for (size_t i = 0; i < found.n; i++)
            assert_int_equal(found.i[i] % each[k], 0);
        assert_int_equal(found.n_changes, 5 - found.n);
    }
    rig_deinit(&r);
}

static void follow_gives_each_record_once(void **state)
{
    struct rig r;
    struct record_cursor cursor = {0};
    struct days_found found = {0};

    (void)state;
    rig_init(&r);
    assert_ok(search_follow(r.audit, NULL, &cursor, days_keep, &found));
    assert_int_equal(found.n, 0);
    for (uint32_t batch = 0; batch < DAYS_BATCHES; batch++) {
        days_write(&r, batch, batch + 1);
        assert_ok(search_follow(r.audit, NULL, &cursor, days_keep, &found));
        assert_int_equal(found.n, (batch + 1) * DAYS_PER_BATCH);
        assert_int_equal(found.n_changes, batch + 1);
    }
    for (uint32_t i = 0; i < DAYS_EVENTS; i++)
        assert_int_equal(found.i[i], i);
    rig_deinit(&r);
}

/* A batch that is being written is not there yet. */
static void follow_waits_for_a_whole_batch(void **state)
{
    struct rig r;
    struct record_cursor cursor = {0};
    struct buf day = BUF_MAX(1 << 20);
    struct days_found found = {0};

    (void)state;
    days_init(&r);
    const char *path = folder_file(&r.folder, "audit/2026-11-25.seg");
    assert_ok(file_read(path, &day));
    assert_ok(file_replace(path, (struct str){day.p, day.n - 7}, 0600));
    assert_ok(search_follow(r.audit, NULL, &cursor, days_keep, &found));
    assert_int_equal(found.n, DAYS_EVENTS - DAYS_PER_BATCH);
    assert_ok(search_follow(r.audit, NULL, &cursor, days_keep, &found));
    assert_int_equal(found.n, DAYS_EVENTS - DAYS_PER_BATCH);
    struct days_found tail = {0};
    struct record_cursor after;
    assert_ok(search_tail(r.audit, NULL, 1, days_keep, &tail, &after));
    assert_int_equal(tail.change[0], DAYS_BATCHES - 1);
    assert_ok(file_replace(path, buf_view(&day), 0600));
    assert_ok(search_follow(r.audit, NULL, &cursor, days_keep, &found));
    assert_int_equal(found.n, DAYS_EVENTS);
    buf_deinit(&day);
    rig_deinit(&r);
}

int main(void)
{
    SUITE_TEST(tail_gives_the_last_in_order);
    SUITE_TEST(tail_of_nothing_is_the_end);
    SUITE_TEST(tail_of_what_matches);
    SUITE_TEST(tail_gives_nothing_that_was_not_asked_for);
    SUITE_TEST(follow_gives_each_record_once);
    SUITE_TEST(follow_waits_for_a_whole_batch);
    return suite_run("record/tail");
}
