/* outbox_forget.c - what is over goes, piece by piece; what was another's is nobody's. */
#include "notify/outbox_kit.h"

#include <stdio.h>

static unsigned sweep(struct kit *k, int64_t now_ms)
{
    bool is_over = false;
    unsigned pieces = 0;
    uint64_t at = 0;

    while (!is_over) {
        assert_ok(outbox_sweep(k->o, &at, now_ms, &is_over));
        assert_true(pieces++ < 100);
    }
    return pieces;
}

static void an_event_goes_with_its_last_delivery(void **state)
{
    const int64_t later = NOON + INT64_C(31) * 86400000;
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    kit_put(&k, "evt_1", B, NOON);
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_DELIVERED, 0);
    sweep(&k, later);
    assert_int_equal(kit_asked(&k, "SELECT count(*) FROM events"), 1);
    assert_int_equal(kit_asked(&k, "SELECT count(*) FROM tries"), 0);
    kit_tried(&k, kit_next(&k, B).no, NOON, OUTBOX_FAILED, 0);
    sweep(&k, later);
    assert_int_equal(kit_asked(&k, "SELECT count(*) FROM events"), 0);
    kit_close(&k);
}

static void X19_a_sweep_is_done_in_pieces(void **state)
{
    struct outbox_event e;
    uint64_t at = 1;
    bool is_over;
    struct kit k;
    char id[32];

    (void)state;
    kit_open(&k);
    assert_ok(outbox_begin(k.o));
    for (int i = 0; i < OUTBOX_KEPT_MAX + 1000; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        e = kit_event(id);
        assert_ok(outbox_put(k.o, &e, A, NOON));
    }
    assert_ok(outbox_commit(k.o));
    assert_ok(outbox_give_up(k.o, A));
    assert_ok(outbox_sweep(k.o, &at, NOON, &is_over));
    assert_false(is_over);
    assert_in_range(kit_count(&k, A), OUTBOX_KEPT_MAX + 500, OUTBOX_KEPT_MAX + 999);
    assert_true(sweep(&k, NOON) > 4);
    assert_int_equal(kit_count(&k, A), OUTBOX_KEPT_MAX);
    kit_close(&k);
}

static void what_is_over_goes(void **state)
{
    const int64_t later = NOON + INT64_C(31) * 86400000;
    struct kit k;
    char id[32];

    (void)state;
    kit_open(&k);
    for (int i = 0; i < OUTBOX_KEPT_MAX + 5; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        kit_put(&k, id, A, NOON);
        kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_DELIVERED, 0);
    }
    kit_put(&k, "evt_waits", A, NOON);
    kit_put(&k, "evt_waits", B, NOON);
    sweep(&k, NOON);
    assert_int_equal(kit_count(&k, A), OUTBOX_KEPT_MAX + 1);
    sweep(&k, later);
    assert_int_equal(kit_count(&k, A), 1);
    assert_int_equal(kit_count(&k, B), 1);
    kit_close(&k);
}

static void put_letter(struct kit *k, const char *id, const char *type)
{
    struct outbox_event e = kit_event(id);

    e.type = str_from(type);
    assert_ok(outbox_put(k->o, &e, LETTERS, NOON));
}

static void letters_that_may_be_put_again_are_known_for_8_days(void **state)
{
    static const char *const types[] = {"mail.digest", "mail.report", "mail.alert"};
    const int64_t day = INT64_C(86400000);
    struct kit k;
    char id[32];

    (void)state;
    kit_open(&k);
    for (int i = 0; i < 3 * (OUTBOX_KEPT_MAX + 1); i++) {
        snprintf(id, sizeof id, "mail_%d", i);
        assert_ok(outbox_begin(k.o));
        put_letter(&k, id, types[i % 3]);
        assert_ok(outbox_commit(k.o));
        kit_tried(&k, kit_next(&k, LETTERS).no, NOON, OUTBOX_DELIVERED, 0);
    }
    sweep(&k, NOON + 7 * day);
    assert_int_equal(kit_count(&k, LETTERS), 3 * OUTBOX_KEPT_MAX + 2);
    assert_ok(outbox_begin(k.o));
    put_letter(&k, "mail_0", "mail.digest");
    assert_ok(outbox_commit(k.o));
    assert_true(kit_none_waits(&k, LETTERS));
    sweep(&k, NOON + 9 * day);
    assert_int_equal(kit_count(&k, LETTERS), OUTBOX_KEPT_MAX);
    kit_close(&k);
}

/* ---- whose it is ---- */

static void claim(struct kit *k, const char *id, const char *url)
{
    assert_ok(outbox_claim(k->o, A, str_from(id), str_from(url)));
}

static int64_t failing_since(struct kit *k)
{
    struct outbox_health h = {.pending = 0};

    assert_ok(outbox_health(k->o, A, &h));
    return h.failing_since_ms;
}

static void what_was_anothers_is_not_the_next_ones(void **state)
{
    struct kit k;

    (void)state;
    kit_open(&k);
    claim(&k, "one", "https://one");
    kit_put(&k, "evt_1", A, NOON);
    kit_put(&k, "evt_2", A, NOON);
    kit_put(&k, "evt_1", B, NOON);
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_PENDING, NOON);
    claim(&k, "one", "https://one");
    assert_int_equal(kit_count(&k, A), 2);
    claim(&k, "two", "https://one");
    assert_int_equal(kit_count(&k, A), 0);
    assert_true(kit_none_waits(&k, A));
    assert_err(outbox_again(k.o, A, STR("evt_1"), NOON), KW_ENOTFOUND);
    assert_int_equal(failing_since(&k), 0);
    assert_int_equal(kit_count(&k, B), 1);
    kit_close(&k);
}

static void a_webhook_that_moved_is_not_failing(void **state)
{
    struct kit k;

    (void)state;
    kit_open(&k);
    claim(&k, "one", "https://one");
    kit_put(&k, "evt_1", A, NOON);
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_PENDING, NOON);
    claim(&k, "one", "https://one");
    assert_int_equal(failing_since(&k), NOON);
    claim(&k, "one", "https://elsewhere");
    assert_int_equal(failing_since(&k), 0);
    assert_false(kit_none_waits(&k, A));
    kit_close(&k);
}

static void all_of_it_can_be_forgotten(void **state)
{
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    kit_put(&k, "evt_1", B, NOON);
    kit_put(&k, "letter_1", UINT32_MAX, NOON);
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_PENDING, NOON);
    assert_ok(outbox_forget(k.o));
    assert_int_equal(
        kit_asked(&k, "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM tries) + "
                      "(SELECT count(*) FROM deliveries) + (SELECT count(*) FROM receivers)"),
        0);
    kit_close(&k);
}

int main(void)
{
    SUITE_TEST(an_event_goes_with_its_last_delivery);
    SUITE_TEST(X19_a_sweep_is_done_in_pieces);
    SUITE_TEST(what_is_over_goes);
    SUITE_TEST(letters_that_may_be_put_again_are_known_for_8_days);
    SUITE_TEST(what_was_anothers_is_not_the_next_ones);
    SUITE_TEST(a_webhook_that_moved_is_not_failing);
    SUITE_TEST(all_of_it_can_be_forgotten);
    return suite_run("notify/outbox_forget");
}
