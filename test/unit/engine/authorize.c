/* authorize.c - the whole decision: limits, the record, what a stranger learns, calls that are wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/scene.h"

/* ---- limits ---- */

static void a_rate_refuses_and_consumes_last(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    s.grant.rate = (struct rate){.n = 60, .window_s = 60, .burst = 2};
    s.grant.quota = (struct quota){5, QUOTA_DAY};
    publish(&s);
    target(&s, "GET", "/me/../me");
    for (int i = 0; i < 10; i++)
        assert_int_equal(world_decide(s.engine, &s.ask.request).reason, KW_WHY_PATH_AMBIGUOUS);
    target(&s, "GET", "/me");
    struct kw_decision first = world_decide(s.engine, &s.ask.request);
    assert_int_equal(first.rate.remaining, 1);
    assert_int_equal(first.quota.remaining, 4);
    assert_int_equal(world_decide(s.engine, &s.ask.request).reason, KW_WHY_ALLOWED);
    struct kw_decision third = world_decide(s.engine, &s.ask.request);
    assert_int_equal(third.reason, KW_WHY_RATE_LIMITED);
    assert_int_equal(third.limited_by, KW_LIMIT_RATE);
    assert_int_equal(third.retry_after_s, 1);
    assert_int_equal(third.quota.remaining, 3); /* the refused one took nothing */
    assert_recorded(&s, &third);
    close_scene(&s);
}

static void assert_left(const struct kw_decision *d, enum kw_reason why, uint32_t rate, uint32_t quota)
{
    assert_string_equal(kw_reason_name(d->reason), kw_reason_name(why));
    assert_int_equal(d->rate.remaining, rate);
    assert_int_equal(d->quota.remaining, quota);
}

static void a_refusal_tells_the_limits_and_takes_nothing(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    s.grant.rate = (struct rate){.n = 60, .window_s = 60, .burst = 2};
    s.grant.quota = (struct quota){5, QUOTA_DAY};
    publish(&s);
    struct kw_decision d = world_decide(s.engine, &s.ask.request);
    assert_left(&d, KW_WHY_ALLOWED, 1, 4);
    s.ask.request.environment = KW_PRODUCTION;
    for (int i = 0; i < 10; i++) {
        d = world_decide(s.engine, &s.ask.request);
        assert_left(&d, KW_WHY_ENVIRONMENT_MISMATCH, 1, 4);
        assert_int_equal(d.rate.reset_s, 1);
    }
    s.ask.request.environment = KW_SANDBOX;
    d = world_decide(s.engine, &s.ask.request);
    assert_left(&d, KW_WHY_ALLOWED, 0, 3);
    d = world_decide(s.engine, &s.ask.request);
    assert_left(&d, KW_WHY_RATE_LIMITED, 0, 3);
    s.ask.request.environment = KW_PRODUCTION;
    d = world_decide(s.engine, &s.ask.request);
    assert_left(&d, KW_WHY_ENVIRONMENT_MISMATCH, 0, 3);
    assert_int_equal(d.limited_by, KW_NO_LIMIT);
    assert_int_equal(d.retry_after_s, 0);
    close_scene(&s);
}

/* What becomes of the request so much later. */
static enum kw_reason reason_at(struct scene *s, uint64_t later_us)
{
    return world_decide_at(s->engine, &s->ask.request, WORLD_BOOT_US + later_us).reason;
}

static void a_quota_refuses_until_its_window_ends(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    s.grant.quota = (struct quota){3, QUOTA_DAY};
    publish(&s);
    for (int i = 0; i < 3; i++)
        assert_int_equal(world_decide(s.engine, &s.ask.request).reason, KW_WHY_ALLOWED);
    struct kw_decision d = world_decide(s.engine, &s.ask.request);
    assert_int_equal(d.reason, KW_WHY_QUOTA_EXCEEDED);
    assert_int_equal(d.limited_by, KW_LIMIT_QUOTA);
    uint64_t rest_us = d.retry_after_s * UINT64_C(1000000);
    assert_int_equal(reason_at(&s, rest_us - 1000000), KW_WHY_QUOTA_EXCEEDED);
    assert_int_equal(reason_at(&s, rest_us), KW_WHY_ALLOWED);
    close_scene(&s);
}

