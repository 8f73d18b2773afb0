/* alert_post.c - who is written to about what, once; and what waits for the digest of its day. */
#include "alerting/alert_post.h"

#include <stdio.h>
#include <stdlib.h>

#include "alerting/alert_doc.h"
#include "suite.h"
#include "sync/house.h"

enum { HOUR = 3600 * 1000 };
#define DAY      INT64_C(20000) /* whose digest is written: from seven o'clock on */
#define BEGIN    (DAY * 24 * HOUR + 7 * (int64_t)HOUR)
#define AFTER    (BEGIN + 24 * (int64_t)HOUR + HOUR / 4 + 1)
#define AN_OWNER "1Q2mK4T9xJ1aMe"
#define AN_ADMIN "2Q2mK4T9xJ1aMe"
#define A_VIEWER "3Q2mK4T9xJ1aMe"
#define OPERATOR "4Q2mK4T9xJ1aMe"
#define NOT_YET  "5Q2mK4T9xJ1aMe"

struct scene {
    struct house house;
    char file[PATH_MAX];
    struct outbox *outbox;
    struct config config;
};

static void join(struct scene *s, const char *id, enum role role, bool is_operator,
                 enum member_state state)
{
    struct member m = room_person(id);

    m.role = role;
    m.is_operator = is_operator;
    m.state = state;
    assert_ok(sync_put_member(s->house.sync, STR("uid:0"), &m, NULL));
}

static void scene_make(struct scene *s)
{
    memset(s, 0, sizeof *s);
    house_make(&s->house);
    join(s, AN_OWNER, ROLE_OWNER, false, MEMBER_ACTIVE);
    join(s, AN_ADMIN, ROLE_ADMIN, false, MEMBER_ACTIVE);
    join(s, A_VIEWER, ROLE_VIEWER, false, MEMBER_ACTIVE);
    join(s, OPERATOR, ROLE_VIEWER, true, MEMBER_ACTIVE);
    join(s, NOT_YET, ROLE_OWNER, false, MEMBER_INVITED);
    snprintf(s->file, sizeof s->file, "%s", house_file(&s->house, "outbox.db"));
    snprintf(s->config.public_url, sizeof s->config.public_url, "https://k.example");
    assert_ok(outbox_open(s->file, &s->outbox));
}

static void scene_clear(struct scene *s)
{
    outbox_close(s->outbox);
    house_clear(&s->house);
}

/* An alert of an account, found at a moment; its id. */
static const char *raise_at(struct scene *s, const char *account, enum severity severity,
                            int64_t at_ms)
{
    static char id[KW_KEY_ID_LEN + 1];
    char text[DOCUMENT_TEXT_MAX];
    struct finding f = {
        .detector = DETECT_NEW_NETWORK, .began_us = at_ms * 1000, .found_us = at_ms * 1000};
    struct alert a;

    snprintf(f.account, sizeof f.account, "%s", account);
    snprintf(f.subject, sizeof f.subject, "%s%lld", account, (long long)at_ms);
    alert_of(&f, severity, ALERT_NOTIFY, &a);
    json_t *object = alert_text(&a);
    a.document.text = (struct str){text, json_dumpb(object, text, sizeof text, JSON_COMPACT)};
    json_decref(object);
    assert_ok(sync_put_document(s->house.sync, STR("watch"), &a.document));
    memcpy(id, a.document.id, sizeof id);
    return id;
}

static void run_in(const char *file, const char *sql)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void post(struct scene *s, const char *alert)
{
    char body[100];

    int n = snprintf(body, sizeof body, "{\"data\":{\"id\":\"%s\"}}", alert);
    assert_ok(outbox_begin(s->outbox));
    assert_ok(alert_post_one(s->outbox, s->house.sync, (struct str){body, (size_t)n}, 1));
    assert_ok(outbox_commit(s->outbox));
}

static void post_digests(struct scene *s, int64_t now_ms)
{
    assert_ok(outbox_begin(s->outbox));
    assert_ok(alert_post_digests(s->outbox, s->house.sync, now_ms));
    assert_ok(outbox_commit(s->outbox));
}

/* Takes the next one out, as sent. False: none waits. */
static bool next(struct scene *s, struct letter *out)
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    const struct outbox_try t = {.time_ms = 1};
    struct outbox_health health;
    struct outbox_delivery d;

    if (outbox_next(s->outbox, ALERT_POST_SLOT, &body, &d) == KW_ENOTFOUND)
        return false;
    assert_ok(alert_post_write(&s->config, s->house.sync, buf_view(&body), out));
    assert_ok(outbox_tried(s->outbox, &d, &t, OUTBOX_DELIVERED, 0, &health));
    return true;
}

