/* limit_quota.c - the quota: exactly n in a window, and the windows are those of the calendar. */
#include <stdlib.h>
#include <time.h>

#include "core/limit.h"
#include "suite.h"

static const struct quota_form {
    const char *why;
    struct str text;
    enum kw_err want;
    struct quota quota;
} quota_forms[] = {
    {"a day", STR_INIT("1000/day"), KW_OK, {1000, QUOTA_DAY}},
    {"a month", STR_INIT("250000/month"), KW_OK, {250000, QUOTA_MONTH}},
    {"the largest", STR_INIT("4294967295/day"), KW_OK, {UINT32_MAX, QUOTA_DAY}},
    {"the smallest", STR_INIT("1/month"), KW_OK, {1, QUOTA_MONTH}},
    {"no quota", STR_INIT("none"), KW_OK, {0, QUOTA_NONE}},
    {"G1 nothing", STR_INIT("0/day"), KW_ERANGE, {0}},
    {"G1 negative", STR_INIT("-1/day"), KW_ESYNTAX, {0}},
    {"G1 too much", STR_INIT("4294967296/day"), KW_ERANGE, {0}},
    {"G1 2^64-1", STR_INIT("18446744073709551615/day"), KW_ERANGE, {0}},
    {"G1 another window", STR_INIT("10/year"), KW_ESYNTAX, {0}},
    {"a burst", STR_INIT("10/day:5"), KW_ESYNTAX, {0}},
    {"empty", STR_INIT(""), KW_ESYNTAX, {0}},
    {"a number", STR_INIT("10"), KW_ESYNTAX, {0}},
};

static void quota_parse_is_exact(void **state)
{
    const struct quota_form *row = *state;
    struct quota quota = {7, QUOTA_MONTH};
    char buf[48];

    assert_err(quota_parse(row->text, &quota), row->want);
    if (row->want != KW_OK) {
        assert_int_equal(quota.n, 7);
        return;
    }
    assert_int_equal(quota.n, row->quota.n);
    assert_int_equal(quota.window, row->quota.window);
    assert_str(((struct str){buf, quota_print(&quota, buf)}), row->text);
}

static uint64_t garbage(void)
{
    uint64_t v = (uint64_t)random() << 42 ^ (uint64_t)random() << 21 ^ (uint64_t)random();

    return v >> (random() % 64);
}

static const int64_t noon = INT64_C(1717243200); /* 2024-06-01 12:00:00 */

static void G2_a_window_admits_exactly_n(void **state)
{
    const struct quota q = {1000, QUOTA_DAY};
    uint64_t word = 0;
    uint32_t n = 0;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        struct limit_verdict v = quota_judge(&q, word, noon + i % 3600);
        word = v.next;
        n += v.ok;
        assert_int_equal(v.remaining, 1000 - n);
        if (!v.ok)
            assert_int_equal(v.retry_s, 43200 - i % 3600);
    }
    assert_int_equal(n, 1000);
    assert_false(quota_judge(&q, word, noon + 43199).ok);
    struct limit_verdict next = quota_judge(&q, word, noon + 43200);
    assert_true(next.ok);
    assert_int_equal(next.remaining, 999);
    assert_int_equal(next.reset_s, 86400);
}

static void G3_a_clock_that_goes_back_and_forward_neither_resets_nor_locks(void **state)
{
    const struct quota q = {100, QUOTA_DAY};
    uint64_t word = 0;
    uint32_t n = 0;

    (void)state;
    for (int i = 0; i < 300; i++) {
        struct limit_verdict v = quota_judge(&q, word, noon + INT64_C(3600) * (i % 3 - 1));
        word = v.next;
        n += v.ok;
    }
    assert_int_equal(n, 100);
}

/* Over midnight and back: what the new day has used stays used, and the old one is not given again.
 */
static void G3_a_clock_set_back_over_midnight_goes_on_in_the_new_day(void **state)
{
    const struct quota q = {10, QUOTA_DAY};
    const int64_t midnight = noon + 43200;
    uint64_t word = 0;
    uint32_t n = 0;

    (void)state;
    for (int i = 0; i < 50; i++) {
        struct limit_verdict v = quota_judge(&q, word, midnight + (i % 2 == 0 ? 1 : -1));
        word = v.next;
        n += v.ok;
    }
    assert_int_equal(n, 10);
    struct limit_verdict v = quota_judge(&q, word, midnight - 1);
    assert_int_equal(v.retry_s, 86401);
    assert_true(quota_judge(&q, word, midnight + 86400).ok);
}

/* From any word: within the window no more than n, and in the window after next at the latest all
 * of it again. */
