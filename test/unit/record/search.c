/* search.c - what is on the record is found, with an index and without. */
#include "record/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "record/index.h"
#include "two_days.h"

static struct days_found search(const struct rig *r, const struct record_query *q)
{
    struct days_found found = {0};

    assert_ok(search_run(r->audit, q, days_keep, &found));
    return found;
}

/* ---- one condition each ---- */

static bool has_key_3(uint32_t i)
{
    return i % 10 == 3;
}

static bool has_account_1(uint32_t i)
{
    return i % 4 == 1;
}

static bool has_source_17(uint32_t i)
{
    return i % 100 == 17;
}

static bool was_denied(uint32_t i)
{
    return i % 50 == 0;
}

static bool was_allowed(uint32_t i)
{
    return !was_denied(i);
}

static bool was_allowed_account_0(uint32_t i)
{
    return was_allowed(i) && i % 4 == 0;
}

static bool at_production(uint32_t i)
{
    return i % 3 == 0;
}

static bool was_denied_at_sandbox(uint32_t i)
{
    return was_denied(i) && !at_production(i);
}

static bool is_request_123(uint32_t i)
{
    return i == 123;
}

static bool is_50_to_249(uint32_t i)
{
    return i >= 50 && i < 250;
}

static bool has_key_3_and_account_1(uint32_t i)
{
    return has_key_3(i) && has_account_1(i);
}

static bool is_any(uint32_t i)
{
    (void)i;
    return true;
}

static bool is_none(uint32_t i)
{
    (void)i;
    return false;
}

static const struct address source_17 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 0, 7, 17}};
static const struct address nobody = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1}};
static const enum kw_reason denied = KW_WHY_PERMISSION_DENIED;
static const uint8_t request_123[EVENT_REQUEST_ID] = {124}, no_request[EVENT_REQUEST_ID] = {9, 9, 9};

static const struct question {
    const char *why;
    struct record_query q;
    bool (*want)(uint32_t i);
    size_t n_changes;
} questions[] = {
    {"everything", {.oldest_first = true}, is_any, DAYS_BATCHES},
    {"a key, and its changes", {.key_id = {"7Q2mK4T9xJ1aB3", 14}}, has_key_3, 2},
    {"an account, and its changes", {.account = {"acme1", 5}}, has_account_1, 0},
    {"an account with changes", {.account = {"acme0", 5}, .kinds = SEARCH_CHANGES}, is_none, DAYS_BATCHES},
    {"a source", {.source = &source_17}, has_source_17, 0},
    {"a reason", {.reason = &denied}, was_denied, 0},
    {"a request", {.request_id = request_123}, is_request_123, 0},
    {"key and account",
     {.key_id = {"7Q2mK4T9xJ1aB3", 14}, .account = {"acme1", 5}},
     has_key_3_and_account_1,
     0},
    {"denied attempts", {.verdict = SEARCH_DENIED}, was_denied, 0},
    {"allowed attempts", {.verdict = SEARCH_ALLOWED}, was_allowed, 0},
    {"allowed attempts of an account with changes",
     {.verdict = SEARCH_ALLOWED, .account = {"acme0", 5}},
     was_allowed_account_0,
     0},
    {"an environment", {.environment = KW_PRODUCTION}, at_production, 0},
    {"the other environment, denied",
     {.environment = KW_SANDBOX, .verdict = SEARCH_DENIED},
     was_denied_at_sandbox,
     0},
    {"changes that have no verdict", {.verdict = SEARCH_DENIED, .kinds = SEARCH_CHANGES}, is_none, 0},
    {"a member, by whom every second change is",
     {.member = {"5fGh2kLm9pQr3s", 14}},
     is_none,
     DAYS_BATCHES / 2},
    {"a member who did nothing", {.member = {"5fGh2kLm9pQr3t", 14}}, is_none, 0},
    {"the beginning of a member's id", {.member = {"5fGh2kLm9pQr3", 13}}, is_none, 0},
    {"events only", {.kinds = SEARCH_EVENTS}, is_any, 0},
    {"changes only", {.kinds = SEARCH_CHANGES}, is_none, DAYS_BATCHES},
    {"a key that there is not", {.key_id = {"0000000000000X", 14}}, is_none, 0},
    {"a prefix of a key", {.key_id = {"7Q2mK4T9xJ1aB", 13}}, is_none, 0},
    {"a source that there is not", {.source = &nobody}, is_none, 0},
    {"a request that there is not", {.request_id = no_request}, is_none, 0},
};

