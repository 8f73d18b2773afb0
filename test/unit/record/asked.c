/* asked.c - times before now and times to come, and what cannot be either. */
#include "record/asked.h"

#include "suite.h"

static const int64_t now_us = INT64_C(1795564800000000), minute_us = 60000000;

static const struct row {
    const char *why, *text;
    int64_t minutes; /* that it is away from now */
} spans[] = {
    {"minutes", "90m", 90},
    {"hours", "12h", 720},
    {"days", "7d", 10080},
    {"none", "0m", 0},
};

static void a_span_is_before_now_or_ahead(void **state)
{
    const struct row *row = *state;
    int64_t us = 0;

    assert_ok(asked_time(str_from(row->text), now_us, &us));
    assert_int_equal(us, now_us - row->minutes * minute_us);
    assert_ok(asked_time_ahead(str_from(row->text), now_us, &us));
    assert_int_equal(us, now_us + row->minutes * minute_us);
}

static void a_day_and_a_moment_are_what_they_are(void **state)
{
    int64_t behind_us = 0, ahead_us = 0;

    (void)state;
    assert_ok(asked_time(STR("1970-01-02"), now_us, &behind_us));
    assert_ok(asked_time_ahead(STR("1970-01-02T00:00:00Z"), now_us, &ahead_us));
    assert_int_equal(behind_us, INT64_C(86400000000));
    assert_int_equal(ahead_us, behind_us);
}

static void asked_refuses(void **state)
{
    static const char *const texts[] = {"",    "d",  "7",    "7w",       "-7d",        "7 d",
                                        "+7d", "7D", "1.5d", "1000001d", "2026-13-01", "soon"};
    enum search_verdict verdict = SEARCH_DENIED;
    int64_t us = 1;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_int_not_equal(asked_time(str_from(texts[i]), now_us, &us), KW_OK);
        assert_int_not_equal(asked_time_ahead(str_from(texts[i]), now_us, &us), KW_OK);
        assert_int_not_equal(asked_verdict(str_from(texts[i]), &verdict), KW_OK);
    }
    assert_int_equal(us, 1);
    assert_int_equal(verdict, SEARCH_DENIED);
}

static void a_verdict_is_one_of_two(void **state)
{
    enum search_verdict verdict = SEARCH_ANY_VERDICT;

    (void)state;
    assert_ok(asked_verdict(STR("allow"), &verdict));
    assert_int_equal(verdict, SEARCH_ALLOWED);
    assert_ok(asked_verdict(STR("deny"), &verdict));
    assert_int_equal(verdict, SEARCH_DENIED);
    assert_err(asked_verdict(STR("Allow"), &verdict), KW_ESYNTAX);
}

int main(void)
{
    SUITE_ROWS(a_span_is_before_now_or_ahead, spans);
    SUITE_TEST(a_day_and_a_moment_are_what_they_are);
    SUITE_TEST(asked_refuses);
    SUITE_TEST(a_verdict_is_one_of_two);
    return suite_run("record/asked");
}
