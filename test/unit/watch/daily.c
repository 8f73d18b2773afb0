/* daily.c - routes, countries and how long decisions took are counted by the day, for whom they concern, and stay small. */
#include "watch/daily.h"

#include "kit.h"
#include "watch/daily_book.h"

static struct event on_route(uint32_t version, uint32_t line)
{
    struct event e = rig_event(RIG_NOON, KIT_KEY);

    e.policy_version = version;
    e.route = line;
    return e;
}

static struct event refused(struct event e)
{
    e.reason = KW_WHY_RATE_LIMITED;
    e.status = 429;
    return e;
}

static void count(struct kit *k, const struct event *events, uint32_t n)
{
    kit_write(k, RIG_NOON, events, n);
    kit_count(k);
}

static struct ask_answer *ask(const struct kit *k, const char *key, const char *account)
{
    static struct ask_answer a;

    a = kit_ask_day(k, RIG_NOON, key, account);
    return &a;
}

static void share_is(const struct ask_shares *s, size_t at, const char *name, uint64_t allowed,
                     uint64_t denied)
{
    assert_true(at < s->n);
    assert_string_equal(s->at[at].name, name);
    assert_int_equal(s->at[at].count.allowed, allowed);
    assert_int_equal(s->at[at].count.denied, denied);
    assert_int_equal(s->at[at].last_ms, RIG_NOON / 1000);
}

static uint64_t sum(const struct ask_shares *s)
{
    uint64_t n = 0;

    for (size_t i = 0; i < s->n; i++)
        n += s->at[i].count.allowed + s->at[i].count.denied;
    return n;
}

/* ---- routes ---- */

static void routes_are_counted_by_their_text_in_every_version_of_the_policy(void **state)
{
    const struct event events[] = {on_route(1, 7), on_route(KIT_REVERSED, KIT_ROUTES - 6),
                                   on_route(1, 7), refused(on_route(1, 7)), on_route(1, 8)};
    struct kit k;

    (void)state;
    kit_init(&k);
    count(&k, events, COUNT_OF(events));
    kit_restart(&k);
    count(&k, events, 2);
    const struct ask_shares *s = &ask(&k, KIT_KEY, NULL)->routes;
    assert_int_equal(s->n, 2);
    share_is(s, 0, "GET /7", 5, 1);
    share_is(s, 1, "GET /8", 1, 0);
    kit_deinit(&k);
}

static void routes_of_everybody_the_account_and_the_key_are_their_own(void **state)
{
    struct event events[] = {on_route(1, 1), on_route(1, 2), on_route(1, 3), on_route(1, 0)};
    struct kit k;

    (void)state;
    kit_init(&k);
    memcpy(events[1].key_id, KIT_OTHER, sizeof events[1].key_id);
    memset(events[2].key_id, 0, sizeof events[2].key_id);
    memset(events[3].key_id, 0, sizeof events[3].key_id);
    count(&k, events, COUNT_OF(events));
    const struct ask_shares *s = &ask(&k, NULL, NULL)->routes;
    assert_int_equal(s->n, 4);
    share_is(s, 3, DAILY_NONE, 1, 0);
    s = &ask(&k, NULL, "acme")->routes;
    assert_int_equal(s->n, 1);
    share_is(s, 0, "GET /1", 1, 0);
    s = &ask(&k, KIT_OTHER, NULL)->routes;
    assert_int_equal(s->n, 1);
    share_is(s, 0, "GET /2", 1, 0);
    assert_int_equal(ask(&k, NULL, "shop")->routes.n, 0);
    kit_deinit(&k);
}

static void a_line_that_cannot_be_told_is_unknown_and_the_rest_is_counted(void **state)
{
    const struct event events[] = {on_route(KIT_BROKEN, 1),       on_route(1, KIT_ROUTES + 1),
                                   on_route(KIT_POLICIES + 1, 1), on_route(0, 1),
                                   on_route(1, UINT32_MAX),       on_route(1, 1)};
    struct kit k;

    (void)state;
    kit_init(&k);
    count(&k, events, COUNT_OF(events));
    const struct ask_answer *a = ask(&k, KIT_KEY, NULL);
    assert_int_equal(a->all.allowed, COUNT_OF(events));
    assert_int_equal(a->routes.n, 2);
    share_is(&a->routes, 0, DAILY_UNKNOWN, 5, 0);
    share_is(&a->routes, 1, "GET /1", 1, 0);
    kit_deinit(&k);
}

