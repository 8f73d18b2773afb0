/* outbox.c - what is put in comes out, once for each webhook; nothing half-done stays. */
#include "notify/outbox_kit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"

static void an_event_is_delivered_once_to_each_webhook(void **state)
{
    struct kit k;

    (void)state;
    kit_open(&k);
    kit_put(&k, "evt_1", A, NOON);
    kit_put(&k, "evt_1", A, NOON); /* fed again */
    kit_put(&k, "evt_1", B, NOON);
    struct outbox_delivery d = kit_next(&k, A);
    assert_string_equal(d.event, "evt_1");
    assert_string_equal(d.type, "key.created");
    assert_int_equal(kit_tried(&k, d.no, NOON, OUTBOX_DELIVERED, 0).pending, 0);
    assert_true(kit_none_waits(&k, A));
    kit_put(&k, "evt_1", A, NOON);
    assert_true(kit_none_waits(&k, A));
    assert_string_equal(kit_next(&k, B).event, "evt_1");
    kit_close(&k);
}

static void X19_a_dead_receiver_fills_its_own_room_and_no_more(void **state)
{
    struct outbox_health h = {.pending = 0};
    struct kit k;
    char id[32];

    (void)state;
    kit_open(&k);
    assert_ok(outbox_begin(k.o));
    for (int i = 0; i < OUTBOX_PENDING_MAX + 3; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        struct outbox_event e = kit_event(id);
        assert_ok(outbox_put(k.o, &e, A, NOON));
    }
    assert_ok(outbox_commit(k.o));
    kit_put(&k, "evt_0", B, NOON);
    assert_ok(outbox_health(k.o, A, &h));
    assert_int_equal(h.pending, OUTBOX_PENDING_MAX);
    assert_int_equal(h.given_up, 3);
    assert_string_equal(kit_next(&k, A).event, "evt_3");
    assert_string_equal(kit_next(&k, B).event, "evt_0");
    kit_close(&k);
}

static void X19_what_is_put_makes_room_for_itself(void **state)
{
    struct outbox_event e;
    struct kit k;
    char id[32];

    (void)state;
    kit_open(&k);
    assert_ok(outbox_begin(k.o));
    for (int i = 0; i < OUTBOX_PENDING_MAX + OUTBOX_KEPT_MAX + 50; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        e = kit_event(id);
        assert_ok(outbox_put(k.o, &e, A, NOON));
    }
    assert_ok(outbox_commit(k.o));
    assert_int_equal(kit_asked(&k, "SELECT count(*) FROM deliveries WHERE state <> 0"),
                     OUTBOX_KEPT_MAX);
    assert_int_equal(kit_asked(&k, "SELECT count(*) FROM events"),
                     OUTBOX_PENDING_MAX + OUTBOX_KEPT_MAX);
    assert_string_equal(kit_next(&k, A).event, "evt_1050");
    kit_close(&k);
}

static void put_of(struct kit *k, const char *id, const char *type, const char *account)
{
    struct outbox_event e = kit_event(id);

    e.type = str_from(type);
    e.account = str_from(account);
    assert_ok(outbox_put(k->o, &e, A, NOON));
}

static void an_account_has_its_own_room(void **state)
{
    uint32_t n = 9;
    struct kit k;

    (void)state;
    kit_open(&k);
    assert_err(outbox_limit(k.o, A, STR("acme"), 2, &n), KW_EINVAL);
    assert_ok(outbox_begin(k.o));
    put_of(&k, "mail_1", "mail.alert", "shop");
    put_of(&k, "mail_2", "mail.alert", "acme");
    put_of(&k, "mail_3", "mail.alert", "acme");
    assert_ok(outbox_limit(k.o, A, STR("acme"), 2, &n));
    assert_int_equal(n, 0);
    put_of(&k, "mail_4", "mail.alert", "acme");
    assert_ok(outbox_limit(k.o, A, STR("acme"), 2, &n));
    assert_int_equal(n, 1);
    assert_ok(outbox_commit(k.o));
    assert_string_equal(kit_next(&k, A).event, "mail_1");
    struct outbox_health h = kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_DELIVERED, 0);
    assert_int_equal(h.pending, 2);
    assert_int_equal(h.given_up, 1);
    assert_string_equal(kit_next(&k, A).event, "mail_3");
    kit_close(&k);
}

