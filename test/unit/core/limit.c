/* limit.c - the rate: never more than it says, whatever the word and whatever the time. */
#include "core/limit.h"

#include <stdlib.h>

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

/* A look says before an admission what the judgement says behind it, for any word. */
static void a_look_is_the_judgement_without_the_taking(void **state)
{
    static const struct rate rates[] = {
        {600, 60, 60}, {1, 86400, 1}, {1000000, 1, 1000000}, {0, 0, 0}, {9, 1, 0}};

    (void)state;
    for (int i = 0; i < 100000; i++) {
        const struct rate *r = &rates[(size_t)i % COUNT_OF(rates)];
        uint64_t now = DAY_US, word = now * TICKS_PER_US + ((uint64_t)random() << (random() % 32));
        struct limit_verdict seen = rate_look(r, word, now), v = rate_judge(r, word, now);
        assert_int_equal(seen.next, word);
        assert_int_equal(seen.ok, v.ok);
        assert_int_equal(seen.retry_s, v.retry_s);
        assert_int_equal(seen.remaining, v.remaining + (v.ok && r->n != 0 ? 1 : 0));
        assert_true(seen.reset_s <= v.reset_s);
    }
    assert_int_equal(rate_look(&rates[0], 0, DAY_US).remaining, 60);
    assert_int_equal(rate_look(&rates[0], 0, DAY_US).reset_s, 0);
}

int main(void)
{
    SUITE_ROWS(rate_parse_is_exact, rate_forms);
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
    SUITE_TEST(a_look_is_the_judgement_without_the_taking);
    return suite_run("core/limit");
}
