/* search.c - what is on the record is found, with an index and without. */
#include "record/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "record/index.h"
#include "rig.h"

/* Two days of ten batches of twenty events. Event i (0 to 399) has its own request id and, by i % 10, one of ten keys,
 * by i % 4 one of four accounts, by i % 100 one of a hundred sources; each fiftieth is denied. Each batch ends with a
 * change of key i % 10, every second one by a member. Every third event is at production. */
enum { BATCHES = 20, PER_BATCH = 20, EVENTS = BATCHES * PER_BATCH };

static const int64_t second_us = 1000000, day_us = (int64_t)86400 * 1000000;

struct fixture {
    struct rig rig;
};

struct found {
    size_t n;
    uint32_t i[EVENTS]; /* the events' numbers */
    size_t n_changes;
    uint64_t change[BATCHES];
    size_t stop_after; /* 0: never */
};

static int64_t time_of(uint32_t i)
{
    return RIG_NOON + (i / (EVENTS / 2)) * day_us + i * second_us;
}

static struct event event_of(uint32_t i)
{
    static char accounts[4][6] = {"acme0", "acme1", "acme2", "acme3"};
    char key[15] = "7Q2mK4T9xJ1aB0";

    key[13] = (char)('0' + i % 10);
    struct event e = rig_event(time_of(i), key);
    e.account = str_from(accounts[i % 4]);
    e.source.b[14] = 7;
    e.source.b[15] = (uint8_t)(i % 100);
    e.reason = i % 50 == 0 ? KW_WHY_PERMISSION_DENIED : KW_WHY_ALLOWED;
    e.status = i % 50 == 0 ? 403 : 200;
    e.environment = i % 3 == 0 ? KW_PRODUCTION : KW_SANDBOX;
    memset(e.request_id, 0, sizeof e.request_id);
    memcpy(e.request_id, &(uint32_t){i + 1}, 4);
    e.route = i;
    return e;
}

static void append(struct segments *s, uint32_t batch)
{
    static uint8_t bytes[PER_BATCH + 1][CHANGE_MAX];
    struct record records[PER_BATCH + 1];
    uint32_t first = batch * PER_BATCH;
    struct record_change c = {.n = batch + 1,
                              .kind = CHANGE_KEY,
                              .object = batch,
                              .version = 1,
                              .time_ms = time_of(first + PER_BATCH - 1) / 1000,
                              .actor = batch % 2 == 0 ? STR("uid:0") : STR("member:5fGh2kLm9pQr3s"),
                              .account = STR("acme0"),
                              .summary = STR("{\"state\":\"active\"}")};
    char key[15] = "7Q2mK4T9xJ1aB0";

    for (uint32_t k = 0; k < PER_BATCH; k++) {
        struct event e = event_of(first + k);
        records[k] = (struct record){RECORD_EVENT, {(char *)bytes[k], event_encode(&e, bytes[k])}};
    }
    key[13] = (char)('0' + batch % 10);
    c.id = (struct str){key, 14};
    uint8_t *last = bytes[PER_BATCH];
    records[PER_BATCH] = (struct record){RECORD_CHANGE, {(char *)last, change_encode(&c, last)}};
    struct batch_head head = {.time_us = time_of(first + PER_BATCH - 1), .change_seq = batch + 1};
    assert_ok(segments_append(s, &head, records, PER_BATCH + 1));
}

static void write_batches(const struct fixture *f, uint32_t from, uint32_t to)
{
    struct segments *s;

    assert_ok(segments_open(&(struct segment_options){f->rig.audit, f->rig.signer, {0}}, &s));
    for (uint32_t batch = from; batch < to; batch++)
        append(s, batch);
    segments_close(s);
}

static void begin(struct fixture *f)
{
    rig_init(&f->rig);
    write_batches(f, 0, BATCHES);
}

static void end(struct fixture *f)
{
    rig_deinit(&f->rig);
}

