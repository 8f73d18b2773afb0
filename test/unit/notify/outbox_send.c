/* outbox_send.c - each delivery in its turn, what became of its tries, and what is done by hand. */
#include "notify/outbox_kit.h"

static void who_is_due_first_is_next(void **state)
{
    struct kit k;
    int64_t due;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    kit_put(&k, "evt_2", A, NOON + 1);
    struct outbox_delivery d = kit_next(&k, A);
    assert_string_equal(d.event, "evt_1");
    kit_tried(&k, d.no, NOON, OUTBOX_PENDING, NOON + MINUTE);
    assert_string_equal(kit_next(&k, A).event, "evt_2");
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_DELIVERED, 0);
    d = kit_next(&k, A);
    assert_string_equal(d.event, "evt_1");
    assert_int_equal(d.tries, 1);
    assert_ok(outbox_due(k.o, A, &due));
    assert_int_equal(due, NOON + MINUTE);
    kit_close(&k);
}

static void failures_count_from_the_first_one_to_a_success(void **state)
{
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    kit_put(&k, "evt_2", A, NOON);
    uint64_t first = kit_next(&k, A).no;
    assert_int_equal(kit_tried(&k, first, NOON + 5, OUTBOX_PENDING, NOON).failing_since_ms, NOON + 5);
    assert_int_equal(kit_tried(&k, first, NOON + 9, OUTBOX_PENDING, NOON).failing_since_ms, NOON + 5);
    assert_int_equal(kit_tried(&k, first, NOON + 9, OUTBOX_DELIVERED, 0).failing_since_ms, 0);
    struct outbox_health h = kit_tried(&k, kit_next(&k, A).no, NOON + 20, OUTBOX_FAILED, 0);
    assert_int_equal(h.failing_since_ms, NOON + 20);
    assert_int_equal(h.pending, 0);
    assert_ok(outbox_give_up(k.o, A));
    assert_ok(outbox_health(k.o, A, &h));
    assert_int_equal(h.failing_since_ms, 0);
    kit_close(&k);
}

/* The file was moved aside while something was on its way, and numbers begin anew. */
static void what_became_of_one_is_not_written_to_another(void **state)
{
    const struct outbox_try t = {.time_ms = NOON};
    struct outbox_health h;
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    struct outbox_delivery before = kit_next(&k, A);
    outbox_close(k.o);
    assert_ok(outbox_move_aside(k.path));
    assert_ok(outbox_open(k.path, &k.o));
    kit_put(&k, "evt_2", A, NOON);
    assert_int_equal(kit_next(&k, A).no, before.no);
    assert_err(outbox_tried(k.o, &before, &t, OUTBOX_DELIVERED, 0, &h), KW_ENOTFOUND);
    assert_string_equal(kit_next(&k, A).event, "evt_2");
    assert_int_equal(kit_next(&k, A).tries, 0);
    kit_close(&k);
}

/* ---- by hand ---- */

static void a_delivery_can_be_made_once_more(void **state)
{
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    uint64_t no = kit_next(&k, A).no;
    kit_tried(&k, no, NOON, OUTBOX_DELIVERED, 0);
    assert_err(outbox_again(k.o, B, STR("evt_1"), NOON), KW_ENOTFOUND);
    assert_err(outbox_again(k.o, A, STR("evt_2"), NOON), KW_ENOTFOUND);
    assert_ok(outbox_again(k.o, A, STR("evt_1"), NOON + 5));
    assert_int_equal(kit_next(&k, A).no, no);
    assert_int_equal(kit_next(&k, A).tries, 0);
    assert_int_equal(kit_next(&k, A).next_ms, NOON + 5);
    assert_ok(outbox_again(k.o, A, STR("evt_1"), NOON + 6)); /* it waits already: it comes at once */
    assert_int_equal(kit_tried(&k, no, NOON + 7, OUTBOX_DELIVERED, 0).pending, 0);
    kit_close(&k);
}

static void put_test(struct kit *k, const char *id, int64_t now_ms)
{
    struct outbox_event e = kit_event(id);

    e.type = STR("webhook.test");
    assert_ok(outbox_begin(k->o));
    assert_ok(outbox_put(k->o, &e, A, now_ms));
    assert_ok(outbox_commit(k->o));
}

static void tests_are_counted(void **state)
{
    struct outbox_tests n;
    struct kit k;

    (void)state;
    kit_open(&k);
    put_test(&k, "evt_1", NOON);
    put_test(&k, "evt_2", NOON + 5);
    kit_put(&k, "evt_3", A, NOON + 5);
    put_test(&k, "evt_4", NOON + MINUTE); /* the clock was set back since */
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_DELIVERED, 0);
    assert_ok(outbox_tests(k.o, A, NOON, NOON + 9, &n));
    assert_int_equal(n.waiting, 2);
    assert_int_equal(n.since, 2);
    assert_ok(outbox_tests(k.o, A, NOON + 1, NOON + 9, &n));
    assert_int_equal(n.since, 1);
    assert_ok(outbox_tests(k.o, B, NOON, NOON + 9, &n));
    assert_int_equal(n.waiting + n.since, 0);
    kit_close(&k);
}