static void assert_answers(const struct rig *r, const struct question *row)
{
    for (int order = 0; order < 2; order++) {
        struct record_query q = row->q;
        q.oldest_first = order == 0;
        struct days_found found = search(r, &q);
        size_t n = 0;
        for (uint32_t k = 0; k < DAYS_EVENTS; k++) {
            uint32_t i = q.oldest_first ? k : DAYS_EVENTS - 1 - k;
            if (row->want(i))
                assert_int_equal(found.i[n++], i);
        }
        assert_int_equal(found.n, n);
        assert_int_equal(found.n_changes, row->n_changes);
    }
}

/* Three times: without an index, with one, and with one that covers only the first half of a day. */
static void search_finds(void **state)
{
    const struct question *row = *state;
    struct rig r;
    struct buf index = BUF_MAX(1 << 20);
    const char *path;

    days_init(&r);
    assert_answers(&r, row);
    assert_ok(index_update(r.audit, RIG_DAY));
    assert_ok(index_update(r.audit, RIG_DAY + 1));
    assert_answers(&r, row);
    path = folder_file(&r.folder, "audit/2026-11-25.idx");
    assert_ok(file_read(path, &index));
    assert_ok(file_replace(path, (struct str){index.p, index.n / 2}, 0600));
    assert_answers(&r, row);
    buf_deinit(&index);
    rig_deinit(&r);
}

static void search_by_time(void **state)
{
    struct rig r;
    struct question row = {"", {.kinds = SEARCH_EVENTS}, is_50_to_249, 0};

    (void)state;
    days_init(&r);
    row.q.from_us = days_time(50);   /* included */
    row.q.until_us = days_time(250); /* not included */
    assert_answers(&r, &row);
    assert_ok(index_update(r.audit, RIG_DAY));
    assert_ok(index_update(r.audit, RIG_DAY + 1));
    assert_answers(&r, &row);
    rig_deinit(&r);
}

static void a_limit_is_the_newest_or_the_oldest(void **state)
{
    struct rig r;
    struct record_query q = {.kinds = SEARCH_EVENTS, .limit = 3};

    (void)state;
    days_init(&r);
    struct days_found found = search(&r, &q);
    assert_int_equal(found.n, 3);
    assert_int_equal(found.i[0], DAYS_EVENTS - 1);
    q.oldest_first = true;
    found = search(&r, &q);
    assert_int_equal(found.n, 3);
    assert_int_equal(found.i[2], 2);
    rig_deinit(&r);
}

static void whoever_asks_may_stop(void **state)
{
    struct rig r;
    struct record_query q = {.kinds = SEARCH_EVENTS};
    struct days_found found = {.stop_after = 5};

    (void)state;
    days_init(&r);
    assert_err(search_run(r.audit, &q, days_keep, &found), KW_ECONFLICT);
    assert_int_equal(found.n, 5);
    rig_deinit(&r);
}

static enum kw_err count_entry(void *ctx, const struct record_entry *e)
{
    (void)e;
    ++*(size_t *)ctx;
    return KW_OK;
}

static size_t of_source(const struct rig *r, const struct address *source)
{
    struct record_query q = {.source = source};
    size_t n = 0;

    assert_ok(search_run(r->audit, &q, count_entry, &n));
    return n;
}