static enum kw_err keep(void *ctx, const struct record_entry *e)
{
    struct found *found = ctx;

    if (e->kind == RECORD_CHANGE) {
        assert_true(found->n_changes < BATCHES);
        found->change[found->n_changes++] = e->change.n;
        return KW_OK;
    }
    assert_true(found->n < EVENTS);
    assert_int_equal(e->batch, e->event.route / PER_BATCH + 1);
    assert_int_equal(e->number, e->event.route % PER_BATCH + 1);
    found->i[found->n++] = e->event.route;
    return found->n == found->stop_after ? KW_ECONFLICT : KW_OK;
}

static struct found search(const struct fixture *f, const struct record_query *q)
{
    struct found found = {0};

    assert_ok(search_run(f->rig.audit, q, keep, &found));
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
    {"everything", {.oldest_first = true}, is_any, BATCHES},
    {"a key, and its changes", {.key_id = {"7Q2mK4T9xJ1aB3", 14}}, has_key_3, 2},
    {"an account, and its changes", {.account = {"acme1", 5}}, has_account_1, 0},
    {"an account with changes", {.account = {"acme0", 5}, .kinds = SEARCH_CHANGES}, is_none, BATCHES},
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
     BATCHES / 2},
    {"a member who did nothing", {.member = {"5fGh2kLm9pQr3t", 14}}, is_none, 0},
    {"the beginning of a member's id", {.member = {"5fGh2kLm9pQr3", 13}}, is_none, 0},
    {"events only", {.kinds = SEARCH_EVENTS}, is_any, 0},
    {"changes only", {.kinds = SEARCH_CHANGES}, is_none, BATCHES},
    {"a key that there is not", {.key_id = {"0000000000000X", 14}}, is_none, 0},
    {"a prefix of a key", {.key_id = {"7Q2mK4T9xJ1aB", 13}}, is_none, 0},
    {"a source that there is not", {.source = &nobody}, is_none, 0},
    {"a request that there is not", {.request_id = no_request}, is_none, 0},
};