static void what_was_given_up_meanwhile_does_not_come_back(void **state)
{
    const struct outbox_try t = {.time_ms = NOON, .error = "no"};
    struct outbox_health h;
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    struct outbox_delivery d = kit_next(&k, A);
    assert_ok(outbox_give_up(k.o, A));
    assert_ok(outbox_tried(k.o, &d, &t, OUTBOX_PENDING, NOON + 1, &h));
    assert_true(kit_none_waits(&k, A));
    assert_int_equal(h.pending, 0);
    assert_int_equal(h.failing_since_ms, 0);
    assert_ok(outbox_tried(k.o, &d, &t, OUTBOX_DELIVERED, 0, &h)); /* it is true all the same */
    assert_int_equal(kit_numbered(&k, d.no).state, OUTBOX_DELIVERED);
    assert_int_equal(h.pending, 0);
    kit_close(&k);
}

static void what_was_asked_for_anew_meanwhile_is_tried_as_often_as_the_first_time(void **state)
{
    const struct outbox_try t = {.time_ms = NOON, .error = "no"};
    struct outbox_health h;
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_PENDING, NOON);
    struct outbox_delivery d = kit_next(&k, A);
    assert_ok(outbox_again(k.o, A, STR("evt_1"), NOON + 5));
    assert_ok(outbox_tried(k.o, &d, &t, OUTBOX_FAILED, 0, &h));
    assert_int_equal(kit_next(&k, A).tries, 0);
    assert_int_equal(kit_next(&k, A).next_ms, NOON + 5);
    assert_int_equal(h.pending, 1);
    kit_close(&k);
}

static void what_waits_is_given_up_when_a_webhook_is_off(void **state)
{
    struct outbox_health h = {.pending = 0};
    uint32_t slots[4];
    size_t n = 0;
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    kit_put(&k, "evt_1", B, NOON);
    assert_ok(outbox_receivers(k.o, slots, 1, &n));
    assert_int_equal(n, 1);
    assert_ok(outbox_receivers(k.o, slots, 4, &n));
    assert_int_equal(n, 2);
    assert_ok(outbox_give_up(k.o, A));
    assert_true(kit_none_waits(&k, A));
    assert_ok(outbox_receivers(k.o, slots, 4, &n));
    assert_int_equal(n, 1);
    assert_int_equal(slots[0], B);
    assert_false(kit_none_waits(&k, B));
    assert_ok(outbox_health(k.o, A, &h));
    assert_int_equal(h.pending, 0);
    kit_close(&k);
}

/* ---- looked at ---- */

struct seen {
    struct kit *kit;
    unsigned n, n_tries;
    uint64_t last;
    struct outbox_try last_try;
};

static enum kw_err see_try(void *ctx, const struct outbox_try *t)
{
    struct seen *s = ctx;

    s->n_tries++;
    s->last_try = *t;
    return KW_OK;
}

static enum kw_err see(void *ctx, const struct outbox_delivery *d)
{
    struct seen *s = ctx;

    assert_true(s->n == 0 || d->no < s->last);
    s->n++;
    s->last = d->no;
    return outbox_tries(s->kit->o, d->no, see_try, s);
}

static void deliveries_are_listed_with_their_tries_newest_first(void **state)
{
    struct kit k;
    struct seen s = {.kit = &k};

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    kit_put(&k, "evt_2", A, NOON);
    kit_put(&k, "evt_3", B, NOON);
    for (int i = 0; i < OUTBOX_TRIES_KEPT + 4; i++)
        kit_tried(&k, kit_next(&k, A).no, NOON + i, OUTBOX_PENDING, NOON);
    assert_ok(outbox_list(k.o, A, 0, 10, see, &s));
    assert_int_equal(s.n, 2);
    assert_int_equal(s.n_tries, OUTBOX_TRIES_KEPT);
    assert_int_equal(s.last_try.time_ms, NOON + OUTBOX_TRIES_KEPT + 3);
    assert_int_equal(s.last_try.status, 500);
    assert_string_equal(s.last_try.error, "no");
    s = (struct seen){.kit = &k};
    assert_ok(outbox_list(k.o, A, 0, 1, see, &s));
    assert_int_equal(s.n, 1);
    assert_ok(outbox_list(k.o, A, s.last, 1, see, &s));
    assert_int_equal(s.n, 2);
    kit_close(&k);
}

int main(void)
{
    SUITE_TEST(who_is_due_first_is_next);
    SUITE_TEST(failures_count_from_the_first_one_to_a_success);
    SUITE_TEST(what_became_of_one_is_not_written_to_another);
    SUITE_TEST(a_delivery_can_be_made_once_more);
    SUITE_TEST(tests_are_counted);
    SUITE_TEST(what_was_given_up_meanwhile_does_not_come_back);
    SUITE_TEST(what_was_asked_for_anew_meanwhile_is_tried_as_often_as_the_first_time);
    SUITE_TEST(what_waits_is_given_up_when_a_webhook_is_off);
    SUITE_TEST(deliveries_are_listed_with_their_tries_newest_first);
    return suite_run("notify/outbox_send");
}