static size_t count(struct scene *s)
{
    struct letter l;
    size_t n = 0;

    while (next(s, &l))
        n++;
    return n;
}

static void an_alert_goes_to_who_answers_for_the_account_once(void **state)
{
    struct letter l;
    struct scene s;

    (void)state;
    scene_make(&s);
    const char *id = raise_at(&s, "acme", SEVERITY_HIGH, BEGIN);
    post(&s, id);
    post(&s, id); /* the log is read again */
    assert_true(next(&s, &l));
    assert_string_equal(l.to, "1q2mk4t9xj1ame@example.com");
    assert_string_equal(l.account, "acme");
    assert_non_null(strstr(l.text, "https://k.example/alerts/"));
    assert_true(next(&s, &l));
    assert_string_equal(l.to, "2q2mk4t9xj1ame@example.com");
    assert_false(next(&s, &l));
    scene_clear(&s);
}

static void what_is_no_accounts_goes_to_operators(void **state)
{
    struct letter l;
    struct scene s;

    (void)state;
    scene_make(&s);
    post(&s, raise_at(&s, "", SEVERITY_HIGH, BEGIN));
    assert_true(next(&s, &l));
    assert_string_equal(l.to, "4q2mk4t9xj1ame@example.com");
    assert_false(next(&s, &l));
    scene_clear(&s);
}

static void what_can_wait_is_in_the_digest_of_its_day(void **state)
{
    struct letter l;
    struct scene s;

    (void)state;
    scene_make(&s);
    post(&s, raise_at(&s, "acme", SEVERITY_LOW, BEGIN - 1));
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + HOUR);
    raise_at(&s, "acme", SEVERITY_HIGH, BEGIN + HOUR + 1);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + 24 * (int64_t)HOUR);
    assert_int_equal(count(&s), 0);
    assert_int_equal(alert_post_day(AFTER), DAY);
    assert_int_equal(alert_post_day(AFTER - 2), DAY - 1); /* what is found late is not yet raised */
    post_digests(&s, AFTER);
    post_digests(&s, AFTER + HOUR); /* a restart */
    assert_true(next(&s, &l));
    assert_string_equal(l.subject, "[Keyward] 2 notices since yesterday");
    assert_non_null(strstr(l.text, "https://k.example/alerts\n"));
    assert_int_equal(count(&s), 1); /* the admin's */
    scene_clear(&s);
}

static void the_operators_digest_has_what_is_no_accounts(void **state)
{
    struct letter l;
    struct scene s;

    (void)state;
    scene_make(&s);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN);
    raise_at(&s, "", SEVERITY_LOW, BEGIN + 1);
    post_digests(&s, AFTER);
    size_t n = 0;
    for (; next(&s, &l); n++)
        assert_string_equal(l.subject, "[Keyward] 1 notice since yesterday");
    assert_int_equal(n, 3);
    scene_clear(&s);
}

static void a_day_without_anything_has_no_digest(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    raise_at(&s, "acme", SEVERITY_HIGH, BEGIN);
    post_digests(&s, AFTER);
    assert_int_equal(count(&s), 0);
    scene_clear(&s);
}

static void who_has_gone_gets_nothing_any_more(void **state)
{
    AUTO(buf_deinit) struct buf body = BUF_MAX(OUTBOX_BODY_MAX);
    struct outbox_delivery d;
    struct member m;
    struct letter l;
    struct scene s;

    (void)state;
    scene_make(&s);
    post(&s, raise_at(&s, "", SEVERITY_HIGH, BEGIN));
    struct store *store = sync_lock(s.house.sync);
    assert_ok(store_member(store, STR(OPERATOR), NULL, &m));
    sync_unlock(s.house.sync);
    m.state = MEMBER_REMOVED;
    assert_ok(sync_put_member(s.house.sync, STR("uid:0"), &m, NULL));
    assert_ok(outbox_next(s.outbox, ALERT_POST_SLOT, &body, &d));
    assert_err(alert_post_write(&s.config, s.house.sync, buf_view(&body), &l), KW_ENOTFOUND);
    scene_clear(&s);
}

static void a_body_that_cannot_be_read_is_nobodys_letter(void **state)
{
    static const char *const bodies[] = {"", "{", "{}", "{\"data\":{\"id\":\"7Q2mK4T9xJ1aBd\"}}",
                                         "{\"data\":5}"};
    struct letter l;
    struct scene s;

    (void)state;
    scene_make(&s);
    assert_ok(outbox_begin(s.outbox));
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        assert_ok(alert_post_one(s.outbox, s.house.sync, str_from(bodies[i]), 1));
        assert_err(alert_post_write(&s.config, s.house.sync, str_from(bodies[i]), &l), KW_ENOTFOUND);
    }
    assert_ok(outbox_commit(s.outbox));
    assert_int_equal(count(&s), 0);
    scene_clear(&s);
}

