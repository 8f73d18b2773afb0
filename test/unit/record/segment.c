/* segment.c - the files of the record: days, torn ends, whatever is in them at open. */
#include "record/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "rig.h"

static const int64_t day_us = (int64_t)86400 * 1000000;
static const char today[] = "audit/2026-11-24.seg";

static void open_segments(const struct rig *r, struct segments **s)
{
    assert_ok(segments_open(&(struct segment_options){r->audit, r->signer, {0}}, s));
}

static void append(struct segments *s, int64_t time_us)
{
    uint8_t bytes[EVENT_MAX];
    struct event e = rig_event(time_us, "7Q2mK4T9xJ1aBd");
    struct record record = {RECORD_EVENT, {(char *)bytes, event_encode(&e, bytes)}};
    const struct ring_mark marks[] = {
        {.ring_id = 42, .number = 3, .next = {7, 9}, .counted = {{[2] = 3}, {[25] = 4}}},
        {.ring_id = 43, .number = 4, .given_up = true}};
    struct batch_head head = {.time_us = time_us, .change_seq = 5, .rings = marks, .n_rings = 2};

    assert_ok(segments_append(s, &head, &record, 1));
}

static void a_new_record_begins_with_batch_one(void **state)
{
    struct rig r;
    struct segments *s;
    struct record_head head;

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    assert_int_equal(segments_last(s)->number, 0);
    append(s, RIG_NOON);
    segments_head(s, &head);
    assert_int_equal(head.batch, 1);
    segments_close(s);
    rig_assert_whole(&r);
    rig_deinit(&r);
}

static void what_the_last_batch_says_is_read_again(void **state)
{
    struct rig r;
    struct segments *s;

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    append(s, RIG_NOON);
    append(s, RIG_NOON + 7);
    segments_close(s);
    open_segments(&r, &s);
    const struct batch_head *last = segments_last(s);
    assert_int_equal(last->number, 2);
    assert_int_equal(last->time_us, RIG_NOON + 7);
    assert_int_equal(last->change_seq, 5);
    assert_int_equal(last->n_rings, 2);
    assert_int_equal(last->rings[0].ring_id, 42);
    assert_int_equal(last->rings[0].number, 3);
    assert_false(last->rings[0].given_up);
    assert_int_equal(last->rings[0].next[0], 7);
    assert_int_equal(last->rings[0].next[1], 9);
    assert_int_equal(last->rings[0].counted[0][2], 3);
    assert_int_equal(last->rings[0].counted[1][25], 4);
    assert_int_equal(last->rings[0].counted[1][24], 0);
    assert_true(last->rings[1].given_up);
    append(s, RIG_NOON + 8);
    segments_close(s);
    rig_assert_whole(&r);
    rig_deinit(&r);
}

static void each_day_has_its_file(void **state)
{
    struct rig r;
    struct segments *s;

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    append(s, RIG_NOON + day_us / 2 - 1);
    append(s, RIG_NOON + day_us / 2);
    segments_close(s);
    assert_int_equal(access(folder_file(&r.folder, today), F_OK), 0);
    assert_int_equal(access(folder_file(&r.folder, "audit/2026-11-25.seg"), F_OK), 0);
    rig_assert_whole(&r);
    rig_deinit(&r);
}

static void X5_a_clock_that_goes_back_stays_in_its_day(void **state)
{
    struct rig r;
    struct segments *s;

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    append(s, RIG_NOON + day_us);
    append(s, RIG_NOON - 100 * day_us);
    assert_int_equal(segments_last(s)->time_us, RIG_NOON + day_us);
    segments_close(s);
    open_segments(&r, &s);
    append(s, INT64_MIN);
    assert_int_equal(segments_last(s)->number, 3);
    segments_close(s);
    rig_assert_whole(&r);
    rig_deinit(&r);
}

/* Cut anywhere in its last batch, the file is cut back to the batch before, and goes on. */
static void X1_a_torn_batch_is_cut_off(void **state)
{
    struct rig r;
    struct segments *s;
    struct buf whole = BUF_MAX(1 << 20);
    struct buf cut_off = BUF_MAX(1 << 20);
    int32_t day;

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    append(s, RIG_NOON);
    append(s, RIG_NOON + 1);
    segments_close(s);
    assert_ok(file_read(folder_file(&r.folder, today), &whole));
    size_t half = whole.n / 2;
    for (size_t n = half + 1; n < whole.n; n++) {
        assert_ok(file_replace(folder_file(&r.folder, today), (struct str){whole.p, n}, 0600));
        open_segments(&r, &s);
        assert_int_equal(segments_last(s)->number, 1);
        assert_int_equal(segments_torn(s, &day), n - half);
        assert_int_equal(day, RIG_DAY);
        append(s, RIG_NOON + 2);
        segments_close(s);
        rig_assert_whole(&r);
    }
    assert_ok(file_read(folder_file(&r.folder, "audit/2026-11-24.cut"), &cut_off));
    assert_str(buf_view(&cut_off), ((struct str){whole.p + half, half - 1}));
    buf_deinit(&whole);
    buf_deinit(&cut_off);
    rig_deinit(&r);
}

