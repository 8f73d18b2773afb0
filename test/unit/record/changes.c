/* changes.c - management changes reach the record once, and never keep events off it. */
#include "base/file.h"
#include "rig.h"

static struct rig_entries all;

struct changes {
    uint64_t n;        /* how many there are */
    enum kw_err after; /* what is answered behind them */
    bool is_twice;     /* each is given twice: the second must be refused */
    const uint64_t *newest;
    struct segment_io io;
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

static void with_changes(struct running *f, struct changes *c)
{
    struct recorder_options o = {.audit_dir = f->rig.audit,
                                 .run_dir = f->rig.run,
                                 .signer = f->rig.signer,
                                 .ctx = c,
                                 .changes = give_changes,
                                 .newest_change = c->newest,
                                 .io = c->io};

    recorder_close(f->recorder);
    assert_ok(recorder_open(&o, &f->recorder));
}

static void changes_are_on_the_record_once(void **state)
{
    struct running f;
    struct changes c = {.n = 600, .is_twice = true};

    (void)state;
    running_begin(&f, RIG_SLOTS);
    with_changes(&f, &c);
    played_at(&f.p, RING_PROVED, RIG_NOON);
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
    running_end(&f);
}

static void trouble_with_the_changes_does_not_keep_events_off_the_record(void **state)
{
    struct running f;
    struct changes c = {.after = KW_EBUSY};
    struct recorder_result result;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    with_changes(&f, &c);
    played_at(&f.p, RING_PROVED, RIG_NOON);
    assert_err(recorder_drain(f.recorder, RIG_NOON, &result), KW_EBUSY);
    assert_int_equal(result.attempts, 1);
    running_end(&f);
}

static void read_changes(struct running *f, uint64_t *numbers, size_t *n)
{
    rig_read(&f->rig, &all);
    *n = 0;
    for (size_t i = 0; i < all.n; i++)
        if (all.e[i].kind == RECORD_CHANGE)
            numbers[(*n)++] = all.e[i].change.n;
}

/* The store was put back and recovered at 3 of 5 changes; what is 4 and 5 since are other changes. */
static void X12_changes_after_a_recovery_are_on_the_record_too(void **state)
{
    static const uint64_t want[] = {1, 2, 3, 4, 5, 4, 5};
    struct running f;
    struct changes c = {.n = 5};
    uint64_t newest = 3, numbers[COUNT_OF(want) + 8];
    size_t n;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    with_changes(&f, &c);
    rig_drain(f.recorder, RIG_NOON, NULL);
    c = (struct changes){.n = 3, .newest = &newest};
    with_changes(&f, &c);
    rig_drain(f.recorder, RIG_NOON, NULL);
    c.n = 5;
    rig_drain(f.recorder, RIG_NOON, NULL);
    read_changes(&f, numbers, &n);
    assert_int_equal(n, COUNT_OF(want));
    assert_memory_equal(numbers, want, sizeof want);
    running_end(&f);
}

static enum kw_err fails_once(void *ctx, int fd, const void *bytes, size_t n, off_t at)
{
    bool *has_failed = ctx;

    if (*has_failed)
        return file_pwrite(fd, bytes, n, at);
    *has_failed = true;
    return KW_EFULL;
}

/* A disk that is full at the first batch after a start must not make everything be recorded again. */
static void X3_a_first_batch_that_fails_doubles_no_change(void **state)
{
    struct running f;
    struct changes c = {.n = 3};
    struct recorder_result result;
    bool has_failed = false;
    uint64_t numbers[16];
    size_t n;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    with_changes(&f, &c);
    rig_drain(f.recorder, RIG_NOON, NULL);
    c = (struct changes){.n = 4, .io = {.ctx = &has_failed, .write = fails_once}};
    with_changes(&f, &c);
    assert_err(recorder_drain(f.recorder, RIG_NOON, &result), KW_EFULL);
    rig_drain(f.recorder, RIG_NOON, NULL);
    read_changes(&f, numbers, &n);
    assert_int_equal(n, 4);
    running_end(&f);
}

int main(void)
{
    SUITE_TEST(X12_changes_after_a_recovery_are_on_the_record_too);
    SUITE_TEST(X3_a_first_batch_that_fails_doubles_no_change);
    SUITE_TEST(changes_are_on_the_record_once);
    SUITE_TEST(trouble_with_the_changes_does_not_keep_events_off_the_record);
    return suite_run("record/changes");
}