static void a_policy_that_cannot_be_read_now_is_read_with_the_next_round(void **state)
{
    struct round_result result;
    struct event e = on_route(1, 1);
    struct kit k;

    (void)state;
    kit_init(&k);
    k.policy_fails = KW_EIO;
    kit_write(&k, RIG_NOON, &e, 1);
    assert_err(rounds_run(k.rounds, &result), KW_EIO);
    k.policy_fails = KW_OK;
    kit_count(&k);
    share_is(&ask(&k, KIT_KEY, NULL)->routes, 0, "GET /1", 1, 0);
    kit_deinit(&k);
}

/* Its numbers were those of a transaction that never was. */
static void a_round_that_is_undone_leaves_no_route_behind(void **state)
{
    struct event events[2] = {on_route(1, 1), on_route(1, 2)};
    struct round_result result;
    struct kit k;

    (void)state;
    kit_init(&k);
    count(&k, events, 1);
    memcpy(events[0].key_id, KIT_KEY, sizeof events[0].key_id);
    events[0].route = 3;
    memcpy(events[1].key_id, KIT_OTHER, sizeof events[1].key_id);
    k.owner_fails = KW_EIO;
    kit_write(&k, RIG_NOON, events, 2);
    assert_err(rounds_run(k.rounds, &result), KW_EIO);
    k.owner_fails = KW_OK;
    kit_count(&k);
    const struct ask_shares *s = &ask(&k, KIT_KEY, NULL)->routes;
    assert_int_equal(s->n, 2);
    share_is(s, 0, "GET /1", 1, 0);
    share_is(s, 1, "GET /3", 1, 0);
    share_is(&ask(&k, KIT_OTHER, NULL)->routes, 0, "GET /2", 1, 0);
    kit_deinit(&k);
}

/* Rings are hostile input: reading a policy takes a thousand times as long as counting an event. */
static void versions_that_change_with_each_event_are_read_so_often_and_no_more(void **state)
{
    static struct event events[1000];
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t i = 0; i < COUNT_OF(events); i++)
        events[i] = on_route(10 + i % 50, 1);
    count(&k, events, COUNT_OF(events));
    assert_int_equal(k.n_policy, ROUTES_READ_MAX);
    assert_int_equal(sum(&ask(&k, KIT_KEY, NULL)->routes), COUNT_OF(events));
    count(&k, events + 49, 1); /* and again with the next round */
    assert_int_equal(k.n_policy, ROUTES_READ_MAX + 1);
    kit_deinit(&k);
}

static void a_policy_is_read_once_while_two_versions_take_turns(void **state)
{
    static struct event events[1000];
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t i = 0; i < COUNT_OF(events); i++)
        events[i] = on_route(1 + i % 2, 1);
    count(&k, events, COUNT_OF(events));
    count(&k, events, COUNT_OF(events));
    assert_int_equal(k.n_policy, 2);
    kit_deinit(&k);
}

static void routes_of_a_subject_and_day_have_their_maximum(void **state)
{
    static struct event events[2 * KIT_ROUTES];
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t i = 0; i < COUNT_OF(events); i++)
        events[i] = on_route(1, 1 + i % KIT_ROUTES);
    count(&k, events, KIT_ROUTES);
    count(&k, events, COUNT_OF(events));
    const char *const whose[][2] = {{KIT_KEY, NULL}, {NULL, "acme"}, {NULL, NULL}};
    for (size_t i = 0; i < COUNT_OF(whose); i++) {
        const struct ask_shares *s = &ask(&k, whose[i][0], whose[i][1])->routes;
        assert_int_equal(s->n, ASK_SHARES_MAX + 1);
        share_is(s, ASK_SHARES_MAX, DAILY_OTHER, UINT64_C(3) * (KIT_ROUTES - ASK_SHARES_MAX), 0);
        assert_int_equal(sum(s), 3 * KIT_ROUTES);
    }
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM routes"), 3 * (DAILY_NAMES_MAX + 1));
    kit_deinit(&k);
}