static void X11_no_word_locks_a_quota_for_good(void **state)
{
    const struct quota q = {5, QUOTA_DAY};

    (void)state;
    srandom(4);
    for (int round = 0; round < 200000; round++) {
        uint32_t today = quota_span_of(QUOTA_DAY, noon).number;
        uint64_t word = round % 2 == 0
                            ? garbage()
                            : quota_word(today + (uint32_t)(random() % 5) - 2, (uint32_t)garbage());
        bool is_next = word >> 32 == today + 1;
        uint32_t n = 0;
        for (struct limit_verdict v; v = quota_judge(&q, word, noon), v.ok; word = v.next)
            n++;
        assert_true(n <= q.n);
        struct limit_verdict later = quota_judge(&q, word, noon + INT64_C(86400) * (is_next ? 2 : 1));
        assert_true(later.ok);
        assert_int_equal(later.remaining, q.n - 1);
    }
}

static void quota_judge_survives_everything(void **state)
{
    (void)state;
    srandom(5);
    for (int round = 0; round < 300000; round++) {
        struct quota q = {(uint32_t)garbage(), round % 2 == 0 ? QUOTA_DAY : QUOTA_MONTH};
        int64_t wall_s = (int64_t)(round % 3 == 0 ? 0 - garbage() : garbage());
        struct limit_verdict v = quota_judge(&q, garbage(), wall_s);
        assert_int_equal(v.ok, v.retry_s == 0);
        assert_true(v.reset_s >= 1 && v.reset_s <= 62 * 86400);
        assert_true(!v.ok || v.remaining < q.n);
    }
}

static void a_look_is_the_judgement_without_the_taking(void **state)
{
    static const struct quota quotas[] = {
        {1000, QUOTA_DAY}, {1, QUOTA_MONTH}, {UINT32_MAX, QUOTA_DAY}, {0, QUOTA_DAY}, {0, QUOTA_NONE}};

    (void)state;
    for (int i = 0; i < 100000; i++) {
        const struct quota *q = &quotas[(size_t)i % COUNT_OF(quotas)];
        uint32_t window = quota_span_of(q->window, noon).number + (uint32_t)(random() % 4) - 1;
        uint64_t word = i % 2 == 0 ? garbage() : quota_word(window, (uint32_t)(random() % 1100));
        struct limit_verdict seen = quota_look(q, word, noon), v = quota_judge(q, word, noon);
        assert_int_equal(seen.next, word);
        assert_int_equal(seen.ok, v.ok);
        assert_int_equal(seen.retry_s, v.retry_s);
        assert_int_equal(seen.reset_s, v.reset_s);
        assert_int_equal(seen.remaining, v.remaining + (v.ok && q->window != QUOTA_NONE ? 1 : 0));
    }
}

static void G1_a_quota_of_zero_admits_nothing(void **state)
{
    const struct quota q = {0, QUOTA_DAY}, none = {0};

    (void)state;
    assert_false(quota_judge(&q, 0, noon).ok);
    assert_false(quota_judge(&q, UINT64_MAX, noon).ok);
    struct limit_verdict v = quota_judge(&none, 17, noon);
    assert_true(v.ok);
    assert_int_equal(v.next, 17);
}

/* The C library's calendar is the judge, for each day from 1970 to 2400. */
static void windows_are_those_of_the_calendar(void **state)
{
    (void)state;
    for (int64_t day = 0; day < INT64_C(157100); day++) {
        time_t at = day * 86400 + day % 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&at, &tm));
        uint32_t month = (uint32_t)((tm.tm_year - 70) * 12 + tm.tm_mon);
        assert_int_equal(quota_span_of(QUOTA_DAY, at).number, day);
        assert_int_equal(quota_span_of(QUOTA_DAY, at).end_s, (day + 1) * 86400);
        assert_int_equal(quota_span_of(QUOTA_MONTH, at).number, month);
        struct tm end = {.tm_year = tm.tm_year, .tm_mon = tm.tm_mon + 1, .tm_mday = 1};
        assert_int_equal(quota_span_of(QUOTA_MONTH, at).end_s, timegm(&end));
    }
}

int main(void)
{
    SUITE_ROWS(quota_parse_is_exact, quota_forms);
    SUITE_TEST(G2_a_window_admits_exactly_n);
    SUITE_TEST(G3_a_clock_that_goes_back_and_forward_neither_resets_nor_locks);
    SUITE_TEST(G3_a_clock_set_back_over_midnight_goes_on_in_the_new_day);
    SUITE_TEST(X11_no_word_locks_a_quota_for_good);
    SUITE_TEST(quota_judge_survives_everything);
    SUITE_TEST(a_look_is_the_judgement_without_the_taking);
    SUITE_TEST(G1_a_quota_of_zero_admits_nothing);
    SUITE_TEST(windows_are_those_of_the_calendar);
    return suite_run("core/limit_quota");
}
