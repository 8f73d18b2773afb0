/* hasher.c - every job is answered once, in time or not at all; full means full. */
#include "server/hasher.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <time.h>

#include "suite.h"

/* 256 KiB and two passes: fast, as a hash of another time. */
#define FAST \
    STR("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4")
#define RIGHT STR("password")

struct told {
    sem_t come; /* posted by done */
    struct hasher_answer answer;
};

static void tell(void *ctx, const struct hasher_answer *answer)
{
    struct told *t = ctx;

    t->answer = *answer;
    sem_post(&t->come);
}

static struct hasher_answer ask(struct hasher *h, struct str password, struct str encoded)
{
    struct told t = {.answer = {.err = KW_OK}};

    sem_init(&t.come, 0, 0);
    assert_ok(hasher_submit(
        h, &(struct hasher_job){.password = password, .encoded = encoded, .done = tell, .ctx = &t}));
    sem_wait(&t.come);
    sem_destroy(&t.come);
    return t.answer;
}

static void hasher_hashes_and_verifies(void **state)
{
    AUTO(hasher_freep) struct hasher *h = NULL;

    (void)state;
    assert_ok(hasher_new(NULL, &h));
    struct hasher_answer hash = ask(h, RIGHT, (struct str){NULL, 0});
    assert_ok(hash.err);
    struct hasher_answer right = ask(h, RIGHT, str_from(hash.encoded));
    assert_true(right.err == KW_OK && right.matches && !right.needs_rehash);
    struct hasher_answer old = ask(h, RIGHT, FAST);
    assert_true(old.err == KW_OK && old.matches && old.needs_rehash);
    struct hasher_answer wrong = ask(h, STR("Password"), FAST);
    assert_true(wrong.err == KW_OK && !wrong.matches && !wrong.needs_rehash);
    assert_err(ask(h, RIGHT, STR("no hash")).err, KW_EFORMAT);
}

/* Holds the thread in its first job until it is let go, so that the others wait. */
struct gate {
    sem_t reached, go;
    _Atomic unsigned n_done, n_ok, n_busy, n_unavailable;
};

static void hold(void *ctx, const struct hasher_answer *answer)
{
    struct gate *g = ctx;

    (void)answer;
    sem_post(&g->reached);
    sem_wait(&g->go);
}

static void count(void *ctx, const struct hasher_answer *answer)
{
    struct gate *g = ctx;

    g->n_done++;
    g->n_ok += answer->err == KW_OK;
    g->n_busy += answer->err == KW_EBUSY;
    g->n_unavailable += answer->err == KW_EUNAVAILABLE;
}

static struct hasher *held(struct gate *g, const struct hasher_limits *limits)
{
    struct hasher *h;

    sem_init(&g->reached, 0, 0);
    sem_init(&g->go, 0, 0);
    assert_ok(hasher_new(limits, &h));
    assert_ok(hasher_submit(
        h, &(struct hasher_job){.password = RIGHT, .encoded = FAST, .done = hold, .ctx = g}));
    sem_wait(&g->reached);
    return h;
}

static void F14_a_full_queue_refuses_and_answers_the_rest(void **state)
{
    struct gate g = {.n_done = 0};
    AUTO(hasher_freep) struct hasher *h = held(&g, &(struct hasher_limits){.max_waiting = 8});
    const struct hasher_job job = {
        .password = RIGHT, .encoded = FAST, .is_known = true, .done = count, .ctx = &g};

    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        assert_int_equal(hasher_waiting(h), i);
        assert_ok(hasher_submit(h, &job));
    }
    for (unsigned i = 0; i < 192; i++)
        assert_err(hasher_submit(h, &job), KW_EBUSY);
    sem_post(&g.go);
    while (g.n_done < 8)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_int_equal(g.n_ok, 8);
    assert_int_equal(hasher_waiting(h), 0);
}

static void F14_one_source_leaves_room_for_others(void **state)
{
    struct gate g = {.n_done = 0};
    AUTO(hasher_freep)
    struct hasher *h = held(&g, &(struct hasher_limits){.max_waiting = 8, .max_of_source = 3});
    struct hasher_job job = {
        .password = RIGHT, .encoded = FAST, .is_known = true, .done = count, .ctx = &g};

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        assert_err(hasher_submit(h, &job), i < 3 ? KW_OK : KW_EBUSY);
    for (uint8_t i = 1; i <= 5; i++) {
        job.source.b[15] = i;
        assert_ok(hasher_submit(h, &job));
    }
    job.source.b[15] = 6;
    assert_err(hasher_submit(h, &job), KW_EBUSY); /* full for everybody */
    sem_post(&g.go);
    while (g.n_done < 8)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    job.source.b[15] = 0;
    assert_ok(hasher_submit(h, &job)); /* and it may come again */
}