static void who_does_not_hold_is_left_out_and_keeps_no_letter_from_others(void **state)
{
    struct letter l;
    struct scene s;

    (void)state;
    scene_make(&s);
    room_sql(&s.house.room, "UPDATE members SET role = 'viewer' WHERE id = '" AN_OWNER "'", 1);
    post(&s, raise_at(&s, "acme", SEVERITY_HIGH, BEGIN));
    assert_true(next(&s, &l));
    assert_string_equal(l.to, "2q2mk4t9xj1ame@example.com");
    assert_false(next(&s, &l));
    scene_clear(&s);
}

static void what_is_wrong_with_the_store_is_not_laid_to_the_outbox(void **state)
{
    char body[100];
    struct scene s;

    (void)state;
    scene_make(&s);
    int n = snprintf(body, sizeof body, "{\"data\":{\"id\":\"%s\"}}",
                     raise_at(&s, "acme", SEVERITY_HIGH, BEGIN));
    room_sql(&s.house.room, "ALTER TABLE members RENAME TO gone", 0);
    assert_ok(outbox_begin(s.outbox));
    assert_err(alert_post_one(s.outbox, s.house.sync, (struct str){body, (size_t)n}, 1),
               KW_EUNAVAILABLE);
    outbox_rollback(s.outbox);
    scene_clear(&s);
}

static void days_that_passed_meanwhile_have_their_digests(void **state)
{
    const int64_t day = 24 * (int64_t)HOUR;
    struct scene s;

    (void)state;
    scene_make(&s);
    post_digests(&s, AFTER - day);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN - 1); /* raised when that was put already */
    for (int i = 0; i < 9; i++)
        raise_at(&s, "acme", SEVERITY_LOW, BEGIN + i * day);
    post_digests(&s, AFTER + 2 * day);
    assert_int_equal(count(&s), 2 * 3);
    post_digests(&s, AFTER + 2 * day);
    assert_int_equal(count(&s), 0);
    post_digests(&s, AFTER + 100 * day); /* the rest, in the first of the last week */
    assert_int_equal(count(&s), 2);
    scene_clear(&s);
}

/* How many notices the owner's letters tell of, in the order in which they were put: "2 1 ". */
static void assert_told(struct scene *s, const char *want)
{
    const size_t lead = sizeof "[Keyward]";
    char told[64] = "";
    struct letter l;

    while (next(s, &l))
        if (strcmp(l.to, "1q2mk4t9xj1ame@example.com") == 0)
            snprintf(told + strlen(told), sizeof told - strlen(told), "%.*s ",
                     (int)strcspn(l.subject + lead, " "), l.subject + lead);
    assert_string_equal(told, want);
}

static void what_is_raised_late_is_in_the_next_digest_and_in_no_other(void **state)
{
    const int64_t day = 24 * (int64_t)HOUR;
    struct scene s;

    (void)state;
    scene_make(&s);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + day); /* of the next day, and there already */
    post_digests(&s, AFTER);
    assert_told(&s, "1 ");
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + 1);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN - 30 * day);
    raise_at(&s, "acme", SEVERITY_HIGH, BEGIN + 2);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + day + 1);
    post_digests(&s, AFTER + HOUR); /* not twice a day */
    assert_told(&s, "");
    post_digests(&s, AFTER + day);
    assert_told(&s, "4 ");
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + day + 2);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + 2 * day);
    post_digests(&s, AFTER + 4 * day); /* two days had none */
    assert_told(&s, "2 ");
    post_digests(&s, AFTER + 5 * day);
    assert_told(&s, "");
    scene_clear(&s);
}

/* Until the commit nothing of it is there: what was raised meanwhile is in the digest that is put anew. */
static void a_digest_that_was_not_committed_is_put_anew_with_what_came_meanwhile(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN);
    assert_ok(outbox_begin(s.outbox));
    assert_ok(alert_post_digests(s.outbox, s.house.sync, AFTER));
    outbox_close(s.outbox); /* as when it is killed */
    assert_ok(outbox_open(s.file, &s.outbox));
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + 1);
    post_digests(&s, AFTER);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + 2); /* before the letters are written, and not in them */
    assert_told(&s, "2 ");
    post_digests(&s, AFTER + 24 * (int64_t)HOUR);
    assert_told(&s, "1 ");
    scene_clear(&s);
}

