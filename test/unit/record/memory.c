/* memory.c - a record whose allocations fail: each event is on it exactly once all the same, and questions are answered or
 * not. */
#include <stdlib.h>
#include <unistd.h>

#include "alloc.h"
#include "base/file.h"
#include "record/index.h"
#include "rig.h"

static struct rig_entries all;

struct trial {
    struct rig rig;
    struct played p;
    struct recorder *recorder;
    uint64_t n_decided, n_changes;
    size_t n_found;
};

static void make_trial(struct trial *t)
{
    *t = (struct trial){0};
    rig_init(&t->rig);
    played_make(&t->rig, 0, 42, 4096, RIG_SLOTS);
    played_open(&t->rig, 0, &t->p);
}

static void clear_trial(struct trial *t)
{
    rig_assert_whole(&t->rig);
    played_die(&t->p);
    rig_deinit(&t->rig);
}

static void decide(struct trial *t)
{
    struct event e = rig_event(RIG_NOON + (int64_t)t->n_decided, "7Q2mK4T9xJ1aBd");

    played_decide(&t->p, RING_PROVED, &e);
    t->n_decided++;
}

/* ---- recording ---- */

static enum kw_err give_change(void *ctx, uint64_t after, uint32_t limit, recorder_take_fn *take,
                               void *sink)
{
    const struct trial *t = ctx;

    for (uint64_t n = after + 1; n <= t->n_changes && n - after <= limit; n++) {
        struct record_change change = {.n = n,
                                       .kind = CHANGE_KEY,
                                       .object = 1,
                                       .version = (uint32_t)n,
                                       .time_ms = RIG_NOON / 1000,
                                       .actor = STR("uid:0"),
                                       .id = STR("7Q2mK4T9xJ1aBd"),
                                       .account = STR("acme"),
                                       .summary = STR("{}")};
        TRY(take(sink, &change));
    }
    return KW_OK;
}

static struct recorder_options options_of(struct trial *t)
{
    return (struct recorder_options){.audit_dir = t->rig.audit,
                                     .run_dir = t->rig.run,
                                     .signer = t->rig.signer,
                                     .ctx = t,
                                     .changes = give_change};
}

static void decide_and_change(void *ctx)
{
    struct trial *t = ctx;

    decide(t);
    t->n_changes++;
}

static enum kw_err record_once(void *ctx)
{
    struct trial *t = ctx;
    struct recorder_options o = options_of(t);
    struct recorder_result result;

    TRY(recorder_open(&o, &t->recorder));
    return recorder_drain(t->recorder, RIG_NOON + (int64_t)t->n_decided, &result);
}

/* The same recorder goes on; a further one finds nothing left to do. */
static void record_the_rest(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;
    struct recorder_options o = options_of(t);
    struct recorder_result result;

    (void)err;
    if (t->recorder == NULL)
        assert_ok(recorder_open(&o, &t->recorder));
    assert_ok(recorder_drain(t->recorder, RIG_NOON + (int64_t)t->n_decided, &result));
    recorder_close(t->recorder);
    t->recorder = NULL;
}

static void X8_each_event_and_change_is_recorded_once(void **state)
{
    static struct trial t;
    uint64_t n_changes = 0;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){decide_and_change, record_once, record_the_rest, NULL}, &t);
    rig_read(&t.rig, &all);
    assert_int_equal(rig_attempts(&all), t.n_decided);
    for (size_t i = 0; i < all.n; i++)
        if (all.e[i].kind == RECORD_CHANGE)
            assert_int_equal(all.e[i].change.n, ++n_changes);
    assert_int_equal(n_changes, t.n_changes);
    clear_trial(&t);
}

/* ---- asking ---- */

static enum kw_err count(void *ctx, const struct record_entry *e)
{
    struct trial *t = ctx;

    (void)e;
    t->n_found++;
    return KW_OK;
}

static enum kw_err search(struct trial *t)
{
    const struct record_query q = {.key_id = STR("7Q2mK4T9xJ1aBd"), .account = STR("acme")};

    return search_run(t->rig.audit, &q, count, t);
}

static enum kw_err tail(struct trial *t)
{
    struct record_cursor end;

    return search_tail(t->rig.audit, NULL, 7, count, t, &end);
}

static enum kw_err follow(struct trial *t)
{
    struct record_cursor at = {0};

    return search_follow(t->rig.audit, NULL, &at, count, t);
}

static enum kw_err verify(struct trial *t)
{
    struct verify_report report = {0};

    TRY(verify_folder(t->rig.audit, t->rig.public_key, NULL, &report));
    assert_null(report.what); /* out of memory is no damage */
    t->n_found = report.records;
    return KW_OK;
}

static enum kw_err head(struct trial *t)
{
    struct record_head h;

    return verify_head(t->rig.audit, &h);
}

static enum kw_err make_index(struct trial *t)
{
    return index_update(t->rig.audit, RIG_DAY);
}

static const struct question {
    const char *why;
    enum kw_err (*ask)(struct trial *t);
    size_t n_found;
} questions[] = {
    {"search", search, 20}, {"tail", tail, 7}, {"follow", follow, 20},
    {"verify", verify, 20}, {"head", head, 0}, {"index", make_index, 0},
};

static const struct question *asked;

static void lose_index(void *ctx)
{
    struct trial *t = ctx;

    t->n_found = 0;
    unlink(folder_file(&t->rig.folder, "audit/2026-11-24.idx"));
}

static enum kw_err ask(void *ctx)
{
    return asked->ask(ctx);
}

static void ask_again(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;

    if (err == KW_OK)
        assert_int_equal(t->n_found, asked->n_found);
    t->n_found = 0;
    assert_ok(asked->ask(t));
    assert_int_equal(t->n_found, asked->n_found);
}

static void X8_a_question_is_answered_whole_or_not(void **state)
{
    static struct trial t;

    alloc_or_skip();
    asked = *state;
    t = (struct trial){0};
    rig_init(&t.rig);
    rig_write(&t.rig, 4, 5);
    alloc_each(&(struct alloc_trial){lose_index, ask, ask_again, NULL}, &t);
    rig_assert_whole(&t.rig);
    rig_deinit(&t.rig);
}

int main(void)
{
    SUITE_TEST(X8_each_event_and_change_is_recorded_once);
    SUITE_ROWS(X8_a_question_is_answered_whole_or_not, questions);
    return suite_run("record/memory");
}
