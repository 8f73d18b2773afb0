/* alerting.c - what is found is raised once, and what it asks for is done once, whatever is interrupted. */
#include "server/alerting.h"

#include <stdio.h>
#include <time.h>

#include "server/document_out.h"
#include "suite.h"
#include "sync/house.h"

struct scene {
    struct house house;
    struct alerting alerting;
    struct tally tally;
    struct grant key;
    char text[KEY_MAX];
};

static void scene_make(struct scene *s)
{
    house_make(&s->house);
    s->key = house_key(&s->house, 1, s->text);
    memset(&s->tally, 0, sizeof s->tally);
    s->alerting = (struct alerting){.sync = s->house.sync, .tally = &s->tally};
}

static struct finding spike(const struct scene *s, int64_t began_us)
{
    struct finding f = {.detector = DETECT_USAGE_SPIKE,
                        .account = "acme",
                        .environment = KW_SANDBOX,
                        .began_us = began_us,
                        .found_us = began_us + 1000};

    memcpy(f.subject, s->key.id, sizeof s->key.id);
    memcpy(f.key_id, s->key.id, sizeof s->key.id);
    finding_number(&f, "requests", 4800);
    finding_text(&f, "country", STR("NG"));
    return f;
}

struct list {
    struct alert newest;
    size_t n;
};

static enum kw_err take(void *ctx, const struct document *d)
{
    struct list *l = ctx;

    if (l->n++ == 0)
        assert_ok(alert_read(d, &l->newest));
    return KW_OK;
}

static struct list alerts(struct scene *s)
{
    const struct store_document_filter f = {.kind = DOCUMENT_ALERT};
    struct list l = {.n = 0};

    struct store *store = sync_lock(s->house.sync);
    assert_ok(store_documents(store, &f, take, &l));
    sync_unlock(s->house.sync);
    return l;
}

static enum kw_err raise_it(struct scene *s, const struct finding *f, enum alert_action action)
{
    return alerting_raise(&s->alerting, f, SEVERITY_HIGH, action);
}

/* ---- */

static void an_alert_tells_what_was_found(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000);
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    struct list l = alerts(&s);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.newest.document.state, "open");
    assert_string_equal(l.newest.document.account, "acme");
    assert_string_equal(l.newest.document.key, s.key.id);
    assert_int_equal(l.newest.finding.detector, DETECT_USAGE_SPIKE);
    assert_int_equal(l.newest.severity, SEVERITY_HIGH);
    assert_int_equal(l.newest.finding.environment, KW_SANDBOX);
    assert_int_equal(l.newest.finding.n_facts, 2);
    assert_string_equal(l.newest.finding.facts[0].name, "requests");
    assert_int_equal(l.newest.finding.facts[0].number, 4800);
    assert_string_equal(l.newest.finding.facts[1].text, "NG");
    assert_int_equal(l.newest.deed, ALERT_NO_DEED);
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_ALLOWED);
    house_clear(&s.house);
}

static void the_same_finding_is_raised_once(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000);
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    assert_int_equal(alerts(&s).n, 1);
    assert_int_equal(tally_read(&s.tally.alerts[DETECT_USAGE_SPIKE][SEVERITY_HIGH]), 1);
    assert_int_equal(tally_read(&s.tally.alerts_open[SEVERITY_HIGH]), 1);
    house_clear(&s.house);
}

static void what_is_found_again_is_counted_once_an_hour(void **state)
{
    const int64_t hour_us = 3600 * 1000000LL;
    struct scene s;

    (void)state;
    scene_make(&s);
    for (int i = 0; i < 12; i++) {
        struct finding f = spike(&s, 1000000 + i * hour_us / 4);
        assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    }
    struct list l = alerts(&s);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.newest.times, 3);
    house_clear(&s.house);
}

static void set_state(struct scene *s, struct alert *a, const char *word)
{
    char text[DOCUMENT_TEXT_MAX];
    json_t *object = alert_text(a);

    size_t n = json_dumpb(object, text, sizeof text, JSON_COMPACT);
    json_decref(object);
    a->document.text = (struct str){text, n};
    snprintf(a->document.state, sizeof a->document.state, "%s", word);
    assert_ok(sync_put_document(s->house.sync, STR("member:1"), &a->document));
}

