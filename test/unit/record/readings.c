/* readings.c - who read the record is on it: once for a page that asks again and again, each export by itself. */
#include "record/readings.h"

#include "rig.h"

#define MINUTE_US ((int64_t)60 * 1000 * 1000)

static struct rig_entries all;
static struct reading_taken taken[READINGS_TAKEN_MAX];

static struct reading one(enum reading_what what)
{
    return (struct reading){.time_us = RIG_NOON,
                            .what = what,
                            .actor = STR("member:5fGh2kLm9pQr3s"),
                            .member = STR("5fGh2kLm9pQr3s"),
                            .account = STR("acme"),
                            .filter = STR("key=7Q2mK4T9xJ1aBd&reason=wrong_secret"),
                            .source = {.b = {[10] = 0xff, 0xff, 192, 0, 2, 7}},
                            .request_id = {1, 2, 3}};
}

static void I7_readings_alike_are_taken_once_in_ten_minutes(void **state)
{
    struct reading r = one(READING_SEARCHED);
    struct readings *q;

    (void)state;
    assert_ok(readings_new(&q));
    for (int i = 0; i < 600; i++, r.time_us += 1000000)
        readings_put(q, &r, 7);
    assert_int_equal(readings_take(q, 7, taken), 1);
    readings_settle(q);
    readings_put(q, &r, 7);
    readings_put(q, &r, 8); /* another filter */
    assert_int_equal(readings_take(q, 7, taken), 2);
    readings_settle(q);
    r.time_us -= 20 * MINUTE_US; /* a clock that went back hides nothing */
    readings_put(q, &r, 7);
    assert_int_equal(readings_take(q, 7, taken), 1);
    readings_free(q);
}

static void I7_each_export_is_taken(void **state)
{
    const struct reading r = one(READING_EXPORTED);
    struct readings *q;

    (void)state;
    assert_ok(readings_new(&q));
    for (int i = 0; i < 3; i++)
        readings_put(q, &r, 0);
    assert_int_equal(readings_take(q, 7, taken), 3);
    readings_free(q);
}

/* Whoever asks in a thousand ways makes others be told again, never be forgotten. */
static void what_is_known_is_bounded_and_errs_by_telling_again(void **state)
{
    struct reading r = one(READING_SEARCHED);
    struct readings *q;

    (void)state;
    assert_ok(readings_new(&q));
    readings_put(q, &r, 1);
    for (uint64_t i = 2; i <= READINGS_KNOWN + 1; i++) {
        r.time_us++;
        readings_put(q, &r, i);
        readings_take(q, 7, taken);
        readings_settle(q);
    }
    readings_put(q, &r, READINGS_KNOWN + 1);
    assert_int_equal(readings_take(q, 7, taken), 0);
    readings_put(q, &r, 1);
    assert_int_equal(readings_take(q, 7, taken), 1);
    readings_free(q);
}

static void what_has_no_room_is_counted_and_what_was_not_settled_is_given_again(void **state)
{
    const struct reading r = one(READING_EXPORTED);
    struct reading out;
    struct readings *q;

    (void)state;
    assert_ok(readings_new(&q));
    for (int i = 0; i < READINGS_MAX + 3; i++)
        readings_put(q, &r, 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(readings_take(q, 7, taken), READINGS_MAX + 1);
    assert_ok(reading_decode((struct str){(char *)taken[READINGS_MAX].bytes, taken[READINGS_MAX].n},
                             &out));
    assert_int_equal(out.summed, 3);
    assert_int_equal(out.what, READING_EXPORTED);
    readings_settle(q);
    assert_int_equal(readings_take(q, 7, taken), 0);
    readings_free(q);
}

static enum kw_err count_one(void *ctx, const struct record_entry *e)
{
    (*(int *)ctx)++;
    assert_int_equal(e->kind, RECORD_READING);
    assert_true(str_eq(e->reading.filter, STR("key=7Q2mK4T9xJ1aBd&reason=wrong_secret")));
    return KW_OK;
}

static void I7_they_are_on_the_record_and_found_by_member(void **state)
{
    const enum kw_reason reason = KW_WHY_UNKNOWN_KEY;
    struct running f;
    struct reading r = one(READING_EXPLAINED);
    const struct record_query found[] = {{.kinds = SEARCH_READINGS},
                                         {.member = STR("5fGh2kLm9pQr3s")},
                                         {.account = STR("acme")},
                                         {.source = &r.source},
                                         {.request_id = r.request_id}};
    const struct record_query not_found[] = {
        {.kinds = SEARCH_SIGN_INS}, {.member = STR("5fGh2kLm9pQr3t")},
        {.account = STR("shop")},   {.key_id = STR("7Q2mK4T9xJ1aBd")},
        {.reason = &reason},        {.verdict = SEARCH_ALLOWED},
        {.until_us = RIG_NOON}};

    (void)state;
    running_begin(&f, RIG_SLOTS);
    recorder_reading(f.recorder, &r, 7);
    recorder_reading(f.recorder, &r, 7);
    rig_drain(f.recorder, RIG_NOON + 1000, NULL);
    rig_drain(f.recorder, RIG_NOON + 2000, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 1);
    for (size_t i = 0; i < COUNT_OF(found) + COUNT_OF(not_found); i++) {
        bool is_there = i < COUNT_OF(found);
        int n = 0;
        assert_ok(search_run(f.rig.audit, is_there ? &found[i] : &not_found[i - COUNT_OF(found)],
                             count_one, &n));
        assert_int_equal(n, is_there);
    }
    running_end(&f);
}

static void bytes_of_another_make_are_refused(void **state)
{
    struct reading r = one(READING_SEARCHED), out;
    uint8_t bytes[READING_MAX + 1] = {0};
    static const struct {
        size_t at;
        uint8_t value;
        enum kw_err err;
    } bad[] = {{0, 2, KW_EFORMAT},    {1, 0, KW_EDAMAGED}, {1, READING_N_WHATS, KW_EDAMAGED},
               {2, 1, KW_EDAMAGED},   {3, 1, KW_EDAMAGED}, {48, 41, KW_EDAMAGED},
               {48, 255, KW_EDAMAGED}};

    (void)state;
    size_t n = reading_encode(&r, bytes);
    assert_ok(reading_decode((struct str){(char *)bytes, n}, &out));
    assert_true(str_eq(out.actor, r.actor) && str_eq(out.filter, r.filter));
    for (size_t i = 0; i < n; i++)
        assert_err(reading_decode((struct str){(char *)bytes, i}, &out), KW_EDAMAGED);
    assert_err(reading_decode((struct str){(char *)bytes, n + 1}, &out), KW_EDAMAGED);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        uint8_t was = bytes[bad[i].at];
        bytes[bad[i].at] = bad[i].value;
        assert_err(reading_decode((struct str){(char *)bytes, n}, &out), bad[i].err);
        bytes[bad[i].at] = was;
    }
}

int main(void)
{
    SUITE_TEST(I7_readings_alike_are_taken_once_in_ten_minutes);
    SUITE_TEST(I7_each_export_is_taken);
    SUITE_TEST(what_is_known_is_bounded_and_errs_by_telling_again);
    SUITE_TEST(what_has_no_room_is_counted_and_what_was_not_settled_is_given_again);
    SUITE_TEST(I7_they_are_on_the_record_and_found_by_member);
    SUITE_TEST(bytes_of_another_make_are_refused);
    return suite_run("record/readings");
}