/* The length has arrived on the disk, the bytes in the middle have not. */
static void X1_a_batch_with_holes_is_cut_off(void **state)
{
    struct rig r;
    struct segments *s;
    struct buf whole = BUF_MAX(1 << 20);
    int32_t day;

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    append(s, RIG_NOON);
    append(s, RIG_NOON + 1);
    segments_close(s);
    assert_ok(file_read(folder_file(&r.folder, today), &whole));
    size_t half = whole.n / 2;
    for (size_t from = half; from + 64 < whole.n; from += 64) {
        char were[64];
        memcpy(were, whole.p + from, sizeof were);
        memset(whole.p + from, 0, sizeof were);
        assert_ok(file_replace(folder_file(&r.folder, today), buf_view(&whole), 0600));
        memcpy(whole.p + from, were, sizeof were);
        open_segments(&r, &s);
        assert_int_equal(segments_last(s)->number, 1);
        assert_int_equal(segments_torn(s, &day), half);
        segments_close(s);
        rig_assert_whole(&r);
    }
    buf_deinit(&whole);
    rig_deinit(&r);
}

static void X1_a_file_made_just_before_a_crash_may_be_empty(void **state)
{
    struct rig r;
    struct segments *s;

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    append(s, RIG_NOON);
    segments_close(s);
    assert_ok(file_replace(folder_file(&r.folder, "audit/2026-11-25.seg"), STR(""), 0600));
    open_segments(&r, &s);
    assert_int_equal(segments_last(s)->number, 1);
    append(s, RIG_NOON + 5); /* the clock has gone back, too: the new file is not left again */
    append(s, RIG_NOON + day_us);
    segments_close(s);
    rig_assert_whole(&r);
    rig_deinit(&r);
}

/* What is damaged in the middle is nobody's torn batch: nothing is cut off, and nothing appended. */
static void damage_is_not_cut_off(void **state)
{
    struct rig r;
    struct segments *s;
    struct buf whole = BUF_MAX(1 << 20), again = BUF_MAX(1 << 20);

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    for (int i = 0; i < 4; i++)
        append(s, RIG_NOON + i);
    segments_close(s);
    assert_ok(file_read(folder_file(&r.folder, today), &whole));
    whole.p[whole.n - 1] ^= 1;       /* the last trailer: might be torn */
    whole.p[whole.n / 2 - 200] ^= 1; /* and the batch before, or one before that: is not */
    whole.p[whole.n * 3 / 4 - 200] ^= 1;
    assert_ok(file_replace(folder_file(&r.folder, today), buf_view(&whole), 0600));
    assert_err(segments_open(&(struct segment_options){r.audit, r.signer, {0}}, &s), KW_EDAMAGED);
    assert_ok(file_read(folder_file(&r.folder, today), &again));
    assert_str(buf_view(&again), buf_view(&whole));
    buf_deinit(&whole);
    buf_deinit(&again);
    rig_deinit(&r);
}

static void garbage_is_not_cut_off(void **state)
{
    struct rig r;
    struct segments *s;
    struct buf garbage = BUF_MAX(BATCH_MAX + 1);

    (void)state;
    rig_init(&r);
    void *room = buf_room(&garbage, BATCH_MAX + 1);
    assert_non_null(room);
    memset(room, 'x', BATCH_MAX + 1);
    garbage.n = BATCH_MAX + 1;
    assert_ok(file_replace(folder_file(&r.folder, today), buf_view(&garbage), 0600));
    assert_err(segments_open(&(struct segment_options){r.audit, r.signer, {0}}, &s), KW_EDAMAGED);
    buf_deinit(&garbage);
    rig_deinit(&r);
}

static void a_record_signed_with_another_key_is_left_alone(void **state)
{
    struct rig r;
    struct segments *s;
    struct signer *other;

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    append(s, RIG_NOON);
    segments_close(s);
    assert_ok(signer_new(&(struct secret){{7}}, &other));
    assert_err(segments_open(&(struct segment_options){r.audit, other, {0}}, &s), KW_ECONFLICT);
    signer_free(other);
    rig_assert_whole(&r);
    rig_deinit(&r);
}

static void a_file_that_grew_by_itself_is_not_appended_to(void **state)
{
    struct rig r;
    struct segments *s;
    struct buf bytes = BUF_MAX(1 << 20);

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    append(s, RIG_NOON);
    segments_close(s);
    open_segments(&r, &s);
    assert_ok(file_read(folder_file(&r.folder, today), &bytes));
    buf_str(&bytes, STR("more"));
    assert_ok(file_replace(folder_file(&r.folder, today), buf_view(&bytes), 0600));
    struct batch_head head = {.time_us = RIG_NOON + 1};
    assert_err(segments_append(s, &head, NULL, 0), KW_EDAMAGED);
    segments_close(s);
    buf_deinit(&bytes);
    rig_deinit(&r);
}

