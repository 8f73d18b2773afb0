/* leaks.c - reports of keys that work reach the record once, the others as counts. */
#include "record/leaks.h"

#include "rig.h"

static struct rig_entries all;
static struct leak_taken taken[LEAKS_TAKEN_MAX];

static struct leak one(enum leak_what what)
{
    return (struct leak){.time_us = RIG_NOON,
                         .what = what,
                         .by = LEAK_BY_GITHUB,
                         .is_old = true,
                         .key = STR("7Q2mK4T9xJ1aBd"),
                         .account = STR("acme"),
                         .environment = KW_PRODUCTION,
                         .url = STR("https://paste.example/1"),
                         .note = STR("in a log"),
                         .request_id = {1, 2, 3}};
}

static void what_was_not_settled_is_given_again(void **state)
{
    struct leak l = one(LEAK_FROZE_TRANSACT), stranger = one(LEAK_WRONG_SECRET), out;
    struct leaks *q;

    (void)state;
    assert_ok(leaks_new(&q));
    leaks_put(q, &l);
    leaks_put(q, &stranger);
    leaks_put(q, &stranger);
    assert_int_equal(leaks_take(q, 7, taken), 2);
    leaks_put(q, &stranger);
    assert_int_equal(leaks_take(q, 7, taken), 2);
    assert_ok(leak_decode((struct str){(char *)taken[1].bytes, taken[1].n}, &out));
    assert_int_equal(out.summed, 3);
    assert_int_equal(out.time_us, 7);
    assert_int_equal(out.key.n, 0);
    leaks_settle(q);
    assert_int_equal(leaks_take(q, 7, taken), 0);
    leaks_free(q);
}

static void more_than_have_room_are_counted(void **state)
{
    struct leak l = one(LEAK_REVOKED), out;
    struct leaks *q;

    (void)state;
    assert_ok(leaks_new(&q));
    for (int i = 0; i < LEAKS_MAX + 3; i++)
        leaks_put(q, &l);
    assert_int_equal(leaks_take(q, 7, taken), LEAKS_MAX + 1);
    assert_ok(leak_decode((struct str){(char *)taken[LEAKS_MAX].bytes, taken[LEAKS_MAX].n}, &out));
    assert_int_equal(out.summed, 3);
    assert_int_equal(out.what, LEAK_REVOKED);
    leaks_free(q);
}

static enum kw_err count_one(void *ctx, const struct record_entry *e)
{
    (*(int *)ctx)++;
    assert_int_equal(e->kind, RECORD_LEAK);
    return KW_OK;
}

static void they_are_on_the_record_and_found(void **state)
{
    struct running f;
    struct leak l = one(LEAK_FROZE_TRANSACT), stranger = one(LEAK_NOT_A_KEY);
    const struct record_query queries[] = {{.kinds = SEARCH_LEAKS, .account = STR("acme")},
                                           {.key_id = STR("7Q2mK4T9xJ1aBd")},
                                           {.account = STR("acme")},
                                           {.source = &l.source},
                                           {.request_id = l.request_id}};

    (void)state;
    running_begin(&f, RIG_SLOTS);
    recorder_leak(f.recorder, &l);
    recorder_leak(f.recorder, &stranger);
    rig_drain(f.recorder, RIG_NOON + 1000, NULL);
    rig_drain(f.recorder, RIG_NOON + 2000, NULL);
    rig_read(&f.rig, &all);
    assert_int_equal(all.n, 2);
    for (size_t i = 0; i < COUNT_OF(queries); i++) {
        int n = 0;
        assert_ok(search_run(f.rig.audit, &queries[i], count_one, &n));
        assert_int_equal(n, queries[i].source != NULL
                                ? 2
                                : 1); /* a count has no source, which is that of this test too */
    }
    running_end(&f);
}

static void bytes_of_another_make_are_refused(void **state)
{
    struct leak l = one(LEAK_DISABLED), out;
    uint8_t bytes[LEAK_MAX + 1] = {0};
    size_t n = leak_encode(&l, bytes);

    (void)state;
    assert_ok(leak_decode((struct str){(char *)bytes, n}, &out));
    assert_true(out.is_old && out.by == LEAK_BY_GITHUB && str_eq(out.url, l.url));
    for (size_t i = 0; i < n; i++)
        assert_err(leak_decode((struct str){(char *)bytes, i}, &out), KW_EDAMAGED);
    assert_err(leak_decode((struct str){(char *)bytes, n + 1}, &out), KW_EDAMAGED);
    static const struct {
        size_t at;
        uint8_t value;
    } wrong[] = {{1, 0}, {1, LEAK_N_WHATS}, {2, LEAK_N_BYS}, {3, 2}, {4, 3}, {5, 1}};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        uint8_t was = bytes[wrong[i].at];
        bytes[wrong[i].at] = wrong[i].value;
        assert_err(leak_decode((struct str){(char *)bytes, n}, &out), KW_EDAMAGED);
        bytes[wrong[i].at] = was;
    }
    bytes[0]++;
    assert_err(leak_decode((struct str){(char *)bytes, n}, &out), KW_EFORMAT);
}

int main(void)
{
    SUITE_TEST(what_was_not_settled_is_given_again);
    SUITE_TEST(more_than_have_room_are_counted);
    SUITE_TEST(they_are_on_the_record_and_found);
    SUITE_TEST(bytes_of_another_make_are_refused);
    return suite_run("record/leaks");
}
