/* limit.c - the two limits: never more than they say, whatever the word and whatever the time. */
#include "core/limit.h"

#include <stdlib.h>
#include <time.h>

#include "suite.h"

enum { TICKS_PER_US = 64 };

static const uint64_t SECOND_US = 1000000, DAY_US = UINT64_C(86400) * 1000000;

/* ---- as text ---- */

static const struct rate_form {
    const char *why;
    struct str text;
    enum kw_err want;
    struct rate rate;
    struct str printed;
} rate_forms[] = {
    {"the default", STR_INIT("600/min"), KW_OK, {600, 60, 60}, STR_INIT("600/min")},
    {"a burst", STR_INIT("10/s:20"), KW_OK, {10, 1, 20}, STR_INIT("10/s:20")},
    {"an hour", STR_INIT("5000/hour"), KW_OK, {5000, 3600, 500}, STR_INIT("5000/hour")},
    {"a day", STR_INIT("100000/day:1"), KW_OK, {100000, 86400, 1}, STR_INIT("100000/day:1")},
    {"a burst of at least one", STR_INIT("9/min"), KW_OK, {9, 60, 1}, STR_INIT("9/min")},
    {"the burst of before, written out",
     STR_INIT("600/min:60"),
     KW_OK,
     {600, 60, 60},
     STR_INIT("600/min")},
    {"the largest",
     STR_INIT("1000000/day:1000000"),
     KW_OK,
     {1000000, 86400, 1000000},
     STR_INIT("1000000/day:1000000")},
    {"no limit", STR_INIT("none"), KW_OK, {0, 0, 0}, STR_INIT("none")},
    {"G1 nothing", STR_INIT("0/min"), KW_ERANGE, {0}, {NULL, 0}},
    {"G1 negative", STR_INIT("-1/min"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"G1 too much", STR_INIT("1000001/s"), KW_ERANGE, {0}, {NULL, 0}},
    {"G1 2^64-1", STR_INIT("18446744073709551615/s"), KW_ERANGE, {0}, {NULL, 0}},
    {"G1 2^64+600", STR_INIT("18446744073709552216/s"), KW_ERANGE, {0}, {NULL, 0}},
    {"G1 no burst", STR_INIT("10/s:0"), KW_ERANGE, {0}, {NULL, 0}},
    {"G1 too large a burst", STR_INIT("10/s:1000001"), KW_ERANGE, {0}, {NULL, 0}},
    {"G1 another window", STR_INIT("10/week"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"empty", STR_INIT(""), KW_ESYNTAX, {0}, {NULL, 0}},
    {"a number", STR_INIT("600"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"no number", STR_INIT("/min"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"no window", STR_INIT("600/"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"no burst behind the colon", STR_INIT("600/min:"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"two bursts", STR_INIT("600/min:1:1"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"a leading zero", STR_INIT("0600/min"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"spaces", STR_INIT("600 / min"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"upper case", STR_INIT("600/MIN"), KW_ESYNTAX, {0}, {NULL, 0}},
    {"a decimal point", STR_INIT("1.5/s"), KW_ESYNTAX, {0}, {NULL, 0}},
};

static void rate_parse_is_exact(void **state)
{
    const struct rate_form *row = *state;
    struct rate rate = {7, 7, 7}, again;
    char buf[48];

    assert_err(rate_parse(row->text, &rate), row->want);
    if (row->want != KW_OK) {
        assert_int_equal(rate.n, 7);
        return;
    }
    assert_memory_equal(&rate, &row->rate, sizeof rate);
    struct str text = {buf, rate_print(&rate, buf)};
    assert_str(text, row->printed);
    assert_ok(rate_parse(text, &again));
    assert_memory_equal(&again, &rate, sizeof rate);
}

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

/* ---- rate ---- */

static bool admit(const struct rate *r, uint64_t *word, uint64_t now_us)
{
    struct limit_verdict v = rate_judge(r, *word, now_us);

    assert_true(v.ok || v.next == *word);
    assert_int_equal(v.ok, v.retry_s == 0);
    *word = v.next;
    return v.ok;
}

static void a_burst_at_once_and_then_the_rate(void **state)
{
    const struct rate r = {600, 60, 60};
    uint64_t word = 0, now = 5 * DAY_US;

    (void)state;
    for (uint32_t i = 0; i < 60; i++) {
        struct limit_verdict v = rate_judge(&r, word, now);
        assert_true(v.ok);
        assert_int_equal(v.remaining, 59 - i);
        assert_int_equal(v.reset_s, (i + 1 + 9) / 10);
        word = v.next;
    }
    struct limit_verdict v = rate_judge(&r, word, now);
    assert_false(v.ok);
    assert_int_equal(v.next, word);
    assert_int_equal(v.remaining, 0);
    assert_int_equal(v.retry_s, 1);
    assert_int_equal(v.reset_s, 6);
    assert_false(admit(&r, &word, now + 99999));
    assert_true(admit(&r, &word, now + 100000));
    assert_false(admit(&r, &word, now + 100000));
    assert_true(admit(&r, &word, now + 200000));
}

static void retry_s_is_when_it_is_admitted_again(void **state)
{
    static const struct rate rates[] = {
        {1, 86400, 1}, {7, 60, 2}, {600, 60, 60}, {1, 3600, 5}, {3, 1, 1}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        uint64_t word = 0, now = DAY_US;
        while (admit(&rates[i], &word, now))
            ;
        struct limit_verdict v = rate_judge(&rates[i], word, now);
        assert_true(v.retry_s >= 1);
        assert_true(rate_judge(&rates[i], word, now + v.retry_s * SECOND_US).ok);
        if (v.retry_s > 1)
            assert_false(rate_judge(&rates[i], word, now + (v.retry_s - 1) * SECOND_US).ok);
        struct limit_verdict full = rate_judge(&rates[i], word, now + v.reset_s * SECOND_US);
        assert_int_equal(full.remaining, rates[i].burst - 1);
    }
}

/* Random arrivals: in no stretch of a window may more pass than n and the burst. */
static void no_window_admits_more_than_n_and_the_burst(void **state)
{
    enum { ARRIVALS = 20000 };
    static uint64_t admitted[ARRIVALS];
    static const struct rate rates[] = {
        {600, 60, 60},        {10, 1, 20},     {7, 1, 3},     {1, 1, 1},
        {3, 60, 1},           {999, 1, 7},     {11, 3600, 2}, {777777, 1, 10},
        {1000000, 1, 100000}, {123456, 60, 1},
    };

    (void)state;
    srandom(1);
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        const struct rate *r = &rates[i];
        uint64_t word = 0, now = DAY_US, window_us = r->window_s * SECOND_US;
        long mean_us = 1 + (long)(window_us / r->n);
        size_t n = 0, first = 0;
        for (int k = 0; k < ARRIVALS; k++) {
            now += random() % 50 == 0 ? (uint64_t)(random() % (20 * mean_us))
                                      : (uint64_t)(random() % mean_us);
            if (!admit(r, &word, now))
                continue;
            admitted[n++] = now;
            while (admitted[first] + window_us <= now)
                first++;
            assert_true(n - first <= (size_t)r->n + r->burst);
        }
        assert_true(n > 100);
    }
}

static void a_steady_client_at_the_rate_is_never_refused(void **state)
{
    static const struct rate rates[] = {
        {600, 60, 1}, {10, 1, 1}, {1000000, 1, 1}, {1, 86400, 1}, {250, 1, 1}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        uint64_t word = 0, now = DAY_US, each = rates[i].window_s * SECOND_US / rates[i].n;
        for (int k = 0; k < 10000; k++, now += each)
            assert_true(admit(&rates[i], &word, now));
    }
}

/* A rate that does not divide its window comes out a little below itself, never above. */
static void an_odd_rate_is_met_within_two_percent(void **state)
{
    static const uint32_t odd[] = {7, 999, 33333, 300000, 600000, 999999};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        struct rate r = {odd[i], 1, 10};
        uint64_t word = 0;
        uint32_t n = 0;
        for (uint64_t now = DAY_US; now < DAY_US + SECOND_US; now++)
            n += admit(&r, &word, now);
        assert_true(n <= odd[i] + r.burst);
        assert_true(n >= odd[i] - odd[i] / 50);
    }
}

static void the_largest_burst_comes_at_once(void **state)
{
    const struct rate r = {1, 86400, 1000000};
    uint64_t word = 0;

    (void)state;
    for (uint32_t i = 0; i < r.burst; i++)
        assert_true(admit(&r, &word, 365 * DAY_US));
    assert_false(admit(&r, &word, 365 * DAY_US));
    assert_false(admit(&r, &word, 366 * DAY_US - 1));
    assert_true(admit(&r, &word, 366 * DAY_US));
}

static void a_rate_of_n_zero_is_no_limit(void **state)
{
    const struct rate r = {0};

    (void)state;
    struct limit_verdict v = rate_judge(&r, 17, 1);
    assert_true(v.ok);
    assert_int_equal(v.next, 17);
}

static void G1_a_rate_without_burst_or_window_admits_nothing(void **state)
{
    const struct rate no_burst = {10, 60, 0}, no_window = {10, 0, 1};

    (void)state;
    assert_false(rate_judge(&no_burst, 0, DAY_US).ok);
    assert_false(rate_judge(&no_window, 0, DAY_US).ok);
    assert_int_equal(rate_judge(&no_window, 0, DAY_US).retry_s, 1);
}

static uint64_t garbage(void)
{
    uint64_t v = (uint64_t)random() << 42 ^ (uint64_t)random() << 21 ^ (uint64_t)random();

    return v >> (random() % 64);
}

/* From any word whatever, at any time: a burst later (and a minute, see limit.h) the key passes,
 * and then no faster than its rate. */
static void X11_no_word_locks_a_key_longer_than_a_burst(void **state)
{
    static const struct rate rates[] = {
        {600, 60, 60}, {10, 1, 20}, {1, 3600, 3}, {1, 86400, 1}, {1000000, 1, 1}};

    (void)state;
    srandom(2);
    for (int round = 0; round < 200000; round++) {
        const struct rate *r = &rates[round % (int)COUNT_OF(rates)];
        uint64_t now = garbage() % (DAY_US * 36500), each_us = r->window_s * SECOND_US / r->n;
        uint64_t word = round % 7 == 0 ? UINT64_MAX - garbage() % 3 : garbage();
        uint64_t later = now + (each_us + 1) * r->burst + 60 * SECOND_US;
        uint32_t n = 0;
        while (n <= r->burst + 1 && admit(r, &word, now))
            n++;
        assert_true(n <= r->burst);
        assert_true(admit(r, &word, later));
    }
}

static void a_thread_that_is_late_does_not_give_back_what_others_took(void **state)
{
    const struct rate r = {600, 60, 60};
    uint64_t word = 0, now = DAY_US;

    (void)state;
    while (admit(&r, &word, now))
        ;
    for (uint64_t late = 0; late <= 60 * SECOND_US; late += 99999)
        assert_false(rate_judge(&r, word, now - late).ok);
}

static void rate_judge_survives_everything(void **state)
{
    (void)state;
    srandom(3);
    for (int round = 0; round < 500000; round++) {
        struct rate r = {(uint32_t)garbage(), (uint32_t)garbage(), (uint32_t)garbage()};
        uint64_t word = garbage(), now = garbage();
        struct limit_verdict v = rate_judge(&r, word, now);
        assert_int_equal(v.ok, v.retry_s == 0);
        assert_true(!v.ok || r.n == 0 || v.remaining < r.burst);
        if (!v.ok)
            assert_int_equal(v.next, word);
    }
}

/* ---- quota ---- */

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
        uint32_t today = quota_window_number(QUOTA_DAY, noon);
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
        assert_int_equal(quota_window_number(QUOTA_DAY, at), day);
        assert_int_equal(quota_window_end_s(QUOTA_DAY, at), (day + 1) * 86400);
        assert_int_equal(quota_window_number(QUOTA_MONTH, at), month);
        struct tm end = {.tm_year = tm.tm_year, .tm_mon = tm.tm_mon + 1, .tm_mday = 1};
        assert_int_equal(quota_window_end_s(QUOTA_MONTH, at), timegm(&end));
    }
}

int main(void)
{
    SUITE_ROWS(rate_parse_is_exact, rate_forms);
    SUITE_ROWS(quota_parse_is_exact, quota_forms);
    SUITE_TEST(a_burst_at_once_and_then_the_rate);
    SUITE_TEST(retry_s_is_when_it_is_admitted_again);
    SUITE_TEST(no_window_admits_more_than_n_and_the_burst);
    SUITE_TEST(a_steady_client_at_the_rate_is_never_refused);
    SUITE_TEST(an_odd_rate_is_met_within_two_percent);
    SUITE_TEST(the_largest_burst_comes_at_once);
    SUITE_TEST(a_rate_of_n_zero_is_no_limit);
    SUITE_TEST(G1_a_rate_without_burst_or_window_admits_nothing);
    SUITE_TEST(X11_no_word_locks_a_key_longer_than_a_burst);
    SUITE_TEST(a_thread_that_is_late_does_not_give_back_what_others_took);
    SUITE_TEST(rate_judge_survives_everything);
    SUITE_TEST(G2_a_window_admits_exactly_n);
    SUITE_TEST(G3_a_clock_that_goes_back_and_forward_neither_resets_nor_locks);
    SUITE_TEST(G3_a_clock_set_back_over_midnight_goes_on_in_the_new_day);
    SUITE_TEST(X11_no_word_locks_a_quota_for_good);
    SUITE_TEST(quota_judge_survives_everything);
    SUITE_TEST(G1_a_quota_of_zero_admits_nothing);
    SUITE_TEST(windows_are_those_of_the_calendar);
    return suite_run("core/limit");
}
