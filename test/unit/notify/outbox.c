/* outbox.c - what is put in comes out, once for each webhook, in its turn; what is over goes; nothing half-done stays. */
#include "notify/outbox.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

#define NOON    INT64_C(1764500000000)
#define LETTERS UINT32_MAX /* in place of a webhook */

enum { A = 1, B = 2, MINUTE = 60000 };

struct room {
    struct folder folder;
    char path[PATH_MAX];
    struct outbox *o;
};

static void open_room(struct room *r)
{
    folder_make(&r->folder);
    snprintf(r->path, sizeof r->path, "%s", folder_file(&r->folder, "outbox.db"));
    assert_ok(outbox_open(r->path, &r->o));
}

static void close_room(struct room *r)
{
    outbox_close(r->o);
    folder_remove(&r->folder);
}

static struct outbox_event event(const char *id)
{
    return (struct outbox_event){.id = str_from(id),
                                 .type = STR("key.created"),
                                 .account = STR("acme"),
                                 .created_ms = NOON,
                                 .body = STR("{\"a\":1}")};
}

static void put(struct room *r, const char *id, uint32_t webhook, int64_t now_ms)
{
    struct outbox_event e = event(id);

    assert_ok(outbox_begin(r->o));
    assert_ok(outbox_put(r->o, &e, webhook, now_ms));
    assert_ok(outbox_commit(r->o));
}

static struct outbox_delivery next(struct room *r, uint32_t webhook)
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    struct outbox_delivery d;

    assert_ok(outbox_next(r->o, webhook, &body, &d));
    assert_str(buf_view(&body), STR("{\"a\":1}"));
    return d;
}

static bool none_waits(struct room *r, uint32_t webhook)
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    struct outbox_delivery d;
    int64_t ms;

    enum kw_err err = outbox_next(r->o, webhook, &body, &d);
    assert_err(outbox_due(r->o, webhook, &ms), err);
    return err == KW_ENOTFOUND;
}

static enum kw_err take(void *ctx, const struct outbox_delivery *d)
{
    *(struct outbox_delivery *)ctx = *d;
    return KW_OK;
}

static struct outbox_delivery numbered(struct room *r, uint64_t no)
{
    static const uint32_t webhooks[] = {A, B, LETTERS};
    struct outbox_delivery d = {.no = 0};

    for (size_t i = 0; i < COUNT_OF(webhooks) && d.no != no; i++)
        assert_ok(outbox_list(r->o, webhooks[i], no + 1, 1, take, &d));
    assert_int_equal(d.no, no);
    return d;
}

static struct outbox_health tried(struct room *r, uint64_t no, int64_t time_ms,
                                  enum outbox_state state, int64_t next_ms)
{
    struct outbox_try t = {.time_ms = time_ms, .status = 500, .took_ms = 12, .error = "no"};
    struct outbox_health h = {.pending = 0};

    const struct outbox_delivery d = numbered(r, no);
    assert_ok(outbox_tried(r->o, &d, &t, state, next_ms, &h));
    return h;
}

static void an_event_is_delivered_once_to_each_webhook(void **state)
{
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    put(&r, "evt_1", A, NOON); /* fed again */
    put(&r, "evt_1", B, NOON);
    struct outbox_delivery d = next(&r, A);
    assert_string_equal(d.event, "evt_1");
    assert_string_equal(d.type, "key.created");
    assert_int_equal(tried(&r, d.no, NOON, OUTBOX_DELIVERED, 0).pending, 0);
    assert_true(none_waits(&r, A));
    put(&r, "evt_1", A, NOON);
    assert_true(none_waits(&r, A));
    assert_string_equal(next(&r, B).event, "evt_1");
    close_room(&r);
}

