/* rotation.c - two secrets for a while, and never a third. */
#include "core/rotation.h"

#include "suite.h"

#define NOW  INT64_C(1800000000000)
#define HOUR INT64_C(3600000)
#define DAY  (24 * HOUR)

static const uint8_t fresh[GRANT_DIGEST_LEN] = {9};

static const struct grant key = {.state = KEY_ACTIVE,
                                 .digest = {1},
                                 .generation = 3,
                                 .secret_since_ms = NOW - 80 * DAY,
                                 .rotation_days = 90};

static struct grant rotated(uint32_t overlap_s)
{
    struct grant g = key;

    assert_ok(rotation_begin(&g, fresh, overlap_s, NOW));
    return g;
}

static void a_new_secret_takes_the_place_of_the_one_that_goes(void **state)
{
    (void)state;
    struct grant g = rotated(3600);
    assert_int_equal(g.digest[0], 9);
    assert_int_equal(g.old_digest[0], 1);
    assert_int_equal(g.generation, 4);
    assert_int_equal(g.secret_since_ms, NOW);
    assert_int_equal(g.old_since_ms, NOW - 80 * DAY);
    assert_int_equal(g.old_ends_ms, NOW + HOUR);
    assert_true(rotation_is_open(&g, NOW + HOUR - 1));
    assert_false(rotation_is_open(&g, NOW + HOUR));
}

static void without_an_overlap_the_old_one_ends_at_once(void **state)
{
    (void)state;
    struct grant g = rotated(0);
    assert_false(rotation_is_open(&g, NOW));
    assert_int_equal(rotation_old_ends(&g), NOW);
}

static void there_is_never_a_third_secret(void **state)
{
    (void)state;
    struct grant g = rotated(3600), before = g;
    assert_err(rotation_begin(&g, fresh, 0, NOW + HOUR - 1), KW_ECONFLICT);
    assert_memory_equal(&g, &before, sizeof g);
    assert_ok(rotation_begin(&g, fresh, 0, NOW + HOUR));
    assert_int_equal(g.old_digest[0], 9);
}

static void an_overlap_has_a_greatest_length(void **state)
{
    struct grant g = key;

    (void)state;
    assert_err(rotation_begin(&g, fresh, ROTATION_OVERLAP_MAX_S + 1, NOW), KW_ERANGE);
    assert_memory_equal(&g, &key, sizeof g);
    assert_ok(rotation_begin(&g, fresh, ROTATION_OVERLAP_MAX_S, NOW));
    assert_int_equal(g.old_ends_ms, NOW + 30 * DAY);
}

static void the_generations_do_not_come_round(void **state)
{
    struct grant g = key;

    (void)state;
    g.generation = UINT32_MAX;
    assert_err(rotation_begin(&g, fresh, 0, NOW), KW_EFULL);
    g.generation--;
    assert_ok(rotation_begin(&g, fresh, 60, NOW));
    assert_err(rotation_cancel(&g, NOW), KW_EFULL);
}

static void completed_the_old_one_ends_now_and_stays_known(void **state)
{
    (void)state;
    struct grant g = rotated(3600);
    assert_ok(rotation_complete(&g, NOW + 5));
    assert_int_equal(rotation_old_ends(&g), NOW + 5);
    assert_int_equal(g.old_digest[0], 1);
    assert_ok(rotation_complete(&g, NOW + 9)); /* it has ended */
    assert_int_equal(rotation_old_ends(&g), NOW + 5);
}

static void what_was_never_begun_is_not_completed(void **state)
{
    struct grant g = key;

    (void)state;
    assert_err(rotation_complete(&g, NOW), KW_ENOTFOUND);
    assert_err(rotation_cancel(&g, NOW), KW_ECONFLICT);
}

/* Were its age counted from now, a key could be kept for ever by rotations that are cancelled. */
static void cancelled_the_old_one_is_back_as_old_as_it_was(void **state)
{
    (void)state;
    struct grant g = rotated(3600);
    assert_ok(rotation_cancel(&g, NOW + 5));
    assert_int_equal(g.digest[0], 1);
    assert_int_equal(g.secret_since_ms, NOW - 80 * DAY);
    assert_int_equal(g.old_digest[0], 9);
    assert_int_equal(rotation_old_ends(&g), NOW + 5);
    assert_int_equal(g.generation, 5);
    assert_err(rotation_cancel(&g, NOW + 5), KW_ECONFLICT); /* the new one is gone for good */
}

/* A clock that was ahead is set right; a machine comes up without one. */
static void X5_what_was_ended_stays_so_whatever_the_clock_says(void **state)
{
    struct grant at_once = rotated(0), completed = rotated(3600), cancelled = rotated(3600);

    (void)state;
    assert_ok(rotation_complete(&completed, NOW + 5));
    assert_ok(rotation_cancel(&cancelled, NOW + 5));
    for (int64_t now_ms = NOW - 400 * DAY; now_ms < NOW + DAY; now_ms += HOUR) {
        assert_false(rotation_is_open(&at_once, now_ms));
        assert_false(rotation_is_open(&completed, now_ms));
        assert_false(rotation_is_open(&cancelled, now_ms));
    }
}

