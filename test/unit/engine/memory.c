/* memory.c - an engine whose allocations fail: it does not open, or it denies. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "engine/scene.h"

/* ---- opening ---- */

static enum kw_err open_and_close(void *ctx)
{
    const struct scene *s = ctx;
    struct kw_engine *e = NULL;

    enum kw_err err = kw_open(s->world.folder.path, &e);
    if (err != KW_OK)
        assert_null(e);
    kw_close(e);
    return err;
}

static void J5_open_fails_at_each_allocation(void **state)
{
    struct scene s;

    (void)state;
    alloc_or_skip();
    open_scene(&s);
    publish(&s);
    assert_in_range(alloc_each(&(struct alloc_trial){.call = open_and_close}, &s), 4,
                    1000); /* engine, claim, keyring, limits */
    assert_int_equal(world_decide(s.engine, &s.ask.request).verdict, KW_ALLOW);
    close_scene(&s);
}

/* ---- deciding ---- */

/* Each in a thread of its own, whose first decision makes the thread's digest. */
struct decider {
    struct scene *scene;
    size_t fails; /* which allocation */
    bool failed;
    enum kw_err err;
    struct kw_decision first, second;
};

static void *decide_twice(void *arg)
{
    struct decider *d = arg;
    const struct kw_request *r = &d->scene->ask.request;

    test_alloc_fail(d->fails);
    d->err = kw_authorize_at(d->scene->engine, r, WORLD_BOOT_US, &d->first);
    d->failed = test_alloc_failed();
    test_alloc_fail(0);
    kw_authorize_at(d->scene->engine, r, WORLD_BOOT_US, &d->second);
    return NULL;
}

static void run_in_thread(struct decider *d)
{
    pthread_t thread;

    memset(&d->first, 0xff, sizeof d->first);
    assert_int_equal(pthread_create(&thread, NULL, decide_twice, d), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

/* Not even the first of a thread: the allocation that would fail never comes. */
static void X8_a_decision_allocates_nothing(void **state)
{
    struct scene s;

    (void)state;
    alloc_or_skip();
    open_scene(&s);
    publish(&s);
    struct decider d = {.scene = &s, .fails = 1};
    run_in_thread(&d);
    assert_ok(d.err);
    assert_false(d.failed);
    assert_int_equal(d.first.reason, KW_WHY_ALLOWED);
    assert_int_equal(d.second.reason, KW_WHY_ALLOWED);
    close_scene(&s);
}

static void ask_the_rest(struct scene *s)
{
    char body[KW_BODY_MAX], header[KW_LIMIT_HEADER_MAX];
    struct kw_decision d = {.status = 403, .reason = KW_WHY_PERMISSION_DENIED};

    kw_answer_body(&d, &s->ask.request, body);
    kw_answer_ratelimit_policy(&d, header);
    kw_answer_ratelimit(&d, header);
    kw_answer_nearest(&d);
    kw_permissions_text(KW_FULL_ACCESS, header);
    kw_environment_name(KW_SANDBOX);
    kw_reason_name(kw_is_ours(s->engine, s->ask.key) ? KW_WHY_ALLOWED : KW_WHY_STALE);
    kw_redact(s->engine, s->ask.key, body, sizeof body);
    kw_strerror(KW_EIO);
    kw_err_name(KW_EIO);
}

static void J5_nothing_but_opening_allocates(void **state)
{
    struct scene s;

    (void)state;
    alloc_or_skip();
    open_scene(&s);
    publish(&s);
    test_alloc_fail(1);
    ask_the_rest(&s);
    bool failed = test_alloc_failed();
    test_alloc_fail(0);
    assert_false(failed);
    close_scene(&s);
}

/* ---- another keyring ---- */

static struct kw_decision decide_failing(struct scene *s, size_t n, uint64_t at_us, bool *failed)
{
    struct kw_decision d;

    test_alloc_fail(n);
    enum kw_err err = kw_authorize_at(s->engine, &s->ask.request, at_us, &d);
    *failed = test_alloc_failed();
    test_alloc_fail(0);
    assert_ok(err);
    return d;
}

static void X8_an_engine_that_cannot_open_the_next_keyring_denies_until_it_can(void **state)
{
    uint64_t at_us = WORLD_BOOT_US;
    size_t n = 0, n_denied = 0;
    bool failed = true;
    struct scene s;

    (void)state;
    alloc_or_skip();
    open_scene(&s);
    publish(&s);
    while (failed) {
        world_drain(&s.world);
        world_replace_keyring(&s.world, true);
        world_put(&s.world, &s.grant);
        struct kw_decision d = decide_failing(&s, ++n, at_us, &failed);
        assert_int_equal(d.reason, d.verdict == KW_ALLOW ? KW_WHY_ALLOWED : KW_WHY_UNAVAILABLE);
        n_denied += d.verdict == KW_DENY;
        at_us += 1000000; /* it tries again */
        world_drain(&s.world);
        assert_int_equal(decide_failing(&s, 0, at_us, &failed).reason, KW_WHY_ALLOWED);
    }
    assert_in_range(n_denied, 3, n);
    close_scene(&s);
}

/* ---- what is wrong with the call, in two threads at once ---- */

static void *ask_wrongly(void *arg)
{
    struct scene *s = arg;
    const struct kw_str nothing = {NULL, 0}, *const keys = &nothing;
    struct kw_request empty = {.keys = keys, .n_keys = 1};
    struct kw_decision d;
    uintptr_t wrong = 0;

    for (int i = 0; i < 1000; i++) {
        wrong += kw_authorize(NULL, &s->ask.request, &d) != KW_EINVAL || d.verdict != KW_DENY;
        wrong += kw_authorize(s->engine, NULL, &d) != KW_EINVAL || d.verdict != KW_DENY;
        wrong += kw_authorize(s->engine, &s->ask.request, NULL) != KW_EINVAL;
        wrong += kw_authorize(s->engine, &empty, &d) != KW_OK || d.verdict != KW_DENY;
        wrong += kw_authorize_at(s->engine, &s->ask.request, WORLD_BOOT_US, &d) != KW_OK;
    }
    return (void *)wrong; /* NOLINT(performance-no-int-to-ptr) */
}

static void J5_two_threads_may_be_wrong_at_once(void **state)
{
    pthread_t threads[2];
    struct scene s;
    void *wrong;

    (void)state;
    open_scene(&s);
    publish(&s);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_wrongly, &s), 0);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    world_drain(&s.world);
    assert_int_equal(world_decide(s.engine, &s.ask.request).reason, KW_WHY_ALLOWED);
    close_scene(&s);
}

int main(void)
{
    SUITE_TEST(J5_open_fails_at_each_allocation);
    SUITE_TEST(X8_a_decision_allocates_nothing);
    SUITE_TEST(J5_nothing_but_opening_allocates);
    SUITE_TEST(X8_an_engine_that_cannot_open_the_next_keyring_denies_until_it_can);
    SUITE_TEST(J5_two_threads_may_be_wrong_at_once);
    return suite_run("engine/memory");
}