static void after_it_was_resolved_it_is_a_new_one(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000), before = spike(&s, 2000000);
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    struct list l = alerts(&s);
    set_state(&s, &l.newest, "resolved");
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY)); /* the record is counted anew */
    assert_int_equal(alerts(&s).n, 1);
    assert_ok(raise_it(&s, &before, ALERT_NOTIFY)); /* it was counted then */
    assert_int_equal(alerts(&s).n, 1);
    struct finding later = spike(&s, sync_now_us(s.house.sync) + 1000000);
    assert_ok(raise_it(&s, &later, ALERT_NOTIFY));
    assert_int_equal(alerts(&s).n, 2);
    house_clear(&s.house);
}

/* ---- what it does ---- */

static void a_key_is_disabled_at_once_and_can_be_given_back(void **state)
{
    struct grant g;
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000);
    assert_ok(raise_it(&s, &f, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    struct list l = alerts(&s);
    assert_int_equal(l.newest.deed, ALERT_DONE);
    struct store *store = sync_lock(s.house.sync);
    assert_ok(store_key(store, str_from(s.key.id), NULL, &g));
    sync_unlock(s.house.sync);
    assert_true(alert_undo(&l.newest.taken, &g));
    assert_ok(house_change(&s.house, &g));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_ALLOWED);
    house_clear(&s.house);
}

/* The process ended between the alert and its deed: the alert says what is to be done, and nothing was. */
static void a_deed_that_was_interrupted_is_done(void **state)
{
    struct alert a;
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000);
    alert_of(&f, SEVERITY_HIGH, ALERT_READ_ONLY, &a);
    a.deed = ALERT_TO_DO;
    a.taken = (struct alert_taken){ALERT_READ_ONLY, KW_FULL_ACCESS, 0};
    set_state(&s, &a, "open");
    assert_ok(alerting_resume(&s.alerting));
    assert_ok(alerting_resume(&s.alerting));
    assert_ok(raise_it(&s, &f, ALERT_READ_ONLY));
    struct list l = alerts(&s);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.newest.deed, ALERT_DONE);
    assert_int_equal(l.newest.taken.permissions, KW_FULL_ACCESS);
    house_clear(&s.house);
}

static enum kw_err take_pending(void *ctx, const struct document *d)
{
    size_t *n = ctx;
    struct alert a;

    assert_ok(alert_read(d, &a));
    *n += a.deed == ALERT_TO_DO;
    return KW_OK;
}

static size_t pending(struct scene *s)
{
    const struct store_document_filter f = {.kind = DOCUMENT_ALERT};
    size_t n = 0;

    struct store *store = sync_lock(s->house.sync);
    assert_ok(store_documents(store, &f, take_pending, &n));
    sync_unlock(s->house.sync);
    return n;
}

/* More than are looked at in one go; and somebody was quick to acknowledge one. */
static void however_many_deeds_were_interrupted_all_are_done(void **state)
{
    enum { DEEDS = 270 };
    struct alert a;
    struct scene s;

    (void)state;
    scene_make(&s);
    for (int i = 0; i < DEEDS; i++) {
        const struct finding f = spike(&s, 1000000 + i);
        alert_of(&f, SEVERITY_HIGH, ALERT_READ_ONLY, &a);
        a.deed = ALERT_TO_DO;
        a.taken = (struct alert_taken){ALERT_READ_ONLY, KW_FULL_ACCESS, 0};
        set_state(&s, &a, i == 7 ? "acknowledged" : "open");
    }
    assert_int_equal(pending(&s), DEEDS);
    assert_ok(alerting_resume(&s.alerting));
    assert_int_equal(pending(&s), 0);
    house_clear(&s.house);
}

static void what_is_held_back_already_is_no_deed(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    s.key.state = KEY_DISABLED;
    assert_ok(house_change(&s.house, &s.key));
    struct finding f = spike(&s, 1000000);
    assert_ok(raise_it(&s, &f, ALERT_DISABLE));
    assert_int_equal(alerts(&s).newest.deed, ALERT_NO_DEED);
    house_clear(&s.house);
}