static void who_is_due_first_is_next(void **state)
{
    struct room r;
    int64_t due;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    put(&r, "evt_2", A, NOON + 1);
    struct outbox_delivery d = next(&r, A);
    assert_string_equal(d.event, "evt_1");
    tried(&r, d.no, NOON, OUTBOX_PENDING, NOON + MINUTE);
    assert_string_equal(next(&r, A).event, "evt_2");
    tried(&r, next(&r, A).no, NOON, OUTBOX_DELIVERED, 0);
    d = next(&r, A);
    assert_string_equal(d.event, "evt_1");
    assert_int_equal(d.tries, 1);
    assert_ok(outbox_due(r.o, A, &due));
    assert_int_equal(due, NOON + MINUTE);
    close_room(&r);
}

static void failures_count_from_the_first_one_to_a_success(void **state)
{
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    put(&r, "evt_2", A, NOON);
    uint64_t first = next(&r, A).no;
    assert_int_equal(tried(&r, first, NOON + 5, OUTBOX_PENDING, NOON).failing_since_ms, NOON + 5);
    assert_int_equal(tried(&r, first, NOON + 9, OUTBOX_PENDING, NOON).failing_since_ms, NOON + 5);
    assert_int_equal(tried(&r, first, NOON + 9, OUTBOX_DELIVERED, 0).failing_since_ms, 0);
    struct outbox_health h = tried(&r, next(&r, A).no, NOON + 20, OUTBOX_FAILED, 0);
    assert_int_equal(h.failing_since_ms, NOON + 20);
    assert_int_equal(h.pending, 0);
    assert_ok(outbox_give_up(r.o, A));
    assert_ok(outbox_health(r.o, A, &h));
    assert_int_equal(h.failing_since_ms, 0);
    close_room(&r);
}

static void X19_a_dead_receiver_fills_its_own_room_and_no_more(void **state)
{
    struct outbox_health h = {.pending = 0};
    struct room r;
    char id[32];

    (void)state;
    open_room(&r);
    assert_ok(outbox_begin(r.o));
    for (int i = 0; i < OUTBOX_PENDING_MAX + 3; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        struct outbox_event e = event(id);
        assert_ok(outbox_put(r.o, &e, A, NOON));
    }
    assert_ok(outbox_commit(r.o));
    put(&r, "evt_0", B, NOON);
    assert_ok(outbox_health(r.o, A, &h));
    assert_int_equal(h.pending, OUTBOX_PENDING_MAX);
    assert_int_equal(h.given_up, 3);
    assert_string_equal(next(&r, A).event, "evt_3");
    assert_string_equal(next(&r, B).event, "evt_0");
    close_room(&r);
}

/* ---- killed ---- */

static void place_goes_with_what_was_fed(void **state)
{
    const struct outbox_place at = {7, UINT64_MAX};
    struct outbox_event e = event("evt_1");
    struct outbox_place found;
    struct room r;

    (void)state;
    open_room(&r);
    assert_err(outbox_place(r.o, &found), KW_ENOTFOUND);
    assert_ok(outbox_begin(r.o));
    assert_ok(outbox_put(r.o, &e, A, NOON));
    assert_ok(outbox_save_place(r.o, &at));
    outbox_rollback(r.o);
    assert_err(outbox_place(r.o, &found), KW_ENOTFOUND);
    assert_true(none_waits(&r, A));
    assert_err(outbox_put(r.o, &e, A, NOON), KW_EINVAL);
    assert_ok(outbox_begin(r.o));
    assert_ok(outbox_put(r.o, &e, A, NOON));
    assert_ok(outbox_save_place(r.o, &at));
    assert_ok(outbox_commit(r.o));
    assert_ok(outbox_place(r.o, &found));
    assert_int_equal(found.n, 7);
    assert_true(found.mark == UINT64_MAX);
    close_room(&r);
}