static void D14_failures_of_a_source_end_in_429_and_never_touch_a_right_key(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    publish(&s);
    struct world_text wrong = world_text(&s.grant, 3);
    struct world_ask stranger;
    world_ask(&stranger, &wrong);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(world_decide(s.engine, &stranger.request).reason, KW_WHY_WRONG_SECRET);
        world_drain(&s.world);
    }
    struct kw_decision d = world_decide(s.engine, &stranger.request);
    assert_int_equal(d.reason, KW_WHY_TOO_MANY_FAILURES);
    assert_int_equal(d.status, 429);
    assert_in_range(d.retry_after_s, 1, 60);
    assert_tells_nothing(&d);
    stranger.request.n_keys = 0;
    assert_int_equal(world_decide(s.engine, &stranger.request).reason, KW_WHY_MISSING_KEY);
    assert_int_equal(world_decide(s.engine, &s.ask.request).reason, KW_WHY_ALLOWED);
    world_from(&stranger.request, "192.0.2.2");
    stranger.request.n_keys = 1;
    assert_int_equal(world_decide(s.engine, &stranger.request).reason, KW_WHY_WRONG_SECRET);
    close_scene(&s);
}

/* ---- the record ---- */

static void a_full_ring_refuses_transactions_and_counts_reads(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    s.grant.quota = (struct quota){1000, QUOTA_DAY};
    publish(&s);
    for (int i = 0; i < 64; i++)
        assert_int_equal(world_decide(s.engine, &s.ask.request).reason, KW_WHY_ALLOWED);
    struct kw_decision read = world_decide(s.engine, &s.ask.request);
    assert_int_equal(read.reason, KW_WHY_ALLOWED);
    assert_int_equal(world_counted(&s.world, RING_PROVED, KW_WHY_ALLOWED), 1);
    static const char *const routes[][2] = {{"POST", "/pay"}, {"PUT", "/keys"}, {"GET", "/elsewhere"}};
    for (size_t i = 0; i < COUNT_OF(routes); i++) {
        target(&s, routes[i][0], routes[i][1]);
        struct kw_decision d = world_decide(s.engine, &s.ask.request);
        assert_int_equal(d.reason, KW_WHY_UNRECORDABLE);
        assert_int_equal(d.status, 503);
        assert_int_equal(d.verdict, KW_DENY);
        assert_int_equal(d.quota.remaining, 1000 - 65); /* told, and not taken from */
    }
    assert_int_equal(world_counted(&s.world, RING_PROVED, KW_WHY_UNRECORDABLE), 3);
    world_drain(&s.world);
    assert_int_equal(world_decide(s.engine, &s.ask.request).reason, KW_WHY_ALLOWED);
    close_scene(&s);
}

static void strangers_fill_their_own_ring_only(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    publish(&s);
    struct world_ask nobody = s.ask;
    nobody.request.n_keys = 0;
    for (int i = 0; i < 200; i++)
        assert_int_equal(world_decide(s.engine, &nobody.request).reason, KW_WHY_MISSING_KEY);
    assert_int_equal(world_counted(&s.world, RING_UNPROVED, KW_WHY_MISSING_KEY), 200 - 64);
    target(&s, "POST", "/pay");
    struct kw_decision d = world_decide(s.engine, &s.ask.request);
    assert_int_equal(d.reason, KW_WHY_ALLOWED);
    assert_recorded(&s, &d);
    close_scene(&s);
}