/* It was taken, and the process ended before the alert said so. */
static void a_deed_that_was_done_before_it_was_said_can_be_undone(void **state)
{
    struct alert a;
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000);
    alert_of(&f, SEVERITY_HIGH, ALERT_DISABLE, &a);
    a.deed = ALERT_TO_DO;
    a.taken = (struct alert_taken){.action = ALERT_DISABLE};
    set_state(&s, &a, "open");
    s.key.state = KEY_DISABLED;
    assert_ok(sync_change_key(s.house.sync, STR(ALERTING_ACTOR), &s.key));
    assert_ok(alerting_resume(&s.alerting));
    struct list l = alerts(&s);
    assert_int_equal(l.newest.deed, ALERT_DONE);
    assert_true(alert_undo(&l.newest.taken, &s.key));
    house_clear(&s.house);
}

/* The process ended before it was taken, and a member was faster than the next start. */
static void what_a_member_took_meanwhile_is_not_ours_to_give_back(void **state)
{
    struct alert a;
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000);
    alert_of(&f, SEVERITY_HIGH, ALERT_DISABLE, &a);
    a.deed = ALERT_TO_DO;
    a.taken = (struct alert_taken){.action = ALERT_DISABLE};
    set_state(&s, &a, "open");
    s.key.state = KEY_DISABLED;
    assert_ok(house_change(&s.house, &s.key));
    assert_ok(alerting_resume(&s.alerting));
    struct list l = alerts(&s);
    assert_int_equal(l.newest.deed, ALERT_NO_DEED);
    assert_false(alert_undo(&l.newest.taken, &s.key));
    house_clear(&s.house);
}

