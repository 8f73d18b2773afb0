/* alerting_deed.c - what an alert asks for is done once, whatever is interrupted, and nobody is overruled. */
#include <stdio.h>
#include <time.h>

#include "alerting_scene.h"

static void a_key_is_disabled_at_once_and_can_be_given_back(void **state)
{
    struct grant g;
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = scene_spike(&s, 1000000);
    assert_ok(scene_raise(&s, &f, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    struct alert_list l = scene_alerts(&s);
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
    struct finding f = scene_spike(&s, 1000000);
    alert_of(&f, SEVERITY_HIGH, ALERT_READ_ONLY, &a);
    a.deed = ALERT_TO_DO;
    a.taken = (struct alert_taken){ALERT_READ_ONLY, KW_FULL_ACCESS, 0};
    scene_set_state(&s, &a, "open");
    assert_ok(alerting_resume(&s.alerting));
    assert_ok(alerting_resume(&s.alerting));
    assert_ok(scene_raise(&s, &f, ALERT_READ_ONLY));
    struct alert_list l = scene_alerts(&s);
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
        const struct finding f = scene_spike(&s, 1000000 + i);
        alert_of(&f, SEVERITY_HIGH, ALERT_READ_ONLY, &a);
        a.deed = ALERT_TO_DO;
        a.taken = (struct alert_taken){ALERT_READ_ONLY, KW_FULL_ACCESS, 0};
        scene_set_state(&s, &a, i == 7 ? "acknowledged" : "open");
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
    struct finding f = scene_spike(&s, 1000000);
    assert_ok(scene_raise(&s, &f, ALERT_DISABLE));
    assert_int_equal(scene_alerts(&s).newest.deed, ALERT_NO_DEED);
    house_clear(&s.house);
}

/* It was taken, and the process ended before the alert said so. */
static void a_deed_that_was_done_before_it_was_said_can_be_undone(void **state)
{
    struct alert a;
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = scene_spike(&s, 1000000);
    alert_of(&f, SEVERITY_HIGH, ALERT_DISABLE, &a);
    a.deed = ALERT_TO_DO;
    a.taken = (struct alert_taken){.action = ALERT_DISABLE};
    scene_set_state(&s, &a, "open");
    s.key.state = KEY_DISABLED;
    assert_ok(sync_change_key(s.house.sync, STR(ALERTING_ACTOR), &s.key));
    assert_ok(alerting_resume(&s.alerting));
    struct alert_list l = scene_alerts(&s);
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
    struct finding f = scene_spike(&s, 1000000);
    alert_of(&f, SEVERITY_HIGH, ALERT_DISABLE, &a);
    a.deed = ALERT_TO_DO;
    a.taken = (struct alert_taken){.action = ALERT_DISABLE};
    scene_set_state(&s, &a, "open");
    s.key.state = KEY_DISABLED;
    assert_ok(house_change(&s.house, &s.key));
    assert_ok(alerting_resume(&s.alerting));
    struct alert_list l = scene_alerts(&s);
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
    struct finding first = scene_spike(&s, now_us + 1000000),
                   second = scene_spike(&s, now_us + 2000000),
                   third = scene_spike(&s, now_us + 3000000);
    assert_ok(scene_raise(&s, &first, ALERT_NOTIFY));
    assert_ok(scene_raise(&s, &second, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    assert_int_equal(scene_alerts(&s).n, 2);
    assert_ok(scene_raise(&s, &third, ALERT_DISABLE)); /* nothing is left to take */
    assert_int_equal(scene_alerts(&s).n, 2);
    struct store *store = sync_lock(s.house.sync);
    assert_ok(store_key(store, str_from(s.key.id), NULL, &g));
    sync_unlock(s.house.sync);
    struct alert_list l = scene_alerts(&s);
    assert_true(alert_undo(&l.newest.taken, &g));
    assert_ok(house_change(&s.house, &g));
    struct finding fourth = scene_spike(&s, now_us + 4000000);
    assert_ok(scene_raise(&s, &fourth, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    house_clear(&s.house);
}

/* Found a moment later, while the key was disabled for the first one; merged, and so without a document of its own. */
static struct finding raise_two(struct scene *s, enum alert_action first, enum alert_action second)
{
    int64_t now_us = sync_now_us(s->house.sync);
    const struct finding one = scene_spike(s, now_us), two = scene_spike(s, now_us + 1000);

    assert_ok(scene_raise(s, &one, first));
    assert_ok(scene_raise(s, &two, second));
    assert_int_equal(scene_alerts(s).n, 1);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    return two;
}

static void a_key_that_was_given_back_is_not_taken_again_for_what_was_found_before(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    const struct finding two = raise_two(&s, ALERT_DISABLE, ALERT_DISABLE);
    struct alert_list l = scene_alerts(&s);
    scene_give_back(&s, &l.newest.taken);
    l.newest.deed = ALERT_UNDONE;
    scene_set_state(&s, &l.newest, "acknowledged");
    s.alerting = (struct alerting){.sync = s.house.sync, .tally = &s.tally}; /* a restart */
    assert_ok(scene_raise(&s, &two, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_ALLOWED);
    assert_int_equal(scene_alerts(&s).n, 1);
    house_clear(&s.house);
}

/* Not by undo: the alert knows nothing of it. */
static void the_same_holds_when_it_was_given_back_by_hand(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    const struct finding two = raise_two(&s, ALERT_DISABLE, ALERT_DISABLE);
    struct alert_list l = scene_alerts(&s);
    scene_give_back(&s, &l.newest.taken);
    assert_ok(scene_raise(&s, &two, ALERT_DISABLE));
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
    struct alert_list l = scene_alerts(&s);
    scene_set_state(&s, &l.newest, "acknowledged");
    assert_ok(scene_raise(&s, &two, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_ALLOWED);
    const struct finding later = scene_spike(&s, sync_now_us(s.house.sync) + 1000000);
    assert_ok(scene_raise(&s, &later, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    house_clear(&s.house);
}

/* The key is held back at once; the alert says so as soon as it can, and nobody else's does. */
static void what_was_taken_before_the_alert_could_be_saved_can_be_undone(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    const struct finding f = scene_spike(&s, sync_now_us(s.house.sync));
    struct finding before = f, other = f;
    before.detector = DETECT_BROWSER;
    other.detector = DETECT_DENIALS;
    assert_ok(scene_raise(&s, &before, ALERT_NOTIFY));
    room_sql(&s.house.room, "CREATE UNIQUE INDEX no_more ON documents (kind)", 0);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    assert_true(scene_raise(&s, &f, ALERT_READ_ONLY) != KW_OK);
    assert_int_equal(scene_key_now(&s).permissions, KW_READ_ONLY);
    room_sql(&s.house.room, "DROP INDEX no_more", 0);
    assert_ok(scene_raise(&s, &f, ALERT_READ_ONLY));
    struct alert_list l = scene_alerts(&s);
    assert_int_equal(l.newest.finding.detector, DETECT_USAGE_SPIKE);
    assert_int_equal(l.newest.deed, ALERT_DONE);
    assert_ok(scene_raise(&s, &other, ALERT_READ_ONLY));
    assert_int_equal(scene_alerts(&s).newest.deed, ALERT_NO_DEED);
    scene_give_back(&s, &l.newest.taken);
    assert_int_equal(scene_key_now(&s).permissions, KW_FULL_ACCESS);
    house_clear(&s.house);
}

static void I3_an_alert_that_somebody_else_wrote_stops_neither_alerts_nor_deeds(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = scene_spike(&s, 1000000), again = scene_spike(&s, 2000000);
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    room_sql(&s.house.room, "UPDATE documents SET state = 'muted'", 1);
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    assert_ok(scene_raise(&s, &again, ALERT_DISABLE));
    assert_int_equal(house_ask(&s.house, s.text), KW_WHY_KEY_DISABLED);
    house_clear(&s.house);
}

int main(void)
{
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
    return suite_run("alerting/alerting_deed");
}