static void strangers_get_half_of_the_routes(void **state)
{
    static struct event events[KIT_ROUTES];
    struct kit k;

    (void)state;
    kit_init(&k);
    for (uint32_t i = 0; i < KIT_ROUTES; i++) {
        events[i] = on_route(1, KIT_ROUTES - i);
        events[i].reason = KW_WHY_WRONG_SECRET;
        events[i].flags = 0;
    }
    count(&k, events, KIT_ROUTES);
    const struct event known = on_route(1, 1);
    count(&k, &known, 1);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM routes"),
                     3 * (DAILY_NAMES_MAX / 2 + 1) + 3);
    kit_deinit(&k);
}

/* ---- countries ---- */

static struct event from(uint8_t first, const char *key)
{
    struct event e = rig_event(RIG_NOON, key);

    e.source.b[12] = first;
    return e;
}

static void countries_are_counted_where_they_are_known(void **state)
{
    const struct event events[] = {from(192, KIT_KEY), refused(from(192, KIT_KEY)),
                                   from(193, KIT_OTHER), from(10, KIT_KEY)};
    struct kit k;

    (void)state;
    kit_init(&k);
    count(&k, events, COUNT_OF(events));
    const struct ask_shares *s = &ask(&k, NULL, "acme")->countries;
    assert_int_equal(s->n, 2);
    share_is(s, 0, "CH", 1, 1);
    share_is(s, 1, DAILY_UNKNOWN, 1, 0);
    assert_int_equal(ask(&k, NULL, NULL)->countries.n, 3);
    s = &ask(&k, KIT_OTHER, NULL)->countries;
    assert_int_equal(s->n, 1);
    share_is(s, 0, "DE", 1, 0);
    kit_deinit(&k);
}

static void without_a_file_of_places_no_country_is_counted(void **state)
{
    const struct event e = from(192, KIT_KEY);
    struct kit k;

    (void)state;
    kit_init(&k);
    k.is_without_countries = true;
    count(&k, &e, 1);
    assert_int_equal(ask(&k, KIT_KEY, NULL)->countries.n, 0);
    assert_int_equal(kit_number(&k, "SELECT count(*) FROM countries"), 0);
    k.is_without_countries = false; /* it has come */
    count(&k, &e, 1);
    share_is(&ask(&k, KIT_KEY, NULL)->countries, 0, "CH", 1, 0);
    kit_deinit(&k);
}

/* ---- latencies ---- */

static void how_long_decisions_took_is_counted_one_by_one(void **state)
{
    struct event events[] = {rig_event(RIG_NOON, KIT_KEY), rig_event(RIG_NOON, KIT_KEY),
                             rig_event(RIG_NOON, KIT_KEY), rig_event(RIG_NOON, KIT_KEY)};
    struct kit k;

    (void)state;
    kit_init(&k);
    events[1].latency_ns = 123456;
    events[2].latency_ns = 0; /* at a given moment */
    events[3].kind = EVENT_SUMMARY;
    events[3].count = 1000;
    count(&k, events, COUNT_OF(events));
    const struct latency *l = &ask(&k, NULL, "acme")->latency;
    assert_int_equal(latency_count(l), 2);
    assert_int_equal(l->most_ns, 123456);
    assert_int_equal(latency_within(l, 50), latency_middle(latency_bucket(events[0].latency_ns)));
    assert_int_equal(latency_count(&ask(&k, KIT_OTHER, NULL)->latency), 0);
    kit_deinit(&k);
}

/* ---- by the day ---- */