static void a_summary_is_found_by_any_address_of_its_network(void **state)
{
    struct address asked = {{0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9}}, other = asked;
    struct event e = rig_event(RIG_NOON, "7Q2mK4T9xJ1aBd");
    uint8_t bytes[EVENT_MAX];
    struct rig r;
    struct segments *s;

    (void)state;
    rig_init(&r);
    other.b[7] = 2;
    e.kind = EVENT_SUMMARY;
    e.count = 7;
    e.source = address_source(&asked);
    struct record record = {RECORD_EVENT, {(char *)bytes, event_encode(&e, bytes)}};
    assert_ok(segments_open(&(struct segment_options){r.audit, r.signer, {0}}, &s));
    assert_ok(segments_append(s, &(struct batch_head){.time_us = RIG_NOON}, &record, 1));
    segments_close(s);
    for (int with_index = 0; with_index < 2; with_index++) {
        assert_int_equal(of_source(&r, &asked), 1);
        assert_int_equal(of_source(&r, &other), 0);
        assert_ok(index_update(r.audit, RIG_DAY));
    }
    rig_deinit(&r);
}

static void damage_ends_the_search(void **state)
{
    struct rig r;
    struct buf day = BUF_MAX(1 << 20);
    struct days_found found = {0};
    struct record_query q = {.oldest_first = true};

    (void)state;
    days_init(&r);
    const char *path = folder_file(&r.folder, "audit/2026-11-24.seg");
    assert_ok(file_read(path, &day));
    memset(day.p + day.n / 2, 0xff, 600);
    assert_ok(file_replace(path, buf_view(&day), 0600));
    assert_err(search_run(r.audit, &q, days_keep, &found), KW_EDAMAGED);
    buf_deinit(&day);
    rig_deinit(&r);
}

/* Of the last file the end may be on its way; of any other it is gone. */
static void a_closed_day_that_was_cut_off_ends_the_search(void **state)
{
    const int with_index = *(const int *)*state;
    static const char *const files[] = {"audit/2026-11-25.seg", "audit/2026-11-24.seg"};
    static const enum kw_err want[] = {KW_OK, KW_EDAMAGED};
    struct rig r;

    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct buf day = BUF_MAX(1 << 20);
        struct days_found found = {0};
        struct record_query q = {.kinds = SEARCH_CHANGES};
        days_init(&r);
        if (with_index)
            assert_ok(index_update(r.audit, RIG_DAY));
        const char *path = folder_file(&r.folder, files[i]);
        assert_ok(file_read(path, &day));
        assert_ok(file_replace(path, (struct str){day.p, day.n - 100}, 0600));
        assert_err(search_run(r.audit, &q, days_keep, &found), want[i]);
        buf_deinit(&day);
        rig_deinit(&r);
    }
}

static void a_folder_that_is_not_there(void **state)
{
    struct rig r;
    struct record_query q = {0};
    struct days_found found = {0};
    struct record_cursor cursor = {0};
    char nowhere[PATH_MAX];

    (void)state;
    days_init(&r);
    snprintf(nowhere, sizeof nowhere, "%s", folder_file(&r.folder, "nowhere"));
    assert_err(search_run(nowhere, &q, days_keep, &found), KW_ENOTFOUND);
    assert_err(search_tail(nowhere, NULL, 5, days_keep, &found, &cursor), KW_ENOTFOUND);
    assert_err(search_follow(nowhere, NULL, &cursor, days_keep, &found), KW_ENOTFOUND);
    rig_deinit(&r);
}

int main(void)
{
    static const int without = 0, with = 1;

    SUITE_ROWS(search_finds, questions);
    SUITE_TEST(search_by_time);
    SUITE_TEST(a_limit_is_the_newest_or_the_oldest);
    SUITE_TEST(whoever_asks_may_stop);
    SUITE_TEST(a_summary_is_found_by_any_address_of_its_network);
    SUITE_TEST(damage_ends_the_search);
    suite_add("a_closed_day_that_was_cut_off_ends_the_search", "without an index",
              a_closed_day_that_was_cut_off_ends_the_search, &without);
    suite_add("a_closed_day_that_was_cut_off_ends_the_search", "with an index",
              a_closed_day_that_was_cut_off_ends_the_search, &with);
    SUITE_TEST(a_folder_that_is_not_there);
    return suite_run("record/search");
}
