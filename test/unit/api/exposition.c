/* exposition.c - numbers as Prometheus reads them. */
#include "api/exposition.h"

#include "jobs/tally.h"
#include "suite.h"

static void assert_text(const struct buf *b, const char *want)
{
    assert_false(b->failed);
    assert_str(buf_view(b), str_from(want));
}

static void exposition_writes_samples_below_their_metric(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(4096);
    struct exposition x = {.out = &b};

    (void)state;
    exposition_begin(&x, "rings", "gauge", "Ring files.");
    exposition_number(&x, NULL, UINT64_MAX);
    exposition_seconds(&x, (struct label[]){{"a", "1"}, {"b", "2"}, {NULL, NULL}}, 1500001);
    assert_text(&b, "# HELP rings Ring files.\n# TYPE rings gauge\nrings 18446744073709551615\n"
                    "rings{a=\"1\",b=\"2\"} 1.500001\n");
}

static void exposition_escapes_what_would_end_a_label(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(4096);
    struct exposition x = {.out = &b, .name = "n"};

    (void)state;
    exposition_number(&x, (struct label[]){{"v", "a\"b\\c\nd"}, {NULL, NULL}}, 0);
    assert_text(&b, "n{v=\"a\\\"b\\\\c\\nd\"} 0\n");
}

static void exposition_of_a_ratio_of_nothing_is_zero(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(4096);
    struct exposition x = {.out = &b, .name = "n"};

    (void)state;
    exposition_ratio(&x, NULL, 0, 0);
    exposition_ratio(&x, NULL, 1, 3);
    exposition_ratio(&x, NULL, 7, 7);
    assert_text(&b, "n 0.000000\nn 0.333333\nn 1.000000\n");
}

static void exposition_sums_the_buckets_of_a_histogram(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(4096);
    struct exposition x = {.out = &b, .name = "t"};

    (void)state;
    exposition_histogram(&x, (uint64_t[]){100, 2500000}, (uint64_t[]){1, 0, 4}, 2, 3000050);
    assert_text(&b, "t_bucket{le=\"0.000100\"} 1\nt_bucket{le=\"2.500000\"} 1\n"
                    "t_bucket{le=\"+Inf\"} 5\nt_sum 3.000050\nt_count 5\n");
}

static void exposition_says_when_it_does_not_fit(void **state)
{
    AUTO(buf_deinit) struct buf b = BUF_MAX(16);
    struct exposition x = {.out = &b, .name = "a_long_name_that_does_not_fit"};

    (void)state;
    exposition_number(&x, NULL, 1);
    assert_true(b.failed);
}

static const struct duration {
    const char *why;
    uint64_t us;
    size_t bucket;
} durations[] = {
    {"none", 0, 0},
    {"the first bound belongs to it", 100, 0},
    {"just longer", 101, 1},
    {"the last bound", 2500000, TALLY_BOUNDS - 1},
    {"longer than all", 2500001, TALLY_BOUNDS},
    {"without end", UINT64_MAX, TALLY_BOUNDS},
};

static void tally_puts_a_revocation_into_one_bucket(void **state)
{
    const struct duration *row = *state;
    static struct tally t;

    t = (struct tally){.revocations_us = 0};
    tally_revocation(&t, row->us);
    for (size_t i = 0; i <= TALLY_BOUNDS; i++)
        assert_int_equal(tally_read(&t.revocations[i]), i == row->bucket);
    assert_true(tally_read(&t.revocations_us) == row->us);
}

static void tally_counts_what_an_event_stands_for(void **state)
{
    static struct tally t;

    (void)state;
    tally_event(&t, &(struct event){.kind = EVENT_DECISION, .reason = KW_WHY_ALLOWED, .count = 1});
    tally_event(&t,
                &(struct event){.kind = EVENT_SUMMARY, .reason = KW_WHY_UNKNOWN_KEY, .count = 900});
    tally_event(&t, &(struct event){.kind = EVENT_SUMMARY, .reason = KW_WHY_UNKNOWN_KEY, .count = 7});
    assert_int_equal(tally_read(&t.decisions[EVENT_DECISION][KW_WHY_ALLOWED]), 1);
    assert_int_equal(tally_read(&t.decisions[EVENT_SUMMARY][KW_WHY_UNKNOWN_KEY]), 907);
    assert_int_equal(tally_read(&t.decisions[EVENT_DECISION][KW_WHY_UNKNOWN_KEY]), 0);
}

static void tally_counts_a_warning_as_no_attempt(void **state)
{
    static struct tally t;
    const struct event e = warning_event(WARNING_OVERDUE, 0);

    (void)state;
    tally_event(&t, &e);
    tally_event(&t, &e);
    assert_int_equal(tally_read(&t.warnings[WARNING_OVERDUE]), 2);
    assert_int_equal(tally_read(&t.warnings[WARNING_OLD_SECRET]), 0);
    assert_int_equal(tally_read(&t.decisions[EVENT_GAP][e.reason]), 0);
}

int main(void)
{
    SUITE_TEST(exposition_writes_samples_below_their_metric);
    SUITE_TEST(exposition_escapes_what_would_end_a_label);
    SUITE_TEST(exposition_of_a_ratio_of_nothing_is_zero);
    SUITE_TEST(exposition_sums_the_buckets_of_a_histogram);
    SUITE_TEST(exposition_says_when_it_does_not_fit);
    SUITE_TEST(tally_counts_a_warning_as_no_attempt);
    SUITE_ROWS(tally_puts_a_revocation_into_one_bucket, durations);
    SUITE_TEST(tally_counts_what_an_event_stands_for);
    return suite_run("api/exposition");
}