static void each_day_is_asked_for_alone_and_kept_for_so_long(void **state)
{
    static const int64_t day_us = INT64_C(86400) * 1000000;
    struct kit k;

    (void)state;
    kit_init(&k);
    for (int64_t day = 0; day < 3; day++) {
        struct event e = on_route(1, (uint32_t)day + 1);
        e.time_us = RIG_NOON + day * day_us;
        e.environment = day == 2 ? KW_SANDBOX : KW_PRODUCTION;
        kit_write(&k, e.time_us, &e, 1);
    }
    k.now_us = RIG_NOON + 2 * day_us;
    kit_count(&k);
    struct ask q = {.step = STEP_DAY, .first = RIG_DAY, .n = 2};
    assert_int_equal(kit_ask(&k, &q).routes.n, 2);
    q.n = 3;
    assert_int_equal(kit_ask(&k, &q).routes.n, 3);
    q.environment = KW_SANDBOX;
    const struct ask_answer a = kit_ask(&k, &q);
    assert_int_equal(a.routes.n, 1);
    assert_int_equal(a.countries.n, 1);
    assert_int_equal(latency_count(&a.latency), 1);
    const struct event late = rig_event(RIG_NOON + 100 * day_us, KIT_KEY);
    k.now_us = late.time_us;
    for (int i = 0; i < 3; i++) { /* a day of each with a round */
        kit_write(&k, late.time_us, &late, 1);
        kit_count(&k);
    }
    assert_int_equal(kit_number(&k, "SELECT count(DISTINCT day) FROM sources"), 1);
    assert_int_equal(kit_number(&k, "SELECT count(DISTINCT day) FROM routes"), 1);
    assert_int_equal(kit_number(&k, "SELECT count(DISTINCT day) FROM countries"), 1);
    assert_int_equal(kit_number(&k, "SELECT count(DISTINCT day) FROM latencies"), 1);
    kit_deinit(&k);
}

/* ---- a file of the version before ---- */

static void make_older(const struct kit *k)
{
    kit_script(k, "DROP TABLE routes; DROP TABLE countries; DROP TABLE latencies;"
                  "DROP TABLE route_texts; PRAGMA user_version = 4;");
}

static void a_file_of_the_version_before_goes_on_with_all_that_is_in_it(void **state)
{
    const struct event e = on_route(1, 1);
    struct kit k;

    (void)state;
    kit_init(&k);
    count(&k, &e, 1);
    int made = kit_number(&k, "SELECT id & 1048575 FROM made");
    int states = kit_number(&k, "SELECT count(*) FROM states");
    assert_true(states > 0);
    rounds_free(k.rounds);
    k.rounds = NULL;
    make_older(&k);
    assert_int_equal(ask(&k, KIT_KEY, NULL)->all.allowed, 0); /* not yet, and nobody doubts it */
    kit_restart(&k);
    count(&k, &e, 1);
    assert_int_equal(kit_number(&k, "SELECT id & 1048575 FROM made"), made);
    assert_true(kit_number(&k, "SELECT count(*) FROM states") >= states);
    const struct ask_answer *a = ask(&k, KIT_KEY, NULL);
    assert_int_equal(a->all.allowed, 2);
    assert_int_equal(a->sources[0].count.allowed, 2);
    share_is(&a->routes, 0, "GET /1", 1, 0); /* from here on */
    kit_deinit(&k);
}

int main(void)
{
    SUITE_TEST(routes_are_counted_by_their_text_in_every_version_of_the_policy);
    SUITE_TEST(routes_of_everybody_the_account_and_the_key_are_their_own);
    SUITE_TEST(a_line_that_cannot_be_told_is_unknown_and_the_rest_is_counted);
    SUITE_TEST(a_policy_that_cannot_be_read_now_is_read_with_the_next_round);
    SUITE_TEST(a_round_that_is_undone_leaves_no_route_behind);
    SUITE_TEST(versions_that_change_with_each_event_are_read_so_often_and_no_more);
    SUITE_TEST(a_policy_is_read_once_while_two_versions_take_turns);
    SUITE_TEST(routes_of_a_subject_and_day_have_their_maximum);
    SUITE_TEST(strangers_get_half_of_the_routes);
    SUITE_TEST(countries_are_counted_where_they_are_known);
    SUITE_TEST(without_a_file_of_places_no_country_is_counted);
    SUITE_TEST(how_long_decisions_took_is_counted_one_by_one);
    SUITE_TEST(each_day_is_asked_for_alone_and_kept_for_so_long);
    SUITE_TEST(a_file_of_the_version_before_goes_on_with_all_that_is_in_it);
    return suite_run("watch/daily");
}
