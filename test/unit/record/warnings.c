/* warnings.c - warnings reach the record once, as what they are: no attempts. */
#include "record/warnings.h"

#include "core/warning.h"
#include "rig.h"

#define KEY "7Q2mK4T9xJ1aBd"

static struct rig_entries all;
static struct warning_taken taken[WARNINGS_TAKEN_MAX];

static struct event one(int64_t time_us)
{
    struct event e = warning_event(WARNING_DUE_7, time_us);

    memcpy(e.key_id, KEY, sizeof e.key_id);
    e.account = STR("acme");
    e.environment = KW_PRODUCTION;
    e.generation = 3;
    return e;
}

static void what_was_not_settled_is_given_again(void **state)
{
    const struct event e = one(RIG_NOON);
    struct event back;
    struct warnings *q;
    bool more;

    (void)state;
    assert_ok(warnings_new(&q));
    assert_true(warnings_put(q, &e));
    assert_int_equal(warnings_take(q, taken, &more), 1);
    assert_true(warnings_put(q, &e));
    assert_int_equal(warnings_take(q, taken, &more), 2);
    assert_false(more);
    assert_ok(event_decode((struct str){(char *)taken[1].bytes, taken[1].n}, &back));
    assert_int_equal(warning_in(&back), WARNING_DUE_7);
    warnings_settle(q);
    assert_int_equal(warnings_take(q, taken, &more), 0);
    warnings_free(q);
}

static void a_full_line_says_so_and_loses_none(void **state)
{
    struct warnings *q;
    uint32_t n = 0;
    bool more = true;

    (void)state;
    assert_ok(warnings_new(&q));
    for (int64_t i = 0; i < WARNINGS_MAX; i++) {
        const struct event e = one(i);
        assert_true(warnings_put(q, &e));
    }
    const struct event late = one(WARNINGS_MAX);
    assert_false(warnings_put(q, &late));
    while (more) {
        uint32_t got = warnings_take(q, taken, &more);
        for (uint32_t i = 0; i < got; i++)
            assert_int_equal(taken[i].time_us, n + i);
        n += got;
        warnings_settle(q);
    }
    assert_int_equal(n, WARNINGS_MAX);
    assert_true(warnings_put(q, &late));
    warnings_free(q);
}

static enum kw_err count_one(void *ctx, const struct record_entry *e)
{
    (*(int *)ctx)++;
    assert_int_equal(warning_in(&e->event), WARNING_DUE_7);
    return KW_OK;
}

static const enum kw_reason some_reason = KW_WHY_UNAVAILABLE; /* that of an event that has none */
static const struct address nowhere;                          /* and its source */

static const struct query {
    const char *why;
    struct record_query q;
    int n;
} queries[] = {
    {"all", {.limit = 0}, 2},
    {"warnings", {.kinds = SEARCH_WARNINGS}, 2},
    {"attempts", {.kinds = SEARCH_EVENTS}, 0},
    {"leaks", {.kinds = SEARCH_LEAKS}, 0},
    {"its key", {.key_id = {KEY, sizeof(KEY) - 1}}, 2},
    {"another key", {.key_id = {"8Q2mK4T9xJ1aBd", sizeof("8Q2mK4T9xJ1aBd") - 1}}, 0},
    {"its account", {.kinds = SEARCH_WARNINGS, .account = {"acme", sizeof("acme") - 1}}, 2},
    {"another account", {.account = {"other", sizeof("other") - 1}}, 0},
    {"its environment", {.environment = KW_PRODUCTION}, 2},
    {"the other environment", {.environment = KW_SANDBOX}, 0},
    {"its time", {.from_us = RIG_NOON + 1}, 1},
    {"denied attempts", {.verdict = SEARCH_DENIED}, 0},
    {"attempts from a browser", {.from_browser = true}, 0},
    {"a reason", {.reason = &some_reason}, 0},
    {"a source", {.source = &nowhere}, 0},
    {"a member", {.member = {"7Q2mK4T9xJ1aBd", sizeof("7Q2mK4T9xJ1aBd") - 1}}, 0},
    {"a request", {.request_id = (const uint8_t[EVENT_REQUEST_ID]){0}}, 0},
};

static void they_are_on_the_record_and_found(void **state)
{
    const struct query *row = *state;
    const struct event e = one(RIG_NOON), later = one(RIG_NOON + 1);
    struct recorder_result result;
    struct running f;
    int n = 0;

    running_begin(&f, RIG_SLOTS);
    assert_true(recorder_warn(f.recorder, &e));
    assert_true(recorder_warn(f.recorder, &later));
    assert_ok(recorder_drain(f.recorder, RIG_NOON + 1000, &result));
    assert_int_equal(result.records, 2);
    assert_int_equal(result.attempts, 0);
    rig_drain(f.recorder, RIG_NOON + 2000, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 2);
    assert_int_equal(rig_attempts(&all), 0);
    assert_ok(search_run(f.rig.audit, &row->q, count_one, &n));
    assert_int_equal(n, row->n);
    running_end(&f);
}

/* More than a batch takes. */
static void a_drain_takes_all_of_them(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    for (int i = 0; i < 3 * WARNINGS_TAKEN_MAX; i++) {
        const struct event e = one(RIG_NOON + i);
        assert_true(recorder_warn(f.recorder, &e));
    }
    rig_drain(f.recorder, RIG_NOON + 1000, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 3 * WARNINGS_TAKEN_MAX);
    running_end(&f);
}

/* A verifier cannot warn. */
static void one_in_a_ring_is_none(void **state)
{
    struct running f;
    struct event e = one(RIG_NOON);

    (void)state;
    running_begin(&f, RIG_SLOTS);
    played_decide(&f.p, RING_PROVED, &e);
    rig_drain(f.recorder, RIG_NOON + 1000, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 1);
    assert_int_equal(all.e[0].event.kind, EVENT_GAP);
    running_end(&f);
}

int main(void)
{
    SUITE_TEST(what_was_not_settled_is_given_again);
    SUITE_TEST(a_full_line_says_so_and_loses_none);
    SUITE_ROWS(they_are_on_the_record_and_found, queries);
    SUITE_TEST(a_drain_takes_all_of_them);
    SUITE_TEST(one_in_a_ring_is_none);
    return suite_run("record/warnings");
}