static void an_end_is_an_end_before_there_was_a_clock(void **state)
{
    struct grant g = key;

    (void)state;
    assert_ok(rotation_begin(&g, fresh, 0, 0));
    assert_ok(rotation_complete(&g, 0));
    assert_false(rotation_is_open(&g, 0));
}

static void an_overlap_that_is_over_is_not_cancelled(void **state)
{
    (void)state;
    struct grant g = rotated(3600);
    assert_err(rotation_cancel(&g, NOW + HOUR), KW_ECONFLICT);
}

static const struct stage {
    const char *why;
    int64_t left_ms;
    enum rotation_stage want;
} stages[] = {
    {"a month and more", 30 * DAY + 1, ROTATION_FINE},
    {"a month", 30 * DAY, ROTATION_IN_30},
    {"more than a week", 7 * DAY + 1, ROTATION_IN_30},
    {"a week", 7 * DAY, ROTATION_IN_7},
    {"more than a day", DAY + 1, ROTATION_IN_7},
    {"a day", DAY, ROTATION_IN_1},
    {"a millisecond", 1, ROTATION_IN_1},
    {"now", 0, ROTATION_OVERDUE},
    {"long ago", -400 * DAY, ROTATION_OVERDUE},
};

static void a_key_is_warned_of(void **state)
{
    const struct stage *row = *state;

    assert_int_equal(rotation_stage(&key, key.secret_since_ms + 90 * DAY - row->left_ms), row->want);
}

static void a_key_that_never_rotates_or_is_revoked_is_not_warned_of(void **state)
{
    struct grant g = key;

    (void)state;
    g.rotation_days = 0;
    assert_int_equal(rotation_stage(&g, NOW + 1000 * DAY), ROTATION_NEVER);
    g = key;
    g.state = KEY_REVOKED;
    assert_int_equal(rotation_stage(&g, NOW + 1000 * DAY), ROTATION_NEVER);
    assert_string_equal(rotation_stage_name(ROTATION_NEVER), "never");
    assert_string_equal(rotation_stage_name(ROTATION_OVERDUE), "overdue");
}

static const struct overlap {
    const char *why;
    struct str text;
    enum kw_err want;
    uint32_t want_s;
} overlaps[] = {
    {"none", STR_INIT("0"), KW_OK, 0},
    {"a day", STR_INIT("24h"), KW_OK, 86400},
    {"the same", STR_INIT("1d"), KW_OK, 86400},
    {"minutes", STR_INIT("90m"), KW_OK, 5400},
    {"the longest", STR_INIT("30d"), KW_OK, ROTATION_OVERLAP_MAX_S},
    {"the longest in hours", STR_INIT("720h"), KW_OK, ROTATION_OVERLAP_MAX_S},
    {"too long", STR_INIT("31d"), KW_ERANGE, 7},
    {"too long in hours", STR_INIT("721h"), KW_ERANGE, 7},
    {"beyond all numbers", STR_INIT("99999999999999999999999d"), KW_ERANGE, 7},
    {"empty", STR_INIT(""), KW_ESYNTAX, 7},
    {"nothing", {NULL, 0}, KW_ESYNTAX, 7},
    {"no number", STR_INIT("h"), KW_ESYNTAX, 7},
    {"no unit", STR_INIT("24"), KW_ESYNTAX, 7},
    {"a sign", STR_INIT("-1h"), KW_ESYNTAX, 7},
    {"a blank", STR_INIT("1 h"), KW_ESYNTAX, 7},
    {"two units", STR_INIT("1d1h"), KW_ESYNTAX, 7},
    {"a fraction", STR_INIT("1.5h"), KW_ESYNTAX, 7},
    {"upper case", STR_INIT("24H"), KW_ESYNTAX, 7},
};

static void an_overlap_is_written(void **state)
{
    const struct overlap *row = *state;
    uint32_t s = 7;

    assert_err(rotation_overlap_parse(row->text, &s), row->want);
    assert_int_equal(s, row->want_s);
}

int main(void)
{
    SUITE_TEST(a_new_secret_takes_the_place_of_the_one_that_goes);
    SUITE_TEST(without_an_overlap_the_old_one_ends_at_once);
    SUITE_TEST(there_is_never_a_third_secret);
    SUITE_TEST(an_overlap_has_a_greatest_length);
    SUITE_TEST(the_generations_do_not_come_round);
    SUITE_TEST(completed_the_old_one_ends_now_and_stays_known);
    SUITE_TEST(what_was_never_begun_is_not_completed);
    SUITE_TEST(cancelled_the_old_one_is_back_as_old_as_it_was);
    SUITE_TEST(X5_what_was_ended_stays_so_whatever_the_clock_says);
    SUITE_TEST(an_end_is_an_end_before_there_was_a_clock);
    SUITE_TEST(an_overlap_that_is_over_is_not_cancelled);
    SUITE_ROWS(a_key_is_warned_of, stages);
    SUITE_ROWS(an_overlap_is_written, overlaps);
    SUITE_TEST(a_key_that_never_rotates_or_is_revoked_is_not_warned_of);
    return suite_run("core/rotation");
}
