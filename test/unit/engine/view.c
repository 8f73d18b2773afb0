/* view.c - files that are replaced, damaged or cut short under a live engine; rings claimed and given back. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/guard.h"
#include "engine/view.h"
#include "engine/world.h"
#include "suite.h"

enum { SECOND = 1000000 };

struct scene {
    struct world world;
    struct kw_engine *engine;
    struct grant grant;
    struct world_text text;
    struct world_ask ask;
};

static void open_scene(struct scene *s)
{
    *s = (struct scene){0};
    world_make(&s->world);
    s->grant = world_grant(&s->world);
    world_put(&s->world, &s->grant);
    s->text = world_text(&s->grant, 1);
    world_ask(&s->ask, &s->text);
    s->engine = world_open(&s->world);
}

static void close_scene(struct scene *s)
{
    kw_close(s->engine);
    world_clear(&s->world);
}

static enum kw_reason decide_after(struct scene *s, uint64_t us)
{
    world_drain(&s->world);
    return world_decide_at(s->engine, &s->ask.request, WORLD_BOOT_US + us).reason;
}

static enum kw_reason decide(struct scene *s)
{
    return decide_after(s, 0);
}

/* ---- claims ---- */

static void a_ring_has_one_holder(void **state)
{
    _Atomic int torn = 0;
    struct claim *claims[3] = {0};
    struct world w;

    (void)state;
    world_make(&w);
    assert_ok(claim_open(w.folder.path, &torn, &claims[0]));
    assert_ok(claim_open(w.folder.path, &torn, &claims[1]));
    assert_true(claim_ring_id(claims[0]) != claim_ring_id(claims[1]));
    assert_err(claim_open(w.folder.path, &torn, &claims[2]), KW_EFULL);
    assert_ok(rings_tend(&w.rings, w.generation)); /* serve makes spare ones */
    assert_ok(claim_open(w.folder.path, &torn, &claims[2]));
    uint64_t id = claim_ring_id(claims[0]);
    claim_close(claims[0]);
    assert_ok(claim_open(w.folder.path, &torn, &claims[0]));
    assert_int_equal(claim_ring_id(claims[0]), id); /* given back */
    for (size_t i = 0; i < COUNT_OF(claims); i++)
        claim_close(claims[i]);
    world_clear(&w);
}

static void a_ring_that_is_not_drained_is_not_claimed(void **state)
{
    _Atomic int torn = 0;
    struct claim *c;
    struct scene s;

    (void)state;
    open_scene(&s);
    assert_int_equal(world_decide(s.engine, &s.ask.request).verdict, KW_ALLOW);
    uint64_t id = claim_ring_id(atomic_load(&s.engine->current)->claim);
    kw_close(s.engine);
    assert_ok(claim_open(s.world.folder.path, &torn, &c));
    assert_true(claim_ring_id(c) != id);
    claim_close(c);
    world_drain(&s.world);
    assert_ok(claim_open(s.world.folder.path, &torn, &c));
    assert_int_equal(claim_ring_id(c), id);
    claim_close(c);
    s.engine = NULL;
    close_scene(&s);
}

static void without_rings_nothing_opens(void **state)
{
    struct kw_engine *e = NULL;
    struct folder f;

    (void)state;
    folder_make(&f);
    assert_err(kw_open(f.path, &e), KW_EUNAVAILABLE);
    assert_null(e);
    folder_remove(&f);
}

/* ---- keyrings that are replaced ---- */

static void a_new_generation_is_opened_before_the_next_decision(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    assert_int_equal(decide(&s), KW_WHY_ALLOWED);
    world_replace_keyring(&s.world, true); /* without the key */
    assert_int_equal(decide(&s), KW_WHY_UNKNOWN_KEY);
    world_put(&s.world, &s.grant);
    assert_int_equal(decide(&s), KW_WHY_ALLOWED);
    close_scene(&s);
}

/* More often than there is room for guarded mappings: each must be given back. */
static void any_number_of_keyrings_may_follow_each_other(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    for (int i = 0; i < 600; i++) {
        world_replace_keyring(&s.world, true);
        world_put(&s.world, &s.grant);
        assert_int_equal(decide(&s), KW_WHY_ALLOWED);
    }
    close_scene(&s);
}