static void an_event_says_who_asked_for_what(void **state)
{
    struct world_event found;
    struct scene s;

    (void)state;
    open_scene(&s);
    s.ask.request.agent = s.ask.key; /* somebody puts the key into the agent, too */
    world_old_secret(&s.grant, WORLD_WALL_MS + 5000);
    publish(&s);
    s.text = world_text(&s.grant, 2);
    target(&s, "GET", "/me?x=1");
    struct kw_decision d = world_decide(s.engine, &s.ask.request);
    assert_true(d.old_secret_ends_ms == WORLD_WALL_MS + 5000);
    assert_true(world_event(&s.world, d.request_id, &found));
    const struct event *e = &found.event;
    assert_memory_equal(e->key_id, s.grant.id, KW_KEY_ID_LEN);
    assert_str(e->account, STR("acme"));
    assert_str(e->method, STR("GET"));
    assert_str(e->path, STR("/me"));
    assert_int_equal(e->route, 1);
    assert_int_equal(e->route_class, KW_CLASS_READ);
    assert_int_equal(e->time_us, WORLD_WALL_MS * 1000);
    assert_int_equal(e->generation, 5);
    assert_int_equal(e->key_version, 3);
    assert_int_equal(e->policy_version, 1);
    assert_int_equal(e->credential, CREDENTIAL_KEY);
    assert_int_equal(e->flags, EVENT_PROVED | EVENT_TLS | EVENT_OLD_SECRET);
    assert_recorded(&s, &d);
    close_scene(&s);
}

static void request_ids_never_come_twice(void **state)
{
    struct scene s;
    char before[KW_REQUEST_ID_LEN + 1] = "";

    (void)state;
    open_scene(&s);
    publish(&s);
    for (int i = 0; i < 40; i++) {
        struct kw_decision d = world_decide(s.engine, &s.ask.request);
        assert_int_equal(strlen(d.request_id), KW_REQUEST_ID_LEN);
        assert_true(strcmp(d.request_id, before) > 0 || i == 0);
        memcpy(before, d.request_id, sizeof before);
    }
    close_scene(&s);
}

/* ---- what a stranger learns ---- */

static void D4_unknown_id_and_wrong_secret_are_one_answer(void **state)
{
    char bodies[2][KW_BODY_MAX];
    struct kw_decision d[2] = {{0}};
    struct scene s;

    (void)state;
    open_scene(&s);
    publish(&s);
    for (int i = 0; i < 2; i++) {
        if (i == 0)
            wrong_secret(&s);
        else
            unknown_id(&s);
        d[i] = world_decide(s.engine, &s.ask.request);
        memset(d[i].request_id, '0', KW_REQUEST_ID_LEN);
        kw_answer_body(&d[i], &s.ask.request, bodies[i]);
    }
    assert_string_equal(bodies[0], bodies[1]);
    assert_int_not_equal(d[0].reason, d[1].reason); /* the record knows */
    d[1].reason = d[0].reason;
    assert_memory_equal(&d[0], &d[1], sizeof d[0]);
    close_scene(&s);
}

/* ---- the call itself ---- */

static void an_empty_decision_denies(void **state)
{
    struct kw_decision d = {0};

    (void)state;
    assert_int_equal(d.verdict, KW_DENY);
    assert_int_equal(d.reason, KW_WHY_UNAVAILABLE);
}

static void break_method(struct kw_request *r)
{
    r->method = (struct kw_str){NULL, 3};
}

static void break_target(struct kw_request *r)
{
    r->target = (struct kw_str){NULL, 3};
}

static void break_agent(struct kw_request *r)
{
    r->agent = (struct kw_str){NULL, 1};
}

static void break_header(struct kw_request *r)
{
    r->key_header = (struct kw_str){NULL, 1};
}

static void break_keys(struct kw_request *r)
{
    r->keys = NULL;
}

static void break_bearers(struct kw_request *r)
{
    r->n_bearers = 1;
}

static void break_cookies(struct kw_request *r)
{
    r->n_cookies = SIZE_MAX;
}

static const struct broken {
    const char *why;
    void (*change)(struct kw_request *r);
} broken[] = {
    {"method", break_method},   {"target", break_target}, {"agent", break_agent},
    {"header", break_header},   {"keys", break_keys},     {"bearers", break_bearers},
    {"cookies", break_cookies},
};