/* Undone by hand, or notify was chosen until now. */
static void what_can_be_taken_again_is_taken_although_an_alert_is_open(void **state)
{
    struct grant g;
    struct scene s;

    (void)state;
    scene_make(&s);
    int64_t now_us = sync_now_us(s.house.sync);
    struct finding first = spike(&s, now_us + 1000000), second = spike(&s, now_us + 2000000),
                   third = spike(&s, now_us + 3000000);
    assert_ok(raise_it(&s, &first, ALERT_NOTIFY));
    assert_ok(raise_it(&s, &second, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    assert_int_equal(alerts(&s).n, 2);
    assert_ok(raise_it(&s, &third, ALERT_DISABLE)); /* nothing is left to take */
    assert_int_equal(alerts(&s).n, 2);
    struct store *store = sync_lock(s.house.sync);
    assert_ok(store_key(store, str_from(s.key.id), NULL, &g));
    sync_unlock(s.house.sync);
    struct list l = alerts(&s);
    assert_true(alert_undo(&l.newest.taken, &g));
    assert_ok(house_change(&s.house, &g));
    struct finding fourth = spike(&s, now_us + 4000000);
    assert_ok(raise_it(&s, &fourth, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    house_clear(&s.house);
}

static struct grant key_now(struct scene *s)
{
    struct grant g;

    struct store *store = sync_lock(s->house.sync);
    assert_ok(store_key(store, str_from(s->key.id), NULL, &g));
    sync_unlock(s->house.sync);
    return g;
}

static void give_back(struct scene *s, const struct alert_taken *taken)
{
    struct grant g = key_now(s);

    assert_true(alert_undo(taken, &g));
    assert_ok(house_change(&s->house, &g));
}

/* Found a moment later, while the key was disabled for the first one; merged, and so without a document of its own. */
static struct finding raise_two(struct scene *s, enum alert_action first, enum alert_action second)
{
    int64_t now_us = sync_now_us(s->house.sync);
    const struct finding one = spike(s, now_us), two = spike(s, now_us + 1000);

    assert_ok(raise_it(s, &one, first));
    assert_ok(raise_it(s, &two, second));
    assert_int_equal(alerts(s).n, 1);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    return two;
}

static void a_key_that_was_given_back_is_not_taken_again_for_what_was_found_before(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    const struct finding two = raise_two(&s, ALERT_DISABLE, ALERT_DISABLE);
    struct list l = alerts(&s);
    give_back(&s, &l.newest.taken);
    l.newest.deed = ALERT_UNDONE;
    set_state(&s, &l.newest, "acknowledged");
    s.alerting = (struct alerting){.sync = s.house.sync, .tally = &s.tally}; /* a restart */
    assert_ok(raise_it(&s, &two, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_ALLOWED);
    assert_int_equal(alerts(&s).n, 1);
    house_clear(&s.house);
}

/* Not by undo: the alert knows nothing of it. */
static void the_same_holds_when_it_was_given_back_by_hand(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    const struct finding two = raise_two(&s, ALERT_DISABLE, ALERT_DISABLE);
    struct list l = alerts(&s);
    give_back(&s, &l.newest.taken);
    assert_ok(raise_it(&s, &two, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_ALLOWED);
    house_clear(&s.house);
}

/* Somebody looked at it as it was, and left the key alone. */
static void what_was_found_before_somebody_took_it_on_is_not_acted_on(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    const struct finding two = raise_two(&s, ALERT_NOTIFY, ALERT_NOTIFY);
    struct list l = alerts(&s);
    set_state(&s, &l.newest, "acknowledged");
    assert_ok(raise_it(&s, &two, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_ALLOWED);
    const struct finding later = spike(&s, sync_now_us(s.house.sync) + 1000000);
    assert_ok(raise_it(&s, &later, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    house_clear(&s.house);
}

/* The key is held back at once; the alert says so as soon as it can, and nobody else's does. */
static void what_was_taken_before_the_alert_could_be_saved_can_be_undone(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    int64_t now_us = sync_now_us(s.house.sync);
    const struct finding f = spike(&s, now_us);
    struct finding other = f;
    other.detector = DETECT_DENIALS;
    room_sql(
        &s.house.room,
        "CREATE TRIGGER broken BEFORE INSERT ON documents BEGIN SELECT raise(ABORT, 'no'); END", 0);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    assert_true(raise_it(&s, &f, ALERT_READ_ONLY) != KW_OK);
    assert_int_equal(key_now(&s).permissions, KW_READ_ONLY);
    room_sql(&s.house.room, "DROP TRIGGER broken", 0);
    assert_ok(raise_it(&s, &f, ALERT_READ_ONLY));
    struct list l = alerts(&s);
    assert_int_equal(l.newest.deed, ALERT_DONE);
    assert_ok(raise_it(&s, &other, ALERT_READ_ONLY));
    assert_int_equal(alerts(&s).newest.deed, ALERT_NO_DEED);
    give_back(&s, &l.newest.taken);
    assert_int_equal(key_now(&s).permissions, KW_FULL_ACCESS);
    house_clear(&s.house);
}

static void I3_an_alert_that_somebody_else_wrote_stops_neither_alerts_nor_deeds(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000), again = spike(&s, 2000000);
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    room_sql(&s.house.room, "UPDATE documents SET state = 'muted'", 1);
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    assert_ok(raise_it(&s, &again, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    house_clear(&s.house);
}

/* ---- strangers ---- */

static void come_in_hour(struct scene *s, const char *account, int n, int hour)
{
    const int64_t hour_us = hour * 3600 * 1000000LL;

    for (int i = 0; i < n; i++) {
        struct finding f = {.detector = DETECT_SOURCE_FAILURES,
                            .began_us = hour_us + 1000000 + i,
                            .found_us = hour_us + 2000000};
        snprintf(f.subject, sizeof f.subject, "192.%d.2.%d%s", hour, i, account);
        snprintf(f.account, sizeof f.account, "%s", account);
        assert_ok(raise_it(s, &f, ALERT_DISABLE));
    }
}

static void come_from(struct scene *s, const char *account, int n)
{
    come_in_hour(s, account, n, 0);
}

static void strangers_do_not_fill_the_list(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    come_from(&s, "", 3 * ALERTING_STRANGERS_MAX);
    struct list l = alerts(&s);
    assert_int_equal(l.n, ALERTING_STRANGERS_MAX + 1);
    assert_string_equal(l.newest.document.subject, "source_failures");
    s.alerting = (struct alerting){.sync = s.house.sync,
                                   .tally = &s.tally}; /* a restart: all are handed over again */
    come_from(&s, "", 3 * ALERTING_STRANGERS_MAX);
    assert_int_equal(alerts(&s).n, ALERTING_STRANGERS_MAX + 1);
    house_clear(&s.house);
}

static void strangers_do_not_fill_the_list_in_a_day_either(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    for (int hour = 0; hour < 10; hour++)
        come_in_hour(&s, "", ALERTING_STRANGERS_MAX, hour);
    struct list l = alerts(&s);
    assert_int_equal(l.n, ALERTING_STRANGERS_A_DAY + 1);
    assert_string_equal(l.newest.document.subject, "source_failures");
    assert_string_equal(l.newest.finding.facts[0].name, "alertsThisDay");
    s.alerting = (struct alerting){.sync = s.house.sync, .tally = &s.tally}; /* a restart */
    for (int hour = 0; hour < 10; hour++)
        come_in_hour(&s, "", ALERTING_STRANGERS_MAX, hour);
    assert_int_equal(alerts(&s).n, ALERTING_STRANGERS_A_DAY + 1);
    come_in_hour(&s, "", 1, 24);
    assert_int_equal(alerts(&s).n, ALERTING_STRANGERS_A_DAY + 2);
    house_clear(&s.house);
}

/* More than are looked at in one go. */
static void those_that_are_open_are_counted_anew_with_a_start(void **state)
{
    enum { ACCOUNTS = 17 };
    struct scene s;
    char account[8];

    (void)state;
    scene_make(&s);
    for (int i = 0; i < ACCOUNTS; i++) {
        snprintf(account, sizeof account, "a%d", i);
        come_from(&s, account, 2 * ALERTING_STRANGERS_MAX);
    }
    uint64_t n = alerts(&s).n;
    assert_true(n > 500);
    assert_int_equal(tally_read(&s.tally.alerts_open[SEVERITY_HIGH]), n);
    room_sql(&s.house.room, "UPDATE documents SET document = '{}' WHERE slot = 1", 1);
    memset(&s.tally, 0, sizeof s.tally);
    assert_ok(alerting_count_open(&s.alerting));
    assert_int_equal(tally_read(&s.tally.alerts_open[SEVERITY_HIGH]), n - 1); /* one does not hold */
    assert_int_equal(tally_read(&s.tally.alerts[DETECT_SOURCE_FAILURES][SEVERITY_HIGH]), 0);
    house_clear(&s.house);
}

static void strangers_of_one_account_silence_no_other(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    come_from(&s, "", 2 * ALERTING_STRANGERS_MAX);
    come_from(&s, "acme", 1);
    assert_int_equal(alerts(&s).n, ALERTING_STRANGERS_MAX + 2);
    house_clear(&s.house);
}

/* Two that have the subject of none in common: what was only counted is the installation's. */
static void what_is_about_many_is_of_its_account_alone(void **state)
{
    struct finding all = {
        .detector = DETECT_SIGN_IN_FAILURES, .began_us = 5000000, .found_us = 6000000};
    struct scene s;

    (void)state;
    scene_make(&s);
    for (int i = 0; i < ALERTING_STRANGERS_MAX + 1; i++) {
        struct finding f = {.detector = DETECT_SIGN_IN_FAILURES,
                            .account = "acme",
                            .began_us = 1000000 + i,
                            .found_us = 2000000};
        snprintf(f.subject, sizeof f.subject, "member%d", i);
        assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    }
    assert_ok(raise_it(&s, &all, ALERT_NOTIFY));
    struct list l = alerts(&s);
    assert_int_equal(l.n, ALERTING_STRANGERS_MAX + 2);
    assert_string_equal(l.newest.document.account, "");
    assert_ok(raise_it(&s, &all, ALERT_NOTIFY));
    snprintf(all.account, sizeof all.account, "shop"); /* at the same moment */
    assert_ok(raise_it(&s, &all, ALERT_NOTIFY));
    l = alerts(&s);
    assert_int_equal(l.n, ALERTING_STRANGERS_MAX + 3);
    assert_string_equal(l.newest.document.account, "shop");
    house_clear(&s.house);
}

/* By which those of before are found. */
static void an_id_is_what_it_always_was(void **state)
{
    struct finding f = {
        .detector = DETECT_SOURCE_FAILURES, .account = "acme", .subject = "192.0.2.1", .began_us = 7};
    char want[KW_KEY_ID_LEN + 1];
    struct alert a;

    (void)state;
    document_id(STR("source_failures\n192.0.2.1\n7"), want);
    alert_of(&f, SEVERITY_LOW, ALERT_NOTIFY, &a);
    assert_string_equal(a.document.id, want);
    f.subject[0] = f.account[0] = '\0';
    document_id(STR("source_failures\n\n7"), want);
    alert_of(&f, SEVERITY_LOW, ALERT_NOTIFY, &a);
    assert_string_equal(a.document.id, want);
}

static void what_could_not_be_saved_is_not_counted(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = {
        .detector = DETECT_SOURCE_FAILURES, .subject = "192.0.2.1", .began_us = 1, .found_us = 2};
    sqlite3 *conn = house_lock_database(&s.house);
    for (int i = 0; i < 2; i++)
        assert_true(raise_it(&s, &f, ALERT_NOTIFY) != KW_OK);
    sqlite3_close(conn);
    assert_int_equal(s.alerting.counts[0].n, 0);
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    assert_int_equal(s.alerting.counts[0].n, 1);
    house_clear(&s.house);
}

static void a_comment_on_a_resolved_alert_covers_nothing_new(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = spike(&s, 1000000);
    assert_ok(raise_it(&s, &f, ALERT_NOTIFY));
    struct list l = alerts(&s);
    set_state(&s, &l.newest, "resolved");
    struct finding later = spike(&s, sync_now_us(s.house.sync));
    later.found_us += 2000;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    set_state(&s, &l.newest, "resolved"); /* a comment, after it was found */
    assert_ok(raise_it(&s, &later, ALERT_NOTIFY));
    assert_int_equal(alerts(&s).n, 2);
    house_clear(&s.house);
}

/* ---- read ---- */

static const struct row {
    const char *why, *text;
} rejects[] = {
    {"no JSON", "{]"},
    {"nothing in it", "{}"},
    {"a detector of a later version",
     "{\"detector\":\"telepathy\",\"severity\":\"high\",\"action\":\"notify\",\"took\":\"notify\","
     "\"deed\":\"none\"}"},
    {"permissions that there are not", "{\"detector\":\"test\",\"severity\":\"high\",\"action\":"
                                       "\"notify\",\"took\":\"notify\",\"deed\":\"none\","
                                       "\"tookPermissions\":99}"},
};

static void alert_read_rejects(void **state)
{
    const struct row *row = *state;
    const struct document d = {.kind = DOCUMENT_ALERT, .text = str_from(row->text)};
    struct alert a;

    assert_err(alert_read(&d, &a), KW_EDAMAGED);
}

int main(void)
{
    SUITE_TEST(an_alert_tells_what_was_found);
    SUITE_TEST(the_same_finding_is_raised_once);
    SUITE_TEST(what_is_found_again_is_counted_once_an_hour);
    SUITE_TEST(after_it_was_resolved_it_is_a_new_one);
    SUITE_TEST(a_key_is_disabled_at_once_and_can_be_given_back);
    SUITE_TEST(a_deed_that_was_interrupted_is_done);
    SUITE_TEST(however_many_deeds_were_interrupted_all_are_done);
    SUITE_TEST(what_is_held_back_already_is_no_deed);
    SUITE_TEST(a_deed_that_was_done_before_it_was_said_can_be_undone);
    SUITE_TEST(what_a_member_took_meanwhile_is_not_ours_to_give_back);
    SUITE_TEST(what_can_be_taken_again_is_taken_although_an_alert_is_open);
    SUITE_TEST(a_key_that_was_given_back_is_not_taken_again_for_what_was_found_before);
    SUITE_TEST(the_same_holds_when_it_was_given_back_by_hand);
    SUITE_TEST(what_was_found_before_somebody_took_it_on_is_not_acted_on);
    SUITE_TEST(what_was_taken_before_the_alert_could_be_saved_can_be_undone);
    SUITE_TEST(I3_an_alert_that_somebody_else_wrote_stops_neither_alerts_nor_deeds);
    SUITE_TEST(strangers_do_not_fill_the_list);
    SUITE_TEST(strangers_do_not_fill_the_list_in_a_day_either);
    SUITE_TEST(those_that_are_open_are_counted_anew_with_a_start);
    SUITE_TEST(strangers_of_one_account_silence_no_other);
    SUITE_TEST(what_is_about_many_is_of_its_account_alone);
    SUITE_TEST(an_id_is_what_it_always_was);
    SUITE_TEST(what_could_not_be_saved_is_not_counted);
    SUITE_TEST(a_comment_on_a_resolved_alert_covers_nothing_new);
    SUITE_ROWS(alert_read_rejects, rejects);
    return suite_run("server/alerting");
}