static void a_keyring_replaced_while_serve_is_dead_is_noticed(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    assert_int_equal(decide(&s), KW_WHY_ALLOWED);
    world_replace_keyring(&s.world, false);
    assert_int_equal(decide_after(&s, SECOND), KW_WHY_ALLOWED); /* its heart has only just stopped */
    assert_int_equal(decide_after(&s, (uint64_t)3 * SECOND),
                     KW_WHY_UNAVAILABLE); /* rings name another */
    assert_ok(rings_announce(&s.world.rings, s.world.generation));
    assert_int_equal(decide_after(&s, (uint64_t)4 * SECOND), KW_WHY_UNKNOWN_KEY);
    close_scene(&s);
}

static void a_dead_serve_leaves_decisions_going_on(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    for (uint64_t second = 0; second < 100; second += 7)
        assert_int_equal(decide_after(&s, second * SECOND), KW_WHY_ALLOWED);
    close_scene(&s);
}

static void a_deleted_keyring_denies_once_serve_is_dead(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    assert_int_equal(unlink(folder_file(&s.world.folder, "keyring")), 0);
    assert_int_equal(decide_after(&s, (uint64_t)3 * SECOND), KW_WHY_UNAVAILABLE);
    close_scene(&s);
}

static void a_replaced_ring_is_given_up(void **state)
{
    struct scene s;

    (void)state;
    open_scene(&s);
    uint64_t id = claim_ring_id(atomic_load(&s.engine->current)->claim);
    assert_ok(rings_replace(&s.world.rings, 0, s.world.generation));
    assert_int_equal(decide(&s), KW_WHY_ALLOWED);
    assert_true(claim_ring_id(atomic_load(&s.engine->current)->claim) != id);
    close_scene(&s);
}

/* ---- files that are cut short ---- */

static const struct cut {
    const char *why, *name;
    long size;
} cuts[] = {
    {"the keyring to nothing", "keyring", 0},
    {"the keyring to its header", "keyring", 4096},
    {"the keyring to its accounts", "keyring", 8192},
    {"limits to nothing", "limits", 0},
    {"limits to their misses", "limits", 8192},
    {"a ring to nothing", "rings/000", 0},
    {"a ring to its header", "rings/000", 4096},
};

static struct sigaction guard_action;

/* The suite catches SIGBUS too, anew before each test: here the engine's own handler is needed, which
 * is installed once. */
static void learn_guard_action(void)
{
    _Atomic int torn;
    char page = 0;

    assert_ok(guard_add(&page, sizeof page, &torn));
    guard_remove(&page);
    sigaction(SIGBUS, NULL, &guard_action);
}

/* Serve has such a guard for its own mapping. */
static void guard_writer(struct world *w, _Atomic int *torn, const void **begin)
{
    size_t n;

    sigaction(SIGBUS, &guard_action, NULL);
    keyring_writer_range(w->writer, begin, &n);
    assert_ok(guard_add(*begin, n, torn));
}

static void make_anew(struct scene *s)
{
    bool made;

    limits_file_close(&s->world.limits);
    unlink(folder_file(&s->world.folder, "limits"));
    assert_ok(limits_file_open(folder_file(&s->world.folder, "limits"), (gid_t)-1, 101,
                               &s->world.limits, &made));
    assert_ok(rings_replace(&s->world.rings, 0, s->world.generation));
    world_replace_keyring(&s->world, true);
    world_put(&s->world, &s->grant);
}

static void X11_a_file_cut_short_denies_and_is_survived(void **state)
{
    const struct cut *row = *state;
    _Atomic int torn = 0;
    const void *begin;
    struct scene s;

    if (SUITE_TSAN)
        suite_skip("ThreadSanitizer's runtime cannot be left by a fault in one of its own atomics");
    open_scene(&s);
    guard_writer(&s.world, &torn, &begin);
    assert_int_equal(decide(&s), KW_WHY_ALLOWED);
    world_cut(&s.world, row->name, row->size);
    struct kw_decision d = world_decide(s.engine, &s.ask.request);
    assert_true(d.reason == KW_WHY_UNAVAILABLE || strncmp(row->name, "rings", 5) == 0);
    for (int i = 0; i < 20; i++)
        world_decide_at(s.engine, &s.ask.request, WORLD_BOOT_US + (uint64_t)i * SECOND);
    make_anew(&s);
    guard_remove(begin);
    assert_int_equal(decide_after(&s, 40 * (uint64_t)SECOND), KW_WHY_ALLOWED);
    close_scene(&s);
}

