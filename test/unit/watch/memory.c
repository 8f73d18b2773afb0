/* memory.c - usage whose allocations fail: each attempt is counted exactly once all the same. */
#include "alloc.h"
#include "kit.h"

struct trial {
    struct kit k;
    uint64_t n;
    struct ask_answer answer;
};

static void write_one(void *ctx)
{
    struct trial *t = ctx;
    struct event e = rig_event(RIG_NOON + (int64_t)t->n, KIT_KEY);

    kit_write(&t->k, e.time_us, &e, 1);
    t->n++;
}

static enum kw_err count_once(void *ctx)
{
    struct trial *t = ctx;
    struct round_result result;

    return rounds_run(t->k.rounds, &result);
}

static void all_are_there(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;

    (void)err;
    kit_restart(&t->k);
    kit_count(&t->k);
    assert_int_equal(kit_ask_day(&t->k, RIG_NOON, KIT_KEY, NULL).all.allowed, t->n);
}

static void X8_each_attempt_is_counted_once(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    kit_init(&t.k);
    alloc_each(
        &(struct alloc_trial){.before = write_one, .call = count_once, .after = all_are_there}, &t);
    kit_deinit(&t.k);
}

static enum kw_err ask_once(void *ctx)
{
    struct trial *t = ctx;
    const struct ask q = {.key_id = STR(KIT_KEY), .step = STEP_DAY, .first = RIG_DAY, .n = 1};

    return ask_usage(t->k.file, &q, &t->answer);
}

static void all_or_nothing(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;

    assert_int_equal(t->answer.all.allowed, err == KW_OK ? t->n : 0);
    t->answer = (struct ask_answer){.n_sources = 0};
}

static void X8_a_question_is_answered_whole_or_not(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    kit_init(&t.k);
    write_one(&t);
    kit_count(&t.k);
    alloc_each(&(struct alloc_trial){.call = ask_once, .after = all_or_nothing}, &t);
    kit_deinit(&t.k);
}

int main(void)
{
    SUITE_TEST(X8_each_attempt_is_counted_once);
    SUITE_TEST(X8_a_question_is_answered_whole_or_not);
    return suite_run("watch/memory");
}