/* A process that dies with the file open, at whatever step: 0 in the midst of feeding, 1 fed, 2 sent and not written down. */
static void die_at(const struct room *r, int step)
{
    struct outbox_event e = event("evt_1");
    struct outbox *o;

    if (outbox_open(r->path, &o) != KW_OK || outbox_begin(o) != KW_OK ||
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
    struct room r;
    int status;

    open_room(&r);
    outbox_close(r.o);
    pid_t pid = fork();
    if (pid == 0)
        die_at(&r, row->at);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_ok(outbox_open(r.path, &r.o));
    assert_int_equal(none_waits(&r, A), row->at == 0);
    put(&r, "evt_1", A, NOON); /* the feed goes on where its place is */
    assert_string_equal(next(&r, A).event, "evt_1");
    tried(&r, next(&r, A).no, NOON, OUTBOX_DELIVERED, 0);
    assert_true(none_waits(&r, A));
    close_room(&r);
}

/* ---- by hand ---- */

static void a_delivery_can_be_made_once_more(void **state)
{
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    uint64_t no = next(&r, A).no;
    tried(&r, no, NOON, OUTBOX_DELIVERED, 0);
    assert_err(outbox_again(r.o, B, STR("evt_1"), NOON), KW_ENOTFOUND);
    assert_err(outbox_again(r.o, A, STR("evt_2"), NOON), KW_ENOTFOUND);
    assert_ok(outbox_again(r.o, A, STR("evt_1"), NOON + 5));
    assert_int_equal(next(&r, A).no, no);
    assert_int_equal(next(&r, A).tries, 0);
    assert_int_equal(next(&r, A).next_ms, NOON + 5);
    assert_ok(outbox_again(r.o, A, STR("evt_1"), NOON + 6)); /* it waits already: it comes at once */
    assert_int_equal(tried(&r, no, NOON + 7, OUTBOX_DELIVERED, 0).pending, 0);
    close_room(&r);
}

static void put_test(struct room *r, const char *id, int64_t now_ms)
{
    struct outbox_event e = event(id);

    e.type = STR("webhook.test");
    assert_ok(outbox_begin(r->o));
    assert_ok(outbox_put(r->o, &e, A, now_ms));
    assert_ok(outbox_commit(r->o));
}

static void tests_are_counted(void **state)
{
    struct outbox_tests n;
    struct room r;

    (void)state;
    open_room(&r);
    put_test(&r, "evt_1", NOON);
    put_test(&r, "evt_2", NOON + 5);
    put(&r, "evt_3", A, NOON + 5);
    put_test(&r, "evt_4", NOON + MINUTE); /* the clock was set back since */
    tried(&r, next(&r, A).no, NOON, OUTBOX_DELIVERED, 0);
    assert_ok(outbox_tests(r.o, A, NOON, NOON + 9, &n));
    assert_int_equal(n.waiting, 2);
    assert_int_equal(n.since, 2);
    assert_ok(outbox_tests(r.o, A, NOON + 1, NOON + 9, &n));
    assert_int_equal(n.since, 1);
    assert_ok(outbox_tests(r.o, B, NOON, NOON + 9, &n));
    assert_int_equal(n.waiting + n.since, 0);
    close_room(&r);
}

static void what_was_given_up_meanwhile_does_not_come_back(void **state)
{
    const struct outbox_try t = {.time_ms = NOON, .error = "no"};
    struct outbox_health h;
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    struct outbox_delivery d = next(&r, A);
    assert_ok(outbox_give_up(r.o, A));
    assert_ok(outbox_tried(r.o, &d, &t, OUTBOX_PENDING, NOON + 1, &h));
    assert_true(none_waits(&r, A));
    assert_int_equal(h.pending, 0);
    assert_int_equal(h.failing_since_ms, 0);
    assert_ok(outbox_tried(r.o, &d, &t, OUTBOX_DELIVERED, 0, &h)); /* it is true all the same */
    assert_int_equal(numbered(&r, d.no).state, OUTBOX_DELIVERED);
    assert_int_equal(h.pending, 0);
    close_room(&r);
}

static void what_was_asked_for_anew_meanwhile_is_tried_as_often_as_the_first_time(void **state)
{
    const struct outbox_try t = {.time_ms = NOON, .error = "no"};
    struct outbox_health h;
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    tried(&r, next(&r, A).no, NOON, OUTBOX_PENDING, NOON);
    struct outbox_delivery d = next(&r, A);
    assert_ok(outbox_again(r.o, A, STR("evt_1"), NOON + 5));
    assert_ok(outbox_tried(r.o, &d, &t, OUTBOX_FAILED, 0, &h));
    assert_int_equal(next(&r, A).tries, 0);
    assert_int_equal(next(&r, A).next_ms, NOON + 5);
    assert_int_equal(h.pending, 1);
    close_room(&r);
}

static void what_waits_is_given_up_when_a_webhook_is_off(void **state)
{
    struct outbox_health h = {.pending = 0};
    uint32_t slots[4];
    size_t n = 0;
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    put(&r, "evt_1", B, NOON);
    assert_ok(outbox_receivers(r.o, slots, 1, &n));
    assert_int_equal(n, 1);
    assert_ok(outbox_receivers(r.o, slots, 4, &n));
    assert_int_equal(n, 2);
    assert_ok(outbox_give_up(r.o, A));
    assert_true(none_waits(&r, A));
    assert_ok(outbox_receivers(r.o, slots, 4, &n));
    assert_int_equal(n, 1);
    assert_int_equal(slots[0], B);
    assert_false(none_waits(&r, B));
    assert_ok(outbox_health(r.o, A, &h));
    assert_int_equal(h.pending, 0);
    close_room(&r);
}

/* ---- looked at ---- */

struct seen {
    struct room *room;
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
    return outbox_tries(s->room->o, d->no, see_try, s);
}

static void deliveries_are_listed_with_their_tries_newest_first(void **state)
{
    struct room r;
    struct seen s = {.room = &r};

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    put(&r, "evt_2", A, NOON);
    put(&r, "evt_3", B, NOON);
    for (int i = 0; i < OUTBOX_TRIES_KEPT + 4; i++)
        tried(&r, next(&r, A).no, NOON + i, OUTBOX_PENDING, NOON);
    assert_ok(outbox_list(r.o, A, 0, 10, see, &s));
    assert_int_equal(s.n, 2);
    assert_int_equal(s.n_tries, OUTBOX_TRIES_KEPT);
    assert_int_equal(s.last_try.time_ms, NOON + OUTBOX_TRIES_KEPT + 3);
    assert_int_equal(s.last_try.status, 500);
    assert_string_equal(s.last_try.error, "no");
    s = (struct seen){.room = &r};
    assert_ok(outbox_list(r.o, A, 0, 1, see, &s));
    assert_int_equal(s.n, 1);
    assert_ok(outbox_list(r.o, A, s.last, 1, see, &s));
    assert_int_equal(s.n, 2);
    close_room(&r);
}

static unsigned count(struct room *r, uint32_t webhook)
{
    struct seen s = {.room = r};

    assert_ok(outbox_list(r->o, webhook, 0, 5000, see, &s));
    return s.n;
}

static unsigned sweep(struct room *r, int64_t now_ms)
{
    bool is_over = false;
    unsigned pieces = 0;
    uint64_t at = 0;

    while (!is_over) {
        assert_ok(outbox_sweep(r->o, &at, now_ms, &is_over));
        assert_true(pieces++ < 100);
    }
    return pieces;
}

/* One number of a file that is looked into from the side. */
static int asked(const struct room *r, const char *text)
{
    sqlite3 *db;
    sqlite3_stmt *st;

    assert_int_equal(sqlite3_open(r->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, text, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int n = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(db);
    return n;
}

static void an_event_goes_with_its_last_delivery(void **state)
{
    const int64_t later = NOON + INT64_C(31) * 86400000;
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    put(&r, "evt_1", B, NOON);
    tried(&r, next(&r, A).no, NOON, OUTBOX_DELIVERED, 0);
    sweep(&r, later);
    assert_int_equal(asked(&r, "SELECT count(*) FROM events"), 1);
    assert_int_equal(asked(&r, "SELECT count(*) FROM tries"), 0);
    tried(&r, next(&r, B).no, NOON, OUTBOX_FAILED, 0);
    sweep(&r, later);
    assert_int_equal(asked(&r, "SELECT count(*) FROM events"), 0);
    close_room(&r);
}

static void X19_a_sweep_is_done_in_pieces(void **state)
{
    struct outbox_event e;
    uint64_t at = 1;
    bool is_over;
    struct room r;
    char id[32];

    (void)state;
    open_room(&r);
    assert_ok(outbox_begin(r.o));
    for (int i = 0; i < OUTBOX_KEPT_MAX + 1000; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        e = event(id);
        assert_ok(outbox_put(r.o, &e, A, NOON));
    }
    assert_ok(outbox_commit(r.o));
    assert_ok(outbox_give_up(r.o, A));
    assert_ok(outbox_sweep(r.o, &at, NOON, &is_over));
    assert_false(is_over);
    assert_in_range(count(&r, A), OUTBOX_KEPT_MAX + 500, OUTBOX_KEPT_MAX + 999);
    assert_true(sweep(&r, NOON) > 4);
    assert_int_equal(count(&r, A), OUTBOX_KEPT_MAX);
    close_room(&r);
}

static void X19_what_is_put_makes_room_for_itself(void **state)
{
    struct outbox_event e;
    struct room r;
    char id[32];

    (void)state;
    open_room(&r);
    assert_ok(outbox_begin(r.o));
    for (int i = 0; i < OUTBOX_PENDING_MAX + OUTBOX_KEPT_MAX + 50; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        e = event(id);
        assert_ok(outbox_put(r.o, &e, A, NOON));
    }
    assert_ok(outbox_commit(r.o));
    assert_int_equal(asked(&r, "SELECT count(*) FROM deliveries WHERE state <> 0"), OUTBOX_KEPT_MAX);
    assert_int_equal(asked(&r, "SELECT count(*) FROM events"), OUTBOX_PENDING_MAX + OUTBOX_KEPT_MAX);
    assert_string_equal(next(&r, A).event, "evt_1050");
    close_room(&r);
}

/* ---- whose it is ---- */

static void claim(struct room *r, const char *id, const char *url)
{
    assert_ok(outbox_claim(r->o, A, str_from(id), str_from(url)));
}

static int64_t failing_since(struct room *r)
{
    struct outbox_health h = {.pending = 0};

    assert_ok(outbox_health(r->o, A, &h));
    return h.failing_since_ms;
}

static void what_was_anothers_is_not_the_next_ones(void **state)
{
    struct room r;

    (void)state;
    open_room(&r);
    claim(&r, "one", "https://one");
    put(&r, "evt_1", A, NOON);
    put(&r, "evt_2", A, NOON);
    put(&r, "evt_1", B, NOON);
    tried(&r, next(&r, A).no, NOON, OUTBOX_PENDING, NOON);
    claim(&r, "one", "https://one");
    assert_int_equal(count(&r, A), 2);
    claim(&r, "two", "https://one");
    assert_int_equal(count(&r, A), 0);
    assert_true(none_waits(&r, A));
    assert_err(outbox_again(r.o, A, STR("evt_1"), NOON), KW_ENOTFOUND);
    assert_int_equal(failing_since(&r), 0);
    assert_int_equal(count(&r, B), 1);
    close_room(&r);
}

static void a_webhook_that_moved_is_not_failing(void **state)
{
    struct room r;

    (void)state;
    open_room(&r);
    claim(&r, "one", "https://one");
    put(&r, "evt_1", A, NOON);
    tried(&r, next(&r, A).no, NOON, OUTBOX_PENDING, NOON);
    claim(&r, "one", "https://one");
    assert_int_equal(failing_since(&r), NOON);
    claim(&r, "one", "https://elsewhere");
    assert_int_equal(failing_since(&r), 0);
    assert_false(none_waits(&r, A));
    close_room(&r);
}

static void all_of_it_can_be_forgotten(void **state)
{
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    put(&r, "evt_1", B, NOON);
    put(&r, "letter_1", UINT32_MAX, NOON);
    tried(&r, next(&r, A).no, NOON, OUTBOX_PENDING, NOON);
    assert_ok(outbox_forget(r.o));
    assert_int_equal(asked(&r,
                           "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM tries) + "
                           "(SELECT count(*) FROM deliveries) + (SELECT count(*) FROM receivers)"),
                     0);
    close_room(&r);
}

static void what_is_over_goes(void **state)
{
    const int64_t later = NOON + INT64_C(31) * 86400000;
    struct room r;
    char id[32];

    (void)state;
    open_room(&r);
    for (int i = 0; i < OUTBOX_KEPT_MAX + 5; i++) {
        snprintf(id, sizeof id, "evt_%d", i);
        put(&r, id, A, NOON);
        tried(&r, next(&r, A).no, NOON, OUTBOX_DELIVERED, 0);
    }
    put(&r, "evt_waits", A, NOON);
    put(&r, "evt_waits", B, NOON);
    sweep(&r, NOON);
    assert_int_equal(count(&r, A), OUTBOX_KEPT_MAX + 1);
    sweep(&r, later);
    assert_int_equal(count(&r, A), 1);
    assert_int_equal(count(&r, B), 1);
    close_room(&r);
}

static void put_of(struct room *r, const char *id, const char *type, const char *account)
{
    struct outbox_event e = event(id);

    e.type = str_from(type);
    e.account = str_from(account);
    assert_ok(outbox_put(r->o, &e, A, NOON));
}

static void put_letter(struct room *r, const char *id, const char *type)
{
    struct outbox_event e = event(id);

    e.type = str_from(type);
    assert_ok(outbox_put(r->o, &e, LETTERS, NOON));
}

static void letters_that_may_be_put_again_are_known_for_8_days(void **state)
{
    static const char *const types[] = {"mail.digest", "mail.report", "mail.alert"};
    const int64_t day = INT64_C(86400000);
    struct room r;
    char id[32];

    (void)state;
    open_room(&r);
    for (int i = 0; i < 3 * (OUTBOX_KEPT_MAX + 1); i++) {
        snprintf(id, sizeof id, "mail_%d", i);
        assert_ok(outbox_begin(r.o));
        put_letter(&r, id, types[i % 3]);
        assert_ok(outbox_commit(r.o));
        tried(&r, next(&r, LETTERS).no, NOON, OUTBOX_DELIVERED, 0);
    }
    sweep(&r, NOON + 7 * day);
    assert_int_equal(count(&r, LETTERS), 3 * OUTBOX_KEPT_MAX + 2);
    assert_ok(outbox_begin(r.o));
    put_letter(&r, "mail_0", "mail.digest");
    assert_ok(outbox_commit(r.o));
    assert_true(none_waits(&r, LETTERS));
    sweep(&r, NOON + 9 * day);
    assert_int_equal(count(&r, LETTERS), OUTBOX_KEPT_MAX);
    close_room(&r);
}

static void an_account_has_its_own_room(void **state)
{
    uint32_t n = 9;
    struct room r;

    (void)state;
    open_room(&r);
    assert_err(outbox_limit(r.o, A, STR("acme"), 2, &n), KW_EINVAL);
    assert_ok(outbox_begin(r.o));
    put_of(&r, "mail_1", "mail.alert", "shop");
    put_of(&r, "mail_2", "mail.alert", "acme");
    put_of(&r, "mail_3", "mail.alert", "acme");
    assert_ok(outbox_limit(r.o, A, STR("acme"), 2, &n));
    assert_int_equal(n, 0);
    put_of(&r, "mail_4", "mail.alert", "acme");
    assert_ok(outbox_limit(r.o, A, STR("acme"), 2, &n));
    assert_int_equal(n, 1);
    assert_ok(outbox_commit(r.o));
    assert_string_equal(next(&r, A).event, "mail_1");
    struct outbox_health h = tried(&r, next(&r, A).no, NOON, OUTBOX_DELIVERED, 0);
    assert_int_equal(h.pending, 2);
    assert_int_equal(h.given_up, 1);
    assert_string_equal(next(&r, A).event, "mail_3");
    close_room(&r);
}

/* The file was moved aside while something was on its way, and numbers begin anew. */
static void what_became_of_one_is_not_written_to_another(void **state)
{
    const struct outbox_try t = {.time_ms = NOON};
    struct outbox_health h;
    struct room r;

    (void)state;
    open_room(&r);
    put(&r, "evt_1", A, NOON);
    struct outbox_delivery before = next(&r, A);
    outbox_close(r.o);
    assert_ok(outbox_move_aside(r.path));
    assert_ok(outbox_open(r.path, &r.o));
    put(&r, "evt_2", A, NOON);
    assert_int_equal(next(&r, A).no, before.no);
    assert_err(outbox_tried(r.o, &before, &t, OUTBOX_DELIVERED, 0, &h), KW_ENOTFOUND);
    assert_string_equal(next(&r, A).event, "evt_2");
    assert_int_equal(next(&r, A).tries, 0);
    close_room(&r);
}

static void days_and_digests_have_places_of_their_own(void **state)
{
    int32_t day = 0;
    struct room r;

    (void)state;
    open_room(&r);
    assert_err(outbox_digest_day(r.o, &day), KW_ENOTFOUND);
    assert_err(outbox_day(r.o, &day), KW_ENOTFOUND);
    assert_ok(outbox_save_digest_day(r.o, 19999));
    assert_ok(outbox_save_digest_day(r.o, 20000));
    assert_ok(outbox_save_day(r.o, 19000));
    assert_ok(outbox_digest_day(r.o, &day));
    assert_int_equal(day, 20000);
    assert_ok(outbox_day(r.o, &day));
    assert_int_equal(day, 19000);
    close_room(&r);
}

static void a_file_that_is_none_of_ours_is_refused_and_can_be_moved_aside(void **state)
{
    struct room r;
    struct outbox *o = NULL;

    (void)state;
    open_room(&r);
    outbox_close(r.o);
    r.o = NULL;
    assert_ok(file_replace(r.path,
                           STR("this is no database, and long enough to be sure of that: "
                               "0123456789012345678901234567890123456789"),
                           0600));
    enum kw_err err = outbox_open(r.path, &o);
    assert_true(err == KW_EFORMAT || err == KW_EDAMAGED);
    assert_null(o);
    assert_ok(outbox_move_aside(r.path));
    assert_ok(outbox_open(r.path, &r.o));
    close_room(&r);
}

/* Version 1 had no place for the days of the record. */
int main(void)
{
    SUITE_TEST(an_event_is_delivered_once_to_each_webhook);
    SUITE_TEST(who_is_due_first_is_next);
    SUITE_TEST(failures_count_from_the_first_one_to_a_success);
    SUITE_TEST(X19_a_dead_receiver_fills_its_own_room_and_no_more);
    SUITE_TEST(place_goes_with_what_was_fed);
    SUITE_ROWS(H12_what_a_killed_process_left_is_sent_with_the_same_id, steps);
    SUITE_TEST(a_delivery_can_be_made_once_more);
    SUITE_TEST(tests_are_counted);
    SUITE_TEST(what_was_given_up_meanwhile_does_not_come_back);
    SUITE_TEST(what_was_asked_for_anew_meanwhile_is_tried_as_often_as_the_first_time);
    SUITE_TEST(what_waits_is_given_up_when_a_webhook_is_off);
    SUITE_TEST(deliveries_are_listed_with_their_tries_newest_first);
    SUITE_TEST(an_event_goes_with_its_last_delivery);
    SUITE_TEST(X19_a_sweep_is_done_in_pieces);
    SUITE_TEST(X19_what_is_put_makes_room_for_itself);
    SUITE_TEST(what_was_anothers_is_not_the_next_ones);
    SUITE_TEST(a_webhook_that_moved_is_not_failing);
    SUITE_TEST(all_of_it_can_be_forgotten);
    SUITE_TEST(what_is_over_goes);
    SUITE_TEST(letters_that_may_be_put_again_are_known_for_8_days);
    SUITE_TEST(an_account_has_its_own_room);
    SUITE_TEST(what_became_of_one_is_not_written_to_another);
    SUITE_TEST(days_and_digests_have_places_of_their_own);
    SUITE_TEST(a_file_that_is_none_of_ours_is_refused_and_can_be_moved_aside);
    return suite_run("notify/outbox");
}
