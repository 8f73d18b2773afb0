/* changes.c - management changes reach the record once, and never keep events off it. */
#include "rig.h"

static struct rig_entries all;

struct fixture {
    struct rig rig;
    struct recorder *recorder;
    struct played p;
};

static void begin(struct fixture *f, uint32_t n_slots)
{
    rig_init(&f->rig);
    f->recorder = rig_recorder(&f->rig);
    played_make(&f->rig, 0, 42, n_slots, n_slots);
    played_open(&f->rig, 0, &f->p);
}

static void end(struct fixture *f)
{
    rig_assert_whole(&f->rig);
    recorder_close(f->recorder);
    played_die(&f->p);
    rig_deinit(&f->rig);
}

static void decide(struct played *p, int ring, int64_t time_us)
{
    struct event e = rig_event(time_us, "7Q2mK4T9xJ1aBd");

    played_decide(p, ring, &e);
}

struct changes {
    uint64_t n;        /* how many there are */
    enum kw_err after; /* what is answered behind them */
    bool is_twice;     /* each is given twice: the second must be refused */
};

static enum kw_err give_changes(void *ctx, uint64_t after, uint32_t limit, recorder_take_fn *take,
                                void *sink)
{
    const struct changes *c = ctx;

    for (uint64_t n = after + 1; n <= c->n && n - after <= limit; n++) {
        struct record_change change = {.n = n,
                                       .kind = CHANGE_KEY,
                                       .object = (uint32_t)n,
                                       .version = 2,
                                       .time_ms = RIG_NOON / 1000,
                                       .actor = STR("uid:0"),
                                       .id = STR("7Q2mK4T9xJ1aBd"),
                                       .account = STR("acme"),
                                       .summary = STR("{\"state\":\"revoked\"}")};
        TRY(take(sink, &change));
        if (c->is_twice)
            assert_err(take(sink, &change), KW_EINVAL);
    }
    return c->after;
}

static void with_changes(struct fixture *f, struct changes *c)
{
    struct recorder_options o = {.audit_dir = f->rig.audit,
                                 .run_dir = f->rig.run,
                                 .signer = f->rig.signer,
                                 .ctx = c,
                                 .changes = give_changes};

    recorder_close(f->recorder);
    assert_ok(recorder_open(&o, &f->recorder));
}

static void changes_are_on_the_record_once(void **state)
{
    struct fixture f;
    struct changes c = {.n = 600, .is_twice = true};

    (void)state;
    begin(&f, RIG_SLOTS);
    with_changes(&f, &c);
    decide(&f.p, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON, NULL);
    c.n = 601;
    with_changes(&f, &c); /* a restart: the last batch says how far it was */
    rig_drain(f.recorder, RIG_NOON, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 602);
    uint64_t n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (all.e[i].kind == RECORD_CHANGE)
            assert_int_equal(all.e[i].change.n, ++n);
    assert_int_equal(n, 601);
    end(&f);
}

static void trouble_with_the_changes_does_not_keep_events_off_the_record(void **state)
{
    struct fixture f;
    struct changes c = {.after = KW_EBUSY};
    struct recorder_result result;

    (void)state;
    begin(&f, RIG_SLOTS);
    with_changes(&f, &c);
    decide(&f.p, RING_PROVED, RIG_NOON);
    assert_err(recorder_drain(f.recorder, RIG_NOON, &result), KW_EBUSY);
    assert_int_equal(result.attempts, 1);
    end(&f);
}

int main(void)
{
    SUITE_TEST(changes_are_on_the_record_once);
    SUITE_TEST(trouble_with_the_changes_does_not_keep_events_off_the_record);
    return suite_run("record/changes");
}