/* A clock that was ahead has put the digest of a day to come. */
static void a_clock_that_went_back_loses_none(void **state)
{
    const int64_t day = 24 * (int64_t)HOUR;
    struct scene s;

    (void)state;
    scene_make(&s);
    post_digests(&s, AFTER - day);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN);
    post_digests(&s, AFTER + 2 * day);
    assert_told(&s, "1 ");
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN + day);
    post_digests(&s, AFTER + day);
    assert_told(&s, "");
    post_digests(&s, AFTER + 3 * day);
    assert_told(&s, "1 ");
    scene_clear(&s);
}

static void a_file_of_the_version_before_is_taken_over(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN);
    post_digests(&s, AFTER - 24 * (int64_t)HOUR);
    outbox_close(s.outbox);
    run_in(s.file, "ALTER TABLE digests DROP COLUMN until; PRAGMA user_version = 1");
    assert_ok(outbox_open(s.file, &s.outbox));
    post_digests(&s, AFTER);
    assert_told(&s, "1 ");
    scene_clear(&s);
}

static void no_more_than_seven_days_are_made_up_for(void **state)
{
    const int64_t day = 24 * (int64_t)HOUR;
    struct scene s;

    (void)state;
    scene_make(&s);
    post_digests(&s, AFTER - day);
    for (int i = 0; i < 9; i++)
        raise_at(&s, "acme", SEVERITY_LOW, BEGIN + i * day);
    post_digests(&s, AFTER + 8 * day);
    assert_int_equal(count(&s), 2 * 7);
    scene_clear(&s);
}

static void an_operator_who_answers_for_an_account_has_two_digests(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    join(&s, "6Q2mK4T9xJ1aMe", ROLE_OWNER, true, MEMBER_ACTIVE);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN);
    raise_at(&s, "", SEVERITY_LOW, BEGIN + 1);
    post_digests(&s, AFTER);
    assert_int_equal(count(&s), 3 + 2);
    scene_clear(&s);
}

static void an_alert_that_does_not_hold_keeps_no_digest_from_others(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    raise_at(&s, "acme", SEVERITY_LOW, BEGIN);
    raise_at(&s, "shop", SEVERITY_LOW, BEGIN + 1);
    room_sql(&s.house.room, "UPDATE documents SET state = 'resolved' WHERE account = 'shop'", 1);
    post_digests(&s, AFTER);
    assert_int_equal(count(&s), 2);
    scene_clear(&s);
}

static void one_account_pushes_out_no_letters_of_another(void **state)
{
    struct outbox_health h;
    struct letter l;
    struct scene s;

    (void)state;
    scene_make(&s);
    post(&s, raise_at(&s, "", SEVERITY_HIGH, BEGIN));
    for (int i = 0; i < ALERT_POST_WAIT_MAX; i++)
        post(&s, raise_at(&s, "acme", SEVERITY_HIGH, BEGIN + i));
    assert_ok(outbox_health(s.outbox, ALERT_POST_SLOT, &h));
    assert_int_equal(h.pending, ALERT_POST_WAIT_MAX + 1);
    assert_int_equal(h.given_up, ALERT_POST_WAIT_MAX);
    assert_true(next(&s, &l));
    assert_string_equal(l.to, "4q2mk4t9xj1ame@example.com");
    scene_clear(&s);
}

int main(void)
{
    SUITE_TEST(an_alert_goes_to_who_answers_for_the_account_once);
    SUITE_TEST(what_is_no_accounts_goes_to_operators);
    SUITE_TEST(what_can_wait_is_in_the_digest_of_its_day);
    SUITE_TEST(the_operators_digest_has_what_is_no_accounts);
    SUITE_TEST(a_day_without_anything_has_no_digest);
    SUITE_TEST(who_has_gone_gets_nothing_any_more);
    SUITE_TEST(a_body_that_cannot_be_read_is_nobodys_letter);
    SUITE_TEST(who_does_not_hold_is_left_out_and_keeps_no_letter_from_others);
    SUITE_TEST(what_is_wrong_with_the_store_is_not_laid_to_the_outbox);
    SUITE_TEST(days_that_passed_meanwhile_have_their_digests);
    SUITE_TEST(what_is_raised_late_is_in_the_next_digest_and_in_no_other);
    SUITE_TEST(a_digest_that_was_not_committed_is_put_anew_with_what_came_meanwhile);
    SUITE_TEST(a_clock_that_went_back_loses_none);
    SUITE_TEST(a_file_of_the_version_before_is_taken_over);
    SUITE_TEST(no_more_than_seven_days_are_made_up_for);
    SUITE_TEST(an_operator_who_answers_for_an_account_has_two_digests);
    SUITE_TEST(an_alert_that_does_not_hold_keeps_no_digest_from_others);
    SUITE_TEST(one_account_pushes_out_no_letters_of_another);
    return suite_run("alerting/alert_post");
}