static void a_folder_that_is_not_there_is_not_made(void **state)
{
    struct rig r;
    struct segments *s;

    (void)state;
    rig_init(&r);
    const char *nowhere = folder_file(&r.folder, "nowhere");
    assert_err(segments_open(&(struct segment_options){nowhere, r.signer, {0}}, &s), KW_ENOTFOUND);
    assert_int_equal(access(nowhere, F_OK), -1);
    rig_deinit(&r);
}

static void too_much_for_a_batch_is_refused(void **state)
{
    struct rig r;
    struct segments *s;
    static struct record records[BATCH_RECORDS_MAX + 1];
    static struct ring_mark marks[BATCH_RINGS_MAX + 1];
    struct batch_head head = {.time_us = RIG_NOON, .rings = marks};

    (void)state;
    rig_init(&r);
    open_segments(&r, &s);
    assert_err(segments_append(s, &head, records, BATCH_RECORDS_MAX + 1), KW_ERANGE);
    head.n_rings = BATCH_RINGS_MAX + 1;
    assert_err(segments_append(s, &head, records, 0), KW_ERANGE);
    for (size_t i = 0; i < BATCH_RINGS_MAX; i++)
        memset(marks[i].counted, 1, sizeof marks[i].counted);
    head.n_rings = BATCH_RINGS_MAX; /* the largest header, and the most events */
    static uint8_t event[EVENT_MAX];
    for (size_t i = 0; i < BATCH_RECORDS_MAX; i++)
        records[i] = (struct record){RECORD_EVENT, {(char *)event, EVENT_MAX}};
    assert_ok(segments_append(s, &head, records, BATCH_RECORDS_MAX));
    segments_close(s);
    rig_assert_whole(&r);
    rig_deinit(&r);
}

static const struct a_day {
    const char *why;
    int64_t time_us;
    const char *name;
} days[] = {
    {"the first", 0, "1970-01-01.seg"},
    {"the last moment of the first", (int64_t)86400 * 1000000 - 1, "1970-01-01.seg"},
    {"a leap day", (int64_t)1709164800 * 1000000, "2024-02-29.seg"},
    {"noon", RIG_NOON, "2026-11-24.seg"},
    {"before the first", -1, "1970-01-01.seg"},
    {"far before", INT64_MIN, "1970-01-01.seg"},
    {"far ahead", INT64_MAX, "9999-12-31.seg"},
};

static void day_names(void **state)
{
    const struct a_day *row = *state;
    char name[DAY_NAME_MAX];

    day_name(day_of(row->time_us), ".seg", name);
    assert_string_equal(name, row->name);
}

static void days_are_listed_in_order_and_nothing_else(void **state)
{
    static const char *const names[] = {"audit/2026-11-24.seg", "audit/2024-02-29.seg",
                                        "audit/1970-01-01.seg", "audit/2025-02-29.seg",
                                        "audit/2026-13-01.seg", "audit/2026-11-24.idx",
                                        "audit/2026-11-4.seg",  "audit/+026-11-24.seg",
                                        "audit/1969-12-31.seg", "audit/2026-11-24.seg.new"};
    struct rig r;
    struct days list;

    (void)state;
    rig_init(&r);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_ok(file_replace(folder_file(&r.folder, names[i]), STR(""), 0600));
    assert_ok(days_list(r.audit, &list));
    assert_int_equal(list.n, 3);
    assert_int_equal(list.day[0], 0);
    assert_int_equal(list.day[1], 19782);
    assert_int_equal(list.day[2], RIG_DAY);
    days_deinit(&list);
    rig_deinit(&r);
}

int main(void)
{
    SUITE_TEST(a_new_record_begins_with_batch_one);
    SUITE_TEST(what_the_last_batch_says_is_read_again);
    SUITE_TEST(each_day_has_its_file);
    SUITE_TEST(X5_a_clock_that_goes_back_stays_in_its_day);
    SUITE_TEST(X1_a_torn_batch_is_cut_off);
    SUITE_TEST(X1_a_batch_with_holes_is_cut_off);
    SUITE_TEST(X1_a_file_made_just_before_a_crash_may_be_empty);
    SUITE_TEST(damage_is_not_cut_off);
    SUITE_TEST(garbage_is_not_cut_off);
    SUITE_TEST(a_record_signed_with_another_key_is_left_alone);
    SUITE_TEST(a_file_that_grew_by_itself_is_not_appended_to);
    SUITE_TEST(a_folder_that_is_not_there_is_not_made);
    SUITE_TEST(too_much_for_a_batch_is_refused);
    SUITE_ROWS(day_names, days);
    SUITE_TEST(days_are_listed_in_order_and_nothing_else);
    return suite_run("record/segment");
}
