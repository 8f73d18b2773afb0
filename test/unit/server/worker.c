/* worker.c - what takes long is done elsewhere, each job once, also at the end. */
#include "server/worker.h"

#include <semaphore.h>

#include "suite.h"

enum { JOBS_MAX = 64 };

struct bench { /* what the jobs tell, in the order in which they ran */
    sem_t go, ran;
    int done[JOBS_MAX], over[JOBS_MAX];
    int n;
};

struct job {
    struct bench *bench;
    int number;
    bool waits; /* for go */
};

static void work(void *ctx, bool is_over)
{
    struct job *j = ctx;

    if (j->waits && !is_over)
        sem_wait(&j->bench->go);
    j->bench->over[j->bench->n] = is_over;
    j->bench->done[j->bench->n++] = j->number;
    sem_post(&j->bench->ran);
}

static void bench_init(struct bench *b)
{
    *b = (struct bench){.n = 0};
    sem_init(&b->go, 0, 0);
    sem_init(&b->ran, 0, 0);
}

static enum kw_err submit(struct worker *w, struct job *j)
{
    return worker_submit(w, &(struct worker_job){work, j});
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
        jobs[i] = (struct job){&b, i, false};
        assert_ok(submit(w, &jobs[i]));
    }
    for (int i = 0; i < 5; i++)
        sem_wait(&b.ran);
    for (int i = 0; i < 5; i++)
        assert_true(b.done[i] == i && !b.over[i]);
    assert_false(worker_is_over(w));
}

static void so_many_wait_and_no_more(void **state)
{
    AUTO(worker_freep) struct worker *w = NULL;
    struct job jobs[JOBS_MAX];
    struct bench b;
    int n = 0;

    (void)state;
    bench_init(&b);
    assert_ok(worker_new(&w));
    for (; n < JOBS_MAX; n++) {
        jobs[n] = (struct job){&b, n, n == 0};
        if (submit(w, &jobs[n]) != KW_OK)
            break;
    }
    assert_true(n == 32 || n == 33); /* the first may be at work by now */
    assert_err(submit(w, &jobs[n]), KW_EBUSY);
    sem_post(&b.go);
    for (int i = 0; i < n; i++)
        sem_wait(&b.ran);
    assert_ok(submit(w, &jobs[n]));
    sem_wait(&b.ran);
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
        jobs[i] = (struct job){&b, i, false};
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
    SUITE_TEST(who_waits_at_the_end_is_told_so);
    return suite_run("server/worker");
}
