/* health_watch.c - what turns bad of our own is told once, and again when it turns bad again. */
#include "alerting/health_watch.h"

#include "suite.h"

struct told {
    struct finding last;
    size_t n;
    enum kw_err err; /* what is answered */
};

static enum kw_err take(void *ctx, const struct finding *f)
{
    struct told *t = ctx;

    t->last = *f;
    t->n++;
    return t->err;
}

static const struct row {
    const char *why;
    struct health_facts bad;
    enum detector detector;
    const char *fact;
    int64_t number;
} rows[] = {
    {"the clock", {.clock_jumped = true, .clock_ahead_us = 7200000000}, DETECT_CLOCK, "aheadSeconds", 7200},
    {"the disk", {.disk_full = true}, DETECT_DISK, "full", 1},
    {"the record", {.record_lag_us = 11000000}, DETECT_RECORD_LAG, "lagSeconds", 11},
    {"the watch", {.watch_lag_us = 601000000}, DETECT_WATCH_LAG, "lagSeconds", 601},
    {"a seal", {.seals_failed = 3}, DETECT_SEAL, "rows", 3},
};

static void what_turns_bad_is_told_once(void **state)
{
    const struct health_facts good = {.record_lag_us = HEALTH_LAG_US,
                                      .watch_lag_us = HEALTH_WATCH_LAG_US};
    struct health_watch w = {.seals_failed = 0};
    const struct row *row = *state;
    struct told t = {.n = 0};

    assert_ok(health_look(&w, &good, 1, take, &t));
    assert_int_equal(t.n, 0);
    assert_ok(health_look(&w, &row->bad, 5000000, take, &t));
    assert_ok(health_look(&w, &row->bad, 6000000, take, &t));
    assert_int_equal(t.n, 1);
    assert_int_equal(t.last.detector, row->detector);
    assert_int_equal(t.last.began_us, 5000000);
    assert_string_equal(t.last.facts[0].name, row->fact);
    assert_int_equal(t.last.facts[0].number, row->number);
}

static void what_was_well_again_is_told_again(void **state)
{
    const struct health_facts good = {.disk_full = false}, bad = {.disk_full = true};
    struct health_watch w = {.seals_failed = 0};
    struct told t = {.n = 0};

    (void)state;
    assert_ok(health_look(&w, &bad, 1, take, &t));
    assert_ok(health_look(&w, &good, 2, take, &t));
    assert_ok(health_look(&w, &bad, 3, take, &t));
    assert_int_equal(t.n, 2);
}

static void each_further_row_without_its_seal_is_told(void **state)
{
    struct health_facts facts = {.seals_failed = 1};
    struct health_watch w = {.seals_failed = 0};
    struct told t = {.n = 0};

    (void)state;
    assert_ok(health_look(&w, &facts, 1, take, &t));
    facts.seals_failed = 4;
    assert_ok(health_look(&w, &facts, 2, take, &t));
    assert_int_equal(t.n, 2);
    assert_int_equal(t.last.facts[0].number, 3);
}

static void what_could_not_be_told_is_told_with_the_next_look(void **state)
{
    const struct health_facts bad = {.seals_failed = 1, .disk_full = true};
    struct health_watch w = {.seals_failed = 0};
    struct told t = {.err = KW_EFULL};

    (void)state;
    assert_err(health_look(&w, &bad, 1, take, &t), KW_EFULL);
    t.n = 0;
    t.err = KW_OK;
    assert_ok(health_look(&w, &bad, 2, take, &t));
    assert_int_equal(t.n, 2);
    assert_ok(health_look(&w, &bad, 3, take, &t));
    assert_int_equal(t.n, 2);
}

static enum kw_err take_grave(void *ctx, const struct finding *f)
{
    struct told *t = ctx;

    if (detector_severity(f->detector) != SEVERITY_CRITICAL)
        return KW_EFULL;
    return take(t, f);
}

/* What is critical can still be saved on a full disk. */
static void what_cannot_be_told_holds_up_nothing_else(void **state)
{
    const struct health_facts bad = {.clock_jumped = true, .disk_full = true};
    struct health_watch w = {.seals_failed = 0};
    struct told t = {.n = 0};

    (void)state;
    assert_err(health_look(&w, &bad, 1, take_grave, &t), KW_EFULL);
    assert_int_equal(t.n, 1);
    assert_int_equal(t.last.detector, DETECT_DISK);
    assert_err(health_look(&w, &bad, 2, take_grave, &t), KW_EFULL);
    assert_int_equal(t.n, 1);
    assert_ok(health_look(&w, &bad, 3, take, &t));
    assert_int_equal(t.last.detector, DETECT_CLOCK);
}

int main(void)
{
    SUITE_ROWS(what_turns_bad_is_told_once, rows);
    SUITE_TEST(what_was_well_again_is_told_again);
    SUITE_TEST(each_further_row_without_its_seal_is_told);
    SUITE_TEST(what_could_not_be_told_is_told_with_the_next_look);
    SUITE_TEST(what_cannot_be_told_holds_up_nothing_else);
    return suite_run("alerting/health_watch");
}
