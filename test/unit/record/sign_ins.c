/* sign_ins.c - sign-ins reach the record once, and refusals never push out whoever was let in. */
#include "record/sign_ins.h"

#include "rig.h"

static struct rig_entries all;
static struct sign_in_taken taken[SIGN_INS_MAX + 64];

static struct sign_in one(enum sign_in_what what, int64_t time_us)
{
    return (struct sign_in){.time_us = time_us,
                            .what = what,
                            .why = sign_in_is_refusal(what) ? SIGN_IN_WRONG_PASSWORD
                                                            : SIGN_IN_NO_REASON,
                            .account = STR("acme"),
                            .email = STR("ann@example.com"),
                            .request_id = {1, 2, 3}};
}

static void put(struct sign_ins *q, enum sign_in_what what, uint32_t n, int64_t from_s)
{
    for (uint32_t i = 0; i < n; i++) {
        struct sign_in s = one(what, (from_s + i) * 1000000);
        sign_ins_put(q, &s);
    }
}

static void what_was_not_settled_is_given_again(void **state)
{
    struct sign_ins *q;
    bool more;

    (void)state;
    assert_ok(sign_ins_new(&q));
    put(q, SIGN_IN_DONE, 3, 0);
    assert_int_equal(sign_ins_take(q, 0, 2, taken, &more), 2);
    assert_true(more);
    assert_int_equal(sign_ins_take(q, 0, 2, taken, &more), 2);
    sign_ins_settle(q);
    assert_int_equal(sign_ins_take(q, 0, 2, taken, &more), 1);
    assert_false(more);
    sign_ins_settle(q);
    assert_int_equal(sign_ins_take(q, 0, 2, taken, &more), 0);
    sign_ins_free(q);
}

static void refusals_give_way_and_are_counted(void **state)
{
    struct sign_ins *q;
    struct sign_in s;
    bool more;

    (void)state;
    assert_ok(sign_ins_new(&q));
    put(q, SIGN_IN_FAILED, SIGN_INS_MAX + 5, 0);
    put(q, SIGN_IN_DONE, SIGN_INS_MAX, 0);
    uint32_t n = sign_ins_take(q, 7, COUNT_OF(taken), taken, &more);
    assert_int_equal(n, SIGN_INS_MAX + 1);
    assert_ok(sign_in_decode((struct str){(char *)taken[0].bytes, taken[0].n}, &s));
    assert_int_equal(s.summed, SIGN_INS_MAX + 5);
    assert_int_equal(s.time_us, 7);
    for (uint32_t i = 1; i < n; i++)
        assert_false(taken[i].is_refusal);
    sign_ins_free(q);
}

static void refusals_are_kept_one_by_one_up_to_a_rate(void **state)
{
    struct sign_ins *q;
    bool more;

    (void)state;
    assert_ok(sign_ins_new(&q));
    for (int i = 0; i < 1000; i++) {
        struct sign_in s = one(SIGN_IN_FAILED, i);
        sign_ins_put(q, &s);
    }
    assert_int_equal(sign_ins_take(q, 0, COUNT_OF(taken), taken, &more),
                     SIGN_INS_REFUSED_PER_SECOND + 1);
    sign_ins_free(q);
}

static void a_key_that_was_typed_is_not_kept(void **state)
{
    struct sign_ins *q;
    struct sign_in s = one(SIGN_IN_FAILED, 0);
    bool more;

    (void)state;
    assert_ok(sign_ins_new(&q));
    s.email = STR("mk_live_7Q2mK4T9xJ1aBd_0123456789012345678901234567890123456789012345678");
    sign_ins_put(q, &s);
    assert_int_equal(sign_ins_take(q, 0, 1, taken, &more), 1);
    assert_ok(sign_in_decode((struct str){(char *)taken[0].bytes, taken[0].n}, &s));
    assert_true(str_eq(s.email, STR("mk_live_7Q2mK4T9xJ1aBd_…")));
    sign_ins_free(q);
}

static void they_are_on_the_record_once_and_in_order(void **state)
{
    struct running f;

    (void)state;
    running_begin(&f, RIG_SLOTS);
    for (int i = 0; i < 700; i++) {
        struct sign_in s =
            one(i % 2 == 0 ? SIGN_IN_DONE : SIGN_IN_FAILED, RIG_NOON + i * INT64_C(100000));
        recorder_sign_in(f.recorder, &s);
    }
    played_at(&f.p, RING_PROVED, RIG_NOON);
    rig_drain(f.recorder, RIG_NOON + 80000000, NULL);
    rig_drain(f.recorder, RIG_NOON + 80000000, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 701);
    running_end(&f);
}

static enum kw_err count_one(void *ctx, const struct record_entry *e)
{
    (*(int *)ctx)++;
    assert_int_equal(e->kind, RECORD_SIGN_IN);
    return KW_OK;
}

static void they_are_found(void **state)
{
    struct running f;
    struct sign_in s = one(SIGN_IN_FAILED, RIG_NOON);
    const struct record_query queries[] = {{.kinds = SEARCH_SIGN_INS},
                                           {.account = STR("acme")},
                                           {.source = &s.source},
                                           {.request_id = s.request_id}};

    (void)state;
    running_begin(&f, RIG_SLOTS);
    recorder_sign_in(f.recorder, &s);
    rig_drain(f.recorder, RIG_NOON, NULL);
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        int n = 0;
        assert_ok(search_run(f.rig.audit, &queries[i], count_one, &n));
        assert_int_equal(n, 1);
    }
    running_end(&f);
}

static void the_codec_rejects(void **state)
{
    uint8_t bytes[SIGN_IN_MAX + 1];
    struct sign_in s = one(SIGN_IN_FAILED, 5), out = {.time_us = 9};

    (void)state;
    size_t n = sign_in_encode(&s, bytes);
    assert_ok(sign_in_decode((struct str){(char *)bytes, n}, &s));
    for (size_t i = 0; i < n; i++)
        assert_err(sign_in_decode((struct str){(char *)bytes, i}, &out), KW_EDAMAGED);
    bytes[n] = 0;
    assert_err(sign_in_decode((struct str){(char *)bytes, n + 1}, &out), KW_EDAMAGED);
    bytes[1] = SIGN_IN_N_WHATS;
    assert_err(sign_in_decode((struct str){(char *)bytes, n}, &out), KW_EDAMAGED);
    bytes[0] = 2;
    assert_err(sign_in_decode((struct str){(char *)bytes, n}, &out), KW_EFORMAT);
    assert_int_equal(out.time_us, 9);
}

int main(void)
{
    SUITE_TEST(what_was_not_settled_is_given_again);
    SUITE_TEST(refusals_give_way_and_are_counted);
    SUITE_TEST(refusals_are_kept_one_by_one_up_to_a_rate);
    SUITE_TEST(a_key_that_was_typed_is_not_kept);
    SUITE_TEST(they_are_on_the_record_once_and_in_order);
    SUITE_TEST(they_are_found);
    SUITE_TEST(the_codec_rejects);
    return suite_run("record/sign_ins");
}