static void assert_answers(const struct fixture *f, const struct question *row)
{
    for (int order = 0; order < 2; order++) {
        struct record_query q = row->q;
        q.oldest_first = order == 0;
        struct found found = search(f, &q);
        size_t n = 0;
        for (uint32_t k = 0; k < EVENTS; k++) {
            uint32_t i = q.oldest_first ? k : EVENTS - 1 - k;
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
    struct fixture f;
    struct buf index = BUF_MAX(1 << 20);
    const char *path;

    begin(&f);
    assert_answers(&f, row);
    assert_ok(index_update(f.rig.audit, RIG_DAY));
    assert_ok(index_update(f.rig.audit, RIG_DAY + 1));
    assert_answers(&f, row);
    path = folder_file(&f.rig.folder, "audit/2026-11-25.idx");
    assert_ok(file_read(path, &index));
    assert_ok(file_replace(path, (struct str){index.p, index.n / 2}, 0600));
    assert_answers(&f, row);
    buf_deinit(&index);
    end(&f);
}

static void search_by_time(void **state)
{
    struct fixture f;
    struct question row = {"", {.kinds = SEARCH_EVENTS}, is_50_to_249, 0};

    (void)state;
    begin(&f);
    row.q.from_us = time_of(50);   /* included */
    row.q.until_us = time_of(250); /* not included */
    assert_answers(&f, &row);
    assert_ok(index_update(f.rig.audit, RIG_DAY));
    assert_ok(index_update(f.rig.audit, RIG_DAY + 1));
    assert_answers(&f, &row);
    end(&f);
}

static void a_limit_is_the_newest_or_the_oldest(void **state)
{
    struct fixture f;
    struct record_query q = {.kinds = SEARCH_EVENTS, .limit = 3};

    (void)state;
    begin(&f);
    struct found found = search(&f, &q);
    assert_int_equal(found.n, 3);
    assert_int_equal(found.i[0], EVENTS - 1);
    q.oldest_first = true;
    found = search(&f, &q);
    assert_int_equal(found.n, 3);
    assert_int_equal(found.i[2], 2);
    end(&f);
}

static void whoever_asks_may_stop(void **state)
{
    struct fixture f;
    struct record_query q = {.kinds = SEARCH_EVENTS};
    struct found found = {.stop_after = 5};

    (void)state;
    begin(&f);
    assert_err(search_run(f.rig.audit, &q, keep, &found), KW_ECONFLICT);
    assert_int_equal(found.n, 5);
    end(&f);
}

static enum kw_err count_entry(void *ctx, const struct record_entry *e)
{
    (void)e;
    ++*(size_t *)ctx;
    return KW_OK;
}

static size_t of_source(const struct fixture *f, const struct address *source)
{
    struct record_query q = {.source = source};
    size_t n = 0;

    assert_ok(search_run(f->rig.audit, &q, count_entry, &n));
    return n;
}

static void a_summary_is_found_by_any_address_of_its_network(void **state)
{
    struct address asked = {{0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9}}, other = asked;
    struct event e = rig_event(RIG_NOON, "7Q2mK4T9xJ1aBd");
    uint8_t bytes[EVENT_MAX];
    struct fixture f;
    struct segments *s;

    (void)state;
    rig_init(&f.rig);
    other.b[7] = 2;
    e.kind = EVENT_SUMMARY;
    e.count = 7;
    e.source = address_source(&asked);
    struct record record = {RECORD_EVENT, {(char *)bytes, event_encode(&e, bytes)}};
    assert_ok(segments_open(&(struct segment_options){f.rig.audit, f.rig.signer, {0}}, &s));
    assert_ok(segments_append(s, &(struct batch_head){.time_us = RIG_NOON}, &record, 1));
    segments_close(s);
    for (int with_index = 0; with_index < 2; with_index++) {
        assert_int_equal(of_source(&f, &asked), 1);
        assert_int_equal(of_source(&f, &other), 0);
        assert_ok(index_update(f.rig.audit, RIG_DAY));
    }
    end(&f);
}

/* ---- the last ones, and those to come ---- */

static void tail_gives_the_last_in_order(void **state)
{
    static const uint64_t counts[] = {1, 2, 20, 21, 22, 41, 210, 419, 420, 10000};
    struct fixture f;
    struct record_cursor cursor;

    (void)state;
    begin(&f);
    for (size_t k = 0; k < COUNT_OF(counts); k++) {
        struct found found = {0};
        assert_ok(search_tail(f.rig.audit, NULL, counts[k], keep, &found, &cursor));
        uint64_t all = EVENTS + BATCHES, want = counts[k] < all ? counts[k] : all;
        assert_int_equal(found.n + found.n_changes, want);
        for (size_t i = 0; i < found.n; i++)
            assert_int_equal(found.i[i], EVENTS - found.n + i);
        assert_int_equal(cursor.day, RIG_DAY + 1);
    }
    end(&f);
}

static void tail_of_nothing_is_the_end(void **state)
{
    struct fixture f;
    struct record_cursor cursor;
    struct found found = {0};

    (void)state;
    begin(&f);
    assert_ok(search_tail(f.rig.audit, NULL, 0, keep, &found, &cursor));
    assert_int_equal(found.n + found.n_changes, 0);
    assert_ok(search_follow(f.rig.audit, NULL, &cursor, keep, &found));
    assert_int_equal(found.n + found.n_changes, 0);
    end(&f);
}

static void tail_of_what_matches(void **state)
{
    struct fixture f;
    struct record_query q = {.reason = &denied, .limit = 1};
    struct record_cursor cursor;
    struct found found = {0};

    (void)state;
    begin(&f);
    assert_ok(search_tail(f.rig.audit, &q, 3, keep, &found, &cursor));
    assert_int_equal(found.n, 3);
    assert_int_equal(found.i[0], 250);
    assert_int_equal(found.i[1], 300);
    assert_int_equal(found.i[2], 350);
    end(&f);
}

static void follow_gives_each_record_once(void **state)
{
    struct fixture f;
    struct record_cursor cursor = {0};
    struct found found = {0};

    (void)state;
    rig_init(&f.rig);
    assert_ok(search_follow(f.rig.audit, NULL, &cursor, keep, &found));
    assert_int_equal(found.n, 0);
    for (uint32_t batch = 0; batch < BATCHES; batch++) {
        write_batches(&f, batch, batch + 1);
        assert_ok(search_follow(f.rig.audit, NULL, &cursor, keep, &found));
        assert_int_equal(found.n, (batch + 1) * PER_BATCH);
        assert_int_equal(found.n_changes, batch + 1);
    }
    for (uint32_t i = 0; i < EVENTS; i++)
        assert_int_equal(found.i[i], i);
    end(&f);
}

/* A batch that is being written is not there yet. */
static void follow_waits_for_a_whole_batch(void **state)
{
    struct fixture f;
    struct record_cursor cursor = {0};
    struct buf day = BUF_MAX(1 << 20);
    struct found found = {0};

    (void)state;
    begin(&f);
    const char *path = folder_file(&f.rig.folder, "audit/2026-11-25.seg");
    assert_ok(file_read(path, &day));
    assert_ok(file_replace(path, (struct str){day.p, day.n - 7}, 0600));
    assert_ok(search_follow(f.rig.audit, NULL, &cursor, keep, &found));
    assert_int_equal(found.n, EVENTS - PER_BATCH);
    assert_ok(search_follow(f.rig.audit, NULL, &cursor, keep, &found));
    assert_int_equal(found.n, EVENTS - PER_BATCH);
    struct found tail = {0};
    struct record_cursor after;
    assert_ok(search_tail(f.rig.audit, NULL, 1, keep, &tail, &after));
    assert_int_equal(tail.change[0], BATCHES - 1);
    assert_ok(file_replace(path, buf_view(&day), 0600));
    assert_ok(search_follow(f.rig.audit, NULL, &cursor, keep, &found));
    assert_int_equal(found.n, EVENTS);
    buf_deinit(&day);
    end(&f);
}

/* ---- the index ---- */

static enum kw_err count(void *ctx, const struct index_entry *e)
{
    (void)e;
    ++*(size_t *)ctx;
    return KW_OK;
}

static size_t entries(const struct fixture *f, uint64_t *covered)
{
    size_t n = 0;

    assert_ok(index_read(f->rig.audit, RIG_DAY, count, &n, covered));
    return n;
}

static void an_index_is_made_anew_when_it_is_not_that_of_its_segment(void **state)
{
    static const char *const wrong[] = {"", "kwindex", "garbage garbage garbage garbage"};
    struct fixture f;
    struct buf good = BUF_MAX(1 << 20), again = BUF_MAX(1 << 20);
    uint64_t covered;

    (void)state;
    begin(&f);
    assert_int_equal(entries(&f, &covered), 0);
    assert_ok(index_update(f.rig.audit, RIG_DAY));
    assert_int_equal(entries(&f, &covered), BATCHES / 2);
    const char *path = folder_file(&f.rig.folder, "audit/2026-11-24.idx");
    assert_ok(file_read(path, &good));
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        assert_ok(file_replace(path, str_from(wrong[i]), 0600));
        assert_int_equal(entries(&f, &covered), 0);
        assert_ok(index_update(f.rig.audit, RIG_DAY));
        again.n = 0;
        assert_ok(file_read(path, &again));
        assert_str(buf_view(&again), buf_view(&good));
    }
    for (size_t i = 16; i < good.n;
         i += 7) { /* damaged anywhere: what holds is kept, the rest made anew */
        good.p[i] ^= 1;
        assert_ok(file_replace(path, buf_view(&good), 0600));
        good.p[i] ^= 1;
        assert_true(entries(&f, &covered) < BATCHES / 2);
        assert_ok(index_update(f.rig.audit, RIG_DAY));
        again.n = 0;
        assert_ok(file_read(path, &again));
        assert_str(buf_view(&again), buf_view(&good));
    }
    buf_deinit(&good);
    buf_deinit(&again);
    end(&f);
}

static void the_index_of_another_segment_is_not_believed(void **state)
{
    struct fixture f, g;
    struct buf index = BUF_MAX(1 << 20);
    uint64_t covered;

    (void)state;
    begin(&f);
    assert_ok(index_update(f.rig.audit, RIG_DAY));
    assert_ok(file_read(folder_file(&f.rig.folder, "audit/2026-11-24.idx"), &index));
    rig_init(&g.rig);
    write_batches(&g, 1, 3); /* other batches under the same name */
    assert_ok(
        file_replace(folder_file(&g.rig.folder, "audit/2026-11-24.idx"), buf_view(&index), 0600));
    assert_int_equal(entries(&g, &covered), 0);
    assert_int_equal(covered, 0);
    buf_deinit(&index);
    end(&f);
    end(&g);
}

static void the_recorder_keeps_the_index(void **state)
{
    struct fixture f;
    uint64_t covered, size;
    int fd;

    (void)state;
    rig_init(&f.rig);
    rig_write(&f.rig, 5, 10);
    assert_int_equal(entries(&f, &covered), 5);
    assert_ok(segment_open(f.rig.audit, RIG_DAY, &fd, &size));
    assert_int_equal(covered, size);
    close(fd);
    end(&f);
}

static void damage_ends_the_search(void **state)
{
    struct fixture f;
    struct buf day = BUF_MAX(1 << 20);
    struct found found = {0};
    struct record_query q = {.oldest_first = true};

    (void)state;
    begin(&f);
    const char *path = folder_file(&f.rig.folder, "audit/2026-11-24.seg");
    assert_ok(file_read(path, &day));
    memset(day.p + day.n / 2, 0xff, 600);
    assert_ok(file_replace(path, buf_view(&day), 0600));
    assert_err(search_run(f.rig.audit, &q, keep, &found), KW_EDAMAGED);
    buf_deinit(&day);
    end(&f);
}

static void a_folder_that_is_not_there(void **state)
{
    struct fixture f;
    struct record_query q = {0};
    struct found found = {0};
    struct record_cursor cursor = {0};
    char nowhere[PATH_MAX];

    (void)state;
    begin(&f);
    snprintf(nowhere, sizeof nowhere, "%s", folder_file(&f.rig.folder, "nowhere"));
    assert_err(search_run(nowhere, &q, keep, &found), KW_ENOTFOUND);
    assert_err(search_tail(nowhere, NULL, 5, keep, &found, &cursor), KW_ENOTFOUND);
    assert_err(search_follow(nowhere, NULL, &cursor, keep, &found), KW_ENOTFOUND);
    end(&f);
}

int main(void)
{
    SUITE_ROWS(search_finds, questions);
    SUITE_TEST(search_by_time);
    SUITE_TEST(a_limit_is_the_newest_or_the_oldest);
    SUITE_TEST(whoever_asks_may_stop);
    SUITE_TEST(a_summary_is_found_by_any_address_of_its_network);
    SUITE_TEST(tail_gives_the_last_in_order);
    SUITE_TEST(tail_of_nothing_is_the_end);
    SUITE_TEST(tail_of_what_matches);
    SUITE_TEST(follow_gives_each_record_once);
    SUITE_TEST(follow_waits_for_a_whole_batch);
    SUITE_TEST(an_index_is_made_anew_when_it_is_not_that_of_its_segment);
    SUITE_TEST(the_index_of_another_segment_is_not_believed);
    SUITE_TEST(the_recorder_keeps_the_index);
    SUITE_TEST(damage_ends_the_search);
    SUITE_TEST(a_folder_that_is_not_there);
    return suite_run("record/search");
}