/* ---- many threads ---- */

struct decider {
    pthread_t thread;
    struct scene *scene;
    _Atomic bool *stop;
    unsigned decided, wrong, unavailable;
};

static void *decide_until_stopped(void *arg)
{
    struct decider *w = arg;
    struct kw_decision d;

    while (!atomic_load(w->stop)) {
        enum kw_err err =
            kw_authorize_at(w->scene->engine, &w->scene->ask.request, WORLD_BOOT_US, &d);
        w->decided++;
        if (err == KW_OK && d.reason == KW_WHY_UNAVAILABLE)
            w->unavailable++;
        else if (err != KW_OK || d.reason != KW_WHY_ALLOWED)
            w->wrong++;
        sched_yield();
    }
    return NULL;
}

static void grow(struct scene *s)
{
    struct keyring_writer *old = s->world.writer;
    struct keyring_sizes sizes = {.records = 100, .accounts = 4, .heap = 65536, .policy = 65536};
    struct keyring_marks marks = {.generation = ++s->world.generation, .hash_seed = 43};

    assert_ok(keyring_create(folder_file(&s->world.folder, "keyring"), STR("mk"), &sizes, &marks,
                             &s->world.writer));
    assert_ok(keyring_copy(old, s->world.writer));
    assert_ok(keyring_publish(s->world.writer));
    assert_ok(rings_announce(&s->world.rings, s->world.generation));
    keyring_retire(old);
    keyring_writer_free(old);
    world_drain(&s->world);
}

static void threads_see_no_wrong_answer_while_keyrings_follow_each_other(void **state)
{
    struct decider deciders[4];
    _Atomic bool stop = false;
    struct scene s;

    (void)state;
    open_scene(&s);
    assert_ok(rings_tend(&s.world.rings, s.world.generation));
    for (size_t i = 0; i < COUNT_OF(deciders); i++) {
        deciders[i] = (struct decider){.scene = &s, .stop = &stop};
        pthread_create(&deciders[i].thread, NULL, decide_until_stopped, &deciders[i]);
    }
    for (int i = 0; i < 200; i++) {
        grow(&s);
        usleep(1000);
    }
    atomic_store(&stop, true);
    for (size_t i = 0; i < COUNT_OF(deciders); i++) {
        pthread_join(deciders[i].thread, NULL);
        assert_int_equal(deciders[i].wrong, 0);
        assert_true(deciders[i].decided > deciders[i].unavailable);
    }
    close_scene(&s);
}

/* A thread that is inside of a decision is not there in the child: closing must not wait for it. */
static void D20_a_child_may_close_while_others_were_deciding(void **state)
{
    struct scene s;
    int status;

    (void)state;
    open_scene(&s);
    struct view *inside = view_enter(s.engine, WORLD_BOOT_US);
    assert_non_null(inside);
    pid_t child = fork();
    if (child == 0) {
        alarm(5);
        kw_close(s.engine);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    view_leave(inside);
    assert_int_equal(decide(&s), KW_WHY_ALLOWED);
    close_scene(&s);
}

int main(void)
{
    learn_guard_action();
    SUITE_TEST(a_ring_has_one_holder);
    SUITE_TEST(a_ring_that_is_not_drained_is_not_claimed);
    SUITE_TEST(without_rings_nothing_opens);
    SUITE_TEST(a_new_generation_is_opened_before_the_next_decision);
    SUITE_TEST(any_number_of_keyrings_may_follow_each_other);
    SUITE_TEST(a_keyring_replaced_while_serve_is_dead_is_noticed);
    SUITE_TEST(a_dead_serve_leaves_decisions_going_on);
    SUITE_TEST(a_deleted_keyring_denies_once_serve_is_dead);
    SUITE_TEST(a_replaced_ring_is_given_up);
    SUITE_ROWS(X11_a_file_cut_short_denies_and_is_survived, cuts);
    SUITE_TEST(threads_see_no_wrong_answer_while_keyrings_follow_each_other);
    SUITE_TEST(D20_a_child_may_close_while_others_were_deciding);
    return suite_run("engine/view");
}