/* ---- places, and what a killed process left ---- */

static void place_goes_with_what_was_fed(void **state)
{
    const struct outbox_place at = {7, UINT64_MAX};
    struct outbox_event e = kit_event("evt_1");
    struct outbox_place found;
    struct kit k;

    (void)state;
    kit_open(&k);
    assert_err(outbox_place(k.o, &found), KW_ENOTFOUND);
    assert_ok(outbox_begin(k.o));
    assert_ok(outbox_put(k.o, &e, A, NOON));
    assert_ok(outbox_save_place(k.o, &at));
    outbox_rollback(k.o);
    assert_err(outbox_place(k.o, &found), KW_ENOTFOUND);
    assert_true(kit_none_waits(&k, A));
    assert_err(outbox_put(k.o, &e, A, NOON), KW_EINVAL);
    assert_ok(outbox_begin(k.o));
    assert_ok(outbox_put(k.o, &e, A, NOON));
    assert_ok(outbox_save_place(k.o, &at));
    assert_ok(outbox_commit(k.o));
    assert_ok(outbox_place(k.o, &found));
    assert_int_equal(found.n, 7);
    assert_true(found.mark == UINT64_MAX);
    kit_close(&k);
}

/* A process that dies with the file open, at whatever step: 0 in the midst of feeding, 1 fed, 2 sent and not written down. */
static void die_at(const struct kit *k, int step)
{
    struct outbox_event e = kit_event("evt_1");
    struct outbox *o;

    if (outbox_open(k->path, &o) != KW_OK || outbox_begin(o) != KW_OK ||
        outbox_put(o, &e, A, NOON) != KW_OK)
        _exit(1);
    if (step > 0 && outbox_commit(o) != KW_OK)
        _exit(1);
    _exit(0);
}

static const struct step {
    const char *why;
    int at;
} steps[] = {{"in the midst of feeding", 0}, {"fed", 1}, {"sent, and not written down", 2}};

static void H12_what_a_killed_process_left_is_sent_with_the_same_id(void **state)
{
    const struct step *row = *state;
    struct kit k;
    int status;

    kit_open(&k);
    outbox_close(k.o);
    pid_t pid = fork();
    if (pid == 0)
        die_at(&k, row->at);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_ok(outbox_open(k.path, &k.o));
    assert_int_equal(kit_none_waits(&k, A), row->at == 0);
    kit_put(&k, "evt_1", A, NOON); /* the feed goes on where its place is */
    assert_string_equal(kit_next(&k, A).event, "evt_1");
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_DELIVERED, 0);
    assert_true(kit_none_waits(&k, A));
    kit_close(&k);
}

static void days_and_digests_have_places_of_their_own(void **state)
{
    struct outbox_digest d = {.day = 0};
    int32_t day = 0;
    struct kit k;

    (void)state;
    kit_open(&k);
    assert_err(outbox_digest(k.o, &d), KW_ENOTFOUND);
    assert_err(outbox_day(k.o, &day), KW_ENOTFOUND);
    assert_ok(outbox_save_digest(k.o, &(struct outbox_digest){19999, 7}));
    assert_ok(outbox_save_digest(k.o, &(struct outbox_digest){20000, 9}));
    assert_ok(outbox_save_day(k.o, 19000));
    assert_ok(outbox_digest(k.o, &d));
    assert_int_equal(d.day, 20000);
    assert_int_equal(d.until, 9);
    assert_ok(outbox_day(k.o, &day));
    assert_int_equal(day, 19000);
    kit_close(&k);
}

/* ---- the file ---- */

static void a_file_that_is_none_of_ours_is_refused_and_can_be_moved_aside(void **state)
{
    struct kit k;
    struct outbox *o = NULL;

    (void)state;
    kit_open(&k);
    outbox_close(k.o);
    k.o = NULL;
    assert_ok(file_replace(k.path,
                           STR("this is no database, and long enough to be sure of that: "
                               "0123456789012345678901234567890123456789"),
                           0600));
    enum kw_err err = outbox_open(k.path, &o);
    assert_true(err == KW_EFORMAT || err == KW_EDAMAGED);
    assert_null(o);
    assert_ok(outbox_move_aside(k.path));
    assert_ok(outbox_open(k.path, &k.o));
    kit_close(&k);
}

