/* race.c - decisions while everything that they read is being written, on the same memory: for ThreadSanitizer to watch,
 * and for the answers to be whole. */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/policy.h"
#include "engine/onemap.h"
#include "engine/scene.h"

enum { ROUNDS = 300, DECIDERS = 2 };

/* Relaxed, all of them: the test must not order what the program leaves unordered. */
struct stage {
    struct scene scene;
    _Atomic bool is_over;
    _Atomic unsigned decided, wrong;
};

/* The key is right all the time, and so is every policy: whatever is denied is so because something was not to be had. */
static void *decide_until_over(void *arg)
{
    struct stage *s = arg;
    struct kw_decision d;

    while (!atomic_load_explicit(&s->is_over, memory_order_relaxed)) {
        enum kw_err err = kw_authorize_at(s->scene.engine, &s->scene.ask.request, WORLD_BOOT_US, &d);
        bool is_right =
            err == KW_OK && (d.reason == KW_WHY_ALLOWED || d.reason == KW_WHY_UNAVAILABLE);
        atomic_fetch_add_explicit(&s->decided, d.reason == KW_WHY_ALLOWED, memory_order_relaxed);
        atomic_fetch_add_explicit(&s->wrong, !is_right, memory_order_relaxed);
        sched_yield();
    }
    return NULL;
}

static void play(void (*change)(struct stage *s, int round))
{
    struct stage *s = calloc(1, sizeof *s);
    pthread_t threads[DECIDERS];

    open_scene(&s->scene);
    publish(&s->scene);
    assert_true(onemap_joined() > 0);
    for (size_t i = 0; i < DECIDERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, decide_until_over, s), 0);
    for (int round = 0;
         round < ROUNDS || atomic_load_explicit(&s->decided, memory_order_relaxed) < ROUNDS; round++) {
        change(s, round);
        world_drain(&s->scene.world);
    }
    atomic_store_explicit(&s->is_over, true, memory_order_relaxed);
    for (size_t i = 0; i < DECIDERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(atomic_load(&s->wrong), 0);
    close_scene(&s->scene);
    free(s);
}

static void change_nothing(struct stage *s, int round)
{
    (void)s, (void)round;
    sched_yield();
}

static void the_ring_may_wrap_under_two_threads(void **state)
{
    (void)state;
    play(change_nothing);
}

/* Three address rules lie in the heap, which has room for so many lists, and two in the record. */
static void change_key(struct stage *s, int round)
{
    static const char *const nets[] = {"192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32"};
    size_t n = 1 + (size_t)(round < 5 * ROUNDS ? round % 3 : 0);
    struct grant *g = &s->scene.grant;

    for (size_t i = 0; i < n; i++)
        assert_ok(address_rule_parse(str_from(nets[i]), &g->rules[i]));
    g->n_rules = (uint32_t)n;
    g->version++;
    world_put(&s->scene.world, g);
}

static void a_key_may_change_under_decisions(void **state)
{
    (void)state;
    play(change_key);
}

static void change_account(struct stage *s, int round)
{
    struct keyring_writer *w = s->scene.world.writer;

    (void)round;
    s->scene.account.version++;
    assert_ok(keyring_put_account(w, &s->scene.account));
    keyring_put_freeze(w, KW_PRODUCTION, FREEZE_ALL);
    keyring_beat(w, WORLD_BOOT_US, WORLD_WALL_MS * 1000 + (round % 2 == 0 ? 0 : 10000));
}

static void an_account_freezes_and_clocks_may_change_under_decisions(void **state)
{
    (void)state;
    play(change_account);
}

static void change_policy(struct stage *s, int round)
{
    static const char *const policies[] = {"read GET /me\n",
                                           "read GET /me\nread GET /you\ndeny GET /them\n"};
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX);

    assert_ok(policy_compile(str_from(policies[round % 2]), &table));
    assert_ok(keyring_put_policy(s->scene.world.writer, ++s->scene.world.policy_version,
                                 buf_view(&table)));
    buf_deinit(&table);
}

static void a_policy_may_be_replaced_under_decisions(void **state)
{
    (void)state;
    play(change_policy);
}

int main(void)
{
    SUITE_TEST(the_ring_may_wrap_under_two_threads);
    SUITE_TEST(a_key_may_change_under_decisions);
    SUITE_TEST(an_account_freezes_and_clocks_may_change_under_decisions);
    SUITE_TEST(a_policy_may_be_replaced_under_decisions);
    return suite_run("engine/race");
}