static void F14_strangers_of_any_number_leave_a_quarter_to_those_who_are_known(void **state)
{
    struct gate g = {.n_done = 0};
    AUTO(hasher_freep) struct hasher *h = held(&g, NULL);
    struct hasher_job job = {.password = RIGHT, .encoded = FAST, .done = count, .ctx = &g};

    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        job.source.b[15] = (uint8_t)i;
        assert_err(hasher_submit(h, &job), i < 96 ? KW_OK : KW_EBUSY);
    }
    job.is_known = true;
    for (unsigned i = 0; i < 40; i++) {
        job.source.b[15] = (uint8_t)(200 + i);
        assert_err(hasher_submit(h, &job), i < 32 ? KW_OK : KW_EBUSY);
    }
    sem_post(&g.go);
    hasher_stop(h);
    assert_int_equal(g.n_done, 128);
}

static void who_waited_too_long_is_told_so_unhashed(void **state)
{
    struct gate g = {.n_done = 0};
    AUTO(hasher_freep) struct hasher *h = held(&g, &(struct hasher_limits){.patience_us = 1000});

    (void)state;
    for (unsigned i = 0; i < 4; i++)
        assert_ok(hasher_submit(
            h, &(struct hasher_job){.password = RIGHT, .encoded = FAST, .done = count, .ctx = &g}));
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    sem_post(&g.go);
    while (g.n_done < 4)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_int_equal(g.n_busy, 4);
}

static void stopping_answers_all_that_wait_and_takes_no_more(void **state)
{
    struct gate g = {.n_done = 0};
    AUTO(hasher_freep) struct hasher *h = held(&g, &(struct hasher_limits){.max_of_source = 100});
    const struct hasher_job job = {
        .password = RIGHT, .encoded = FAST, .is_known = true, .done = count, .ctx = &g};

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        assert_ok(hasher_submit(h, &job));
    sem_post(&g.go);
    hasher_stop(h);
    assert_int_equal(g.n_done, 100);
    assert_int_equal(g.n_ok + g.n_unavailable, 100);
    assert_err(hasher_submit(h, &job), KW_EUNAVAILABLE);
    hasher_stop(h);
    assert_int_equal(g.n_done, 100);
}

static void what_is_too_long_is_refused(void **state)
{
    static const char text[PASSWORD_BYTES_MAX + 1];
    AUTO(hasher_freep) struct hasher *h = NULL;
    struct gate g = {.n_done = 0};

    (void)state;
    assert_ok(hasher_new(NULL, &h));
    struct hasher_job job = {
        .password = {text, PASSWORD_BYTES_MAX + 1}, .encoded = FAST, .done = count, .ctx = &g};
    assert_err(hasher_submit(h, &job), KW_ERANGE);
    job = (struct hasher_job){
        .password = RIGHT, .encoded = {text, PASSWORD_HASH_MAX + 1}, .done = count, .ctx = &g};
    assert_err(hasher_submit(h, &job), KW_ERANGE);
    hasher_stop(h);
    assert_int_equal(g.n_done, 0);
}

enum { N_THREADS = 4, N_EACH = 50 };

struct crowd {
    struct hasher *h;
    struct gate g;
    _Atomic unsigned n_accepted;
};

static void *submit_many(void *arg)
{
    struct crowd *c = arg;

    for (unsigned i = 0; i < N_EACH; i++)
        if (hasher_submit(
                c->h, &(struct hasher_job){
                          .password = RIGHT, .encoded = FAST, .done = count, .ctx = &c->g}) == KW_OK)
            c->n_accepted++;
    return NULL;
}

static void threads_submit_at_once_and_each_is_answered_once(void **state)
{
    struct crowd c = {.h = NULL};
    pthread_t threads[N_THREADS];

    (void)state;
    assert_ok(hasher_new(&(struct hasher_limits){.max_waiting = 16}, &c.h));
    for (size_t i = 0; i < N_THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, submit_many, &c), 0);
    for (size_t i = 0; i < N_THREADS; i++)
        pthread_join(threads[i], NULL);
    hasher_free(c.h);
    assert_true(c.n_accepted > 0);
    assert_int_equal(c.g.n_done, c.n_accepted);
}

static void destructors_take_null(void **state)
{
    struct hasher *none = NULL;

    (void)state;
    hasher_free(NULL);
    hasher_freep(&none);
}

int main(void)
{
    SUITE_TEST(hasher_hashes_and_verifies);
    SUITE_TEST(F14_a_full_queue_refuses_and_answers_the_rest);
    SUITE_TEST(F14_one_source_leaves_room_for_others);
    SUITE_TEST(F14_strangers_of_any_number_leave_a_quarter_to_those_who_are_known);
    SUITE_TEST(who_waited_too_long_is_told_so_unhashed);
    SUITE_TEST(stopping_answers_all_that_wait_and_takes_no_more);
    SUITE_TEST(what_is_too_long_is_refused);
    SUITE_TEST(threads_submit_at_once_and_each_is_answered_once);
    SUITE_TEST(destructors_take_null);
    return suite_run("server/hasher");
}