static struct outbox_backlog backlog(struct kit *k, bool of_letters)
{
    struct outbox_backlog b;

    assert_ok(outbox_backlog(k->o, of_letters, &b));
    return b;
}

static void assert_backlog(struct kit *k, bool of_letters, uint64_t waiting, int64_t oldest_ms)
{
    struct outbox_backlog b = backlog(k, of_letters);

    assert_int_equal(b.waiting, waiting);
    assert_int_equal(b.oldest_ms, oldest_ms);
    assert_int_equal(b.given_up, 0);
}

static void put_at(struct kit *k, const char *id, uint32_t webhook, int64_t created_ms)
{
    struct outbox_event e = kit_event(id);

    e.created_ms = created_ms;
    assert_ok(outbox_begin(k->o));
    assert_ok(outbox_put(k->o, &e, webhook, NOON));
    assert_ok(outbox_commit(k->o));
}

static void what_waits_is_counted_for_webhooks_and_for_letters(void **state)
{
    struct kit k;
    uint32_t n;

    (void)state;
    kit_open(&k);
    assert_backlog(&k, false, 0, 0);
    put_at(&k, "evt_1", A, NOON);
    put_at(&k, "evt_2", B, NOON - MINUTE);
    put_at(&k, "mail_1", LETTERS, NOON - INT64_C(2) * MINUTE);
    assert_backlog(&k, false, 2, NOON - MINUTE);
    assert_backlog(&k, true, 1, NOON - INT64_C(2) * MINUTE);
    kit_tried(&k, kit_next(&k, B).no, NOON, OUTBOX_DELIVERED, 0);
    assert_backlog(&k, false, 1, NOON);
    kit_tried(&k, kit_next(&k, A).no, NOON, OUTBOX_PENDING, NOON + MINUTE);
    assert_backlog(&k, false, 1, NOON);
    assert_ok(outbox_begin(k.o));
    assert_ok(outbox_limit(k.o, LETTERS, STR("acme"), 0, &n));
    assert_ok(outbox_commit(k.o));
    assert_int_equal(backlog(&k, true).given_up, 1);
    assert_int_equal(backlog(&k, true).oldest_ms, 0);
    kit_close(&k);
}

/* What is asked every second must not look through all that lies there. */
static void what_waits_is_found_by_an_index(void **state)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    struct kit k;

    (void)state;
    kit_open(&k);
    assert_int_equal(sqlite3_open(k.path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "EXPLAIN QUERY PLAN SELECT min(created_ms) FROM deliveries "
                                        "INDEXED BY deliveries_age WHERE state = 0 AND (webhook = "
                                        "4294967295) = ?1",
                                        -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_non_null(strstr((const char *)sqlite3_column_text(st, 3),
                           "SEARCH deliveries USING INDEX deliveries_age"));
    sqlite3_finalize(st);
    sqlite3_close(db);
    kit_close(&k);
}

int main(void)
{
    SUITE_TEST(an_event_is_delivered_once_to_each_webhook);
    SUITE_TEST(what_waits_is_counted_for_webhooks_and_for_letters);
    SUITE_TEST(what_waits_is_found_by_an_index);
    SUITE_TEST(X19_a_dead_receiver_fills_its_own_room_and_no_more);
    SUITE_TEST(X19_what_is_put_makes_room_for_itself);
    SUITE_TEST(an_account_has_its_own_room);
    SUITE_TEST(place_goes_with_what_was_fed);
    SUITE_ROWS(H12_what_a_killed_process_left_is_sent_with_the_same_id, steps);
    SUITE_TEST(days_and_digests_have_places_of_their_own);
    SUITE_TEST(a_file_that_is_none_of_ours_is_refused_and_can_be_moved_aside);
    return suite_run("notify/outbox");
}