static void J5_a_length_without_bytes_is_denied(void **state)
{
    const struct broken *row = *state;
    struct kw_decision d;
    struct scene s;

    open_scene(&s);
    publish(&s);
    row->change(&s.ask.request);
    memset(&d, 0xff, sizeof d);
    assert_err(kw_authorize(s.engine, &s.ask.request, &d), KW_EINVAL);
    assert_int_equal(d.verdict, KW_DENY);
    assert_int_equal(d.status, 503);
    close_scene(&s);
}

static void J5_missing_arguments_are_denied(void **state)
{
    struct kw_decision d;
    struct scene s;

    (void)state;
    open_scene(&s);
    publish(&s);
    assert_err(kw_authorize(s.engine, &s.ask.request, NULL), KW_EINVAL);
    memset(&d, 0xff, sizeof d);
    assert_err(kw_authorize(NULL, &s.ask.request, &d), KW_EINVAL);
    assert_int_equal(d.verdict, KW_DENY);
    memset(&d, 0xff, sizeof d);
    assert_err(kw_authorize(s.engine, NULL, &d), KW_EINVAL);
    assert_int_equal(d.verdict, KW_DENY);
    assert_err(kw_open(NULL, &s.engine), KW_EINVAL);
    assert_err(kw_open(s.world.folder.path, NULL), KW_EINVAL);
    kw_close(NULL);
    assert_false(kw_is_ours(NULL, s.ask.key));
    close_scene(&s);
}

static void J5_an_empty_request_is_denied(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    publish(&s);
    s.ask.request = (struct kw_request){0};
    assert_int_equal(world_decide(s.engine, &s.ask.request).reason, KW_WHY_PATH_AMBIGUOUS);
    close_scene(&s);
}

/* ---- fork ---- */

static int in_child(struct scene *s)
{
    struct kw_decision d;
    struct kw_engine *own = NULL;

    if (kw_authorize(s->engine, &s->ask.request, &d) != KW_OK || d.verdict != KW_DENY ||
        d.reason != KW_WHY_UNAVAILABLE)
        return 1;
    kw_close(s->engine);
    if (kw_open(s->world.folder.path, &own) != KW_OK)
        return 2;
    if (kw_authorize_at(own, &s->ask.request, WORLD_BOOT_US, &d) != KW_OK || d.verdict != KW_ALLOW)
        return 3;
    kw_close(own);
    return 0;
}

static void D20_a_child_denies_until_it_opens_its_own(void **state)
{
    struct scene s;
    int status;

    (void)state;
    open_scene(&s);
    publish(&s);
    assert_int_equal(world_decide(s.engine, &s.ask.request).verdict, KW_ALLOW);
    pid_t child = fork();
    if (child == 0)
        _exit(in_child(&s));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct kw_decision d = world_decide(s.engine, &s.ask.request);
    assert_int_equal(d.verdict, KW_ALLOW);
    assert_recorded(&s, &d);
    close_scene(&s);
}

int main(void)
{
    SUITE_TEST(a_rate_refuses_and_consumes_last);
    SUITE_TEST(a_refusal_tells_the_limits_and_takes_nothing);
    SUITE_TEST(a_quota_refuses_until_its_window_ends);
    SUITE_TEST(D14_failures_of_a_source_end_in_429_and_never_touch_a_right_key);
    SUITE_TEST(a_full_ring_refuses_transactions_and_counts_reads);
    SUITE_TEST(strangers_fill_their_own_ring_only);
    SUITE_TEST(an_event_says_who_asked_for_what);
    SUITE_TEST(request_ids_never_come_twice);
    SUITE_TEST(D4_unknown_id_and_wrong_secret_are_one_answer);
    SUITE_TEST(an_empty_decision_denies);
    SUITE_ROWS(J5_a_length_without_bytes_is_denied, broken);
    SUITE_TEST(J5_missing_arguments_are_denied);
    SUITE_TEST(J5_an_empty_request_is_denied);
    SUITE_TEST(D20_a_child_denies_until_it_opens_its_own);
    return suite_run("engine/authorize");
}
