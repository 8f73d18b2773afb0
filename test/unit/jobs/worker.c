/* worker.c - what takes long is done elsewhere, each job once, also at the end. */
#include "jobs/worker.h"

#include <semaphore.h>
#include <stdio.h>

#include "suite.h"

enum { JOBS_MAX = 160, OF_ASKER = 16, WAITING = 128 };

struct bench {            /* what the jobs tell, in the order in which they ran */
    sem_t go, ran, begun; /* begun: one that waits for go */
    int done[JOBS_MAX], over[JOBS_MAX];
    int n;
};

struct job {
    struct bench *bench;
    int number;
    bool waits; /* for go */
    const char *asker;
};

static void work(void *ctx, bool is_over)
{
    struct job *j = ctx;

    if (j->waits && !is_over) {
        sem_post(&j->bench->begun);
        sem_wait(&j->bench->go);
    }
    j->bench->over[j->bench->n] = is_over;
    j->bench->done[j->bench->n++] = j->number;
    sem_post(&j->bench->ran);
}

static void bench_init(struct bench *b)
{
    *b = (struct bench){.n = 0};
    sem_init(&b->go, 0, 0);
    sem_init(&b->ran, 0, 0);
    sem_init(&b->begun, 0, 0);
}

static enum kw_err submit(struct worker *w, struct job *j)
{
    return worker_submit(w, &(struct worker_job){str_from(j->asker), work, j});
}

static void jobs_are_done_in_their_order(void **state)
{
    AUTO(worker_freep) struct worker *w = NULL;
    struct job jobs[5];
    struct bench b;

    (void)state;
    bench_init(&b);
    assert_ok(worker_new(&w));
    for (int i = 0; i < 5; i++) {
        jobs[i] = (struct job){&b, i, false, "somebody"};
        assert_ok(submit(w, &jobs[i]));
    }
    for (int i = 0; i < 5; i++)
        sem_wait(&b.ran);
    for (int i = 0; i < 5; i++)
        assert_true(b.done[i] == i && !b.over[i]);
    assert_false(worker_is_over(w));
}

/* Keeps the thread at work until go is posted: what is submitted meanwhile waits. */
static void keep_busy(struct worker *w, struct job *j, struct bench *b)
{
    *j = (struct job){b, -1, true, "somebody"};
    assert_ok(submit(w, j));
    sem_wait(&b->begun);
}

static void wait_for(struct bench *b, int n)
{
    sem_post(&b->go);
    for (int i = 0; i < n; i++)
        sem_wait(&b->ran);
}

static void so_many_wait_and_no_more(void **state)
{
    AUTO(worker_freep) struct worker *w = NULL;
    char askers[JOBS_MAX][8];
    struct job first, jobs[JOBS_MAX];
    struct bench b;

    (void)state;
    bench_init(&b);
    assert_ok(worker_new(&w));
    keep_busy(w, &first, &b);
    for (int i = 0; i <= WAITING; i++) {
        snprintf(askers[i], sizeof askers[i], "%d", i);
        jobs[i] = (struct job){&b, i, false, askers[i]};
        assert_err(submit(w, &jobs[i]), i < WAITING ? KW_OK : KW_EBUSY);
    }
    wait_for(&b, 1 + WAITING);
    assert_ok(submit(w, &jobs[WAITING]));
    sem_wait(&b.ran);
}

static void one_asker_leaves_room_for_others(void **state)
{
    AUTO(worker_freep) struct worker *w = NULL;
    struct job first, jobs[OF_ASKER + 1], other;
    struct bench b;

    (void)state;
    bench_init(&b);
    assert_ok(worker_new(&w));
    keep_busy(w, &first, &b);
    for (int i = 0; i <= OF_ASKER; i++) {
        jobs[i] = (struct job){&b, i, false, "greedy"};
        assert_err(submit(w, &jobs[i]), i < OF_ASKER ? KW_OK : KW_EBUSY);
    }
    other = (struct job){&b, 100, false, "modest"};
    assert_ok(submit(w, &other));
    wait_for(&b, 1 + OF_ASKER + 1);
    assert_int_equal(b.done[1], 0);
    assert_int_equal(b.done[2], 100); /* behind one of them, not behind all */
}

static void askers_take_turns(void **state)
{
    static const char *const askers[] = {"a", "a", "a", "b", "b", "c"};
    static const int want[] = {-1, 0, 3, 5, 1, 4, 2};
    AUTO(worker_freep) struct worker *w = NULL;
    struct job first, jobs[COUNT_OF(askers)];
    struct bench b;

    (void)state;
    bench_init(&b);
    assert_ok(worker_new(&w));
    keep_busy(w, &first, &b);
    for (int i = 0; i < (int)COUNT_OF(askers); i++) {
        jobs[i] = (struct job){&b, i, false, askers[i]};
        assert_ok(submit(w, &jobs[i]));
    }
    wait_for(&b, COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++)
        assert_int_equal(b.done[i], want[i]);
}

/* Whoever asks again and again, one thing at a time, does not keep back what waits. */
static void who_asks_again_comes_behind_who_waits(void **state)
{
    AUTO(worker_freep) struct worker *w = NULL;
    struct job first, waits[2], again[2];
    struct bench b;

    (void)state;
    bench_init(&b);
    assert_ok(worker_new(&w));
    keep_busy(w, &first, &b);
    for (int i = 0; i < 2; i++) {
        waits[i] = (struct job){&b, i, false, "a"};
        again[i] = (struct job){&b, 10 + i, i == 0, "b"};
        assert_ok(submit(w, &waits[i]));
    }
    assert_ok(submit(w, &again[0]));
    wait_for(&b, 2); /* the first, and a's first */
    sem_wait(&b.begun);
    assert_ok(submit(w, &again[1]));
    wait_for(&b, 3);
    assert_int_equal(b.done[2], 10);
    assert_int_equal(b.done[3], 1);
    assert_int_equal(b.done[4], 11);
}

static void who_waits_at_the_end_is_told_so(void **state)
{
    AUTO(worker_freep) struct worker *w = NULL;
    struct job jobs[3];
    struct bench b;

    (void)state;
    bench_init(&b);
    assert_ok(worker_new(&w));
    for (int i = 0; i < 3; i++) {
        jobs[i] = (struct job){&b, i, false, "somebody"};
        assert_ok(submit(w, &jobs[i]));
    }
    worker_stop(w);
    assert_int_equal(b.n, 3); /* each once, whether it came to its turn or not */
    assert_true(worker_is_over(w));
    assert_err(submit(w, &jobs[0]), KW_EUNAVAILABLE);
    worker_stop(w);
}

int main(void)
{
    SUITE_TEST(jobs_are_done_in_their_order);
    SUITE_TEST(so_many_wait_and_no_more);
    SUITE_TEST(one_asker_leaves_room_for_others);
    SUITE_TEST(askers_take_turns);
    SUITE_TEST(who_asks_again_comes_behind_who_waits);
    SUITE_TEST(who_waits_at_the_end_is_told_so);
    return suite_run("jobs/worker");
}
