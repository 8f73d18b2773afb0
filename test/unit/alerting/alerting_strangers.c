/* alerting_strangers.c - strangers do not fill the list of alerts. */
#include <stdio.h>

#include "alerting_scene.h"

static void come_in_hour(struct scene *s, const char *account, int n, int hour)
{
    const int64_t hour_us = hour * INT64_C(3600000000);

    for (int i = 0; i < n; i++) {
        struct finding f = {.detector = DETECT_SOURCE_FAILURES,
                            .began_us = hour_us + 1000000 + i,
                            .found_us = hour_us + 2000000};
        snprintf(f.subject, sizeof f.subject, "192.%d.2.%d%s", hour, i, account);
        snprintf(f.account, sizeof f.account, "%s", account);
        assert_ok(scene_raise(s, &f, ALERT_DISABLE));
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
    struct alert_list l = scene_alerts(&s);
    assert_int_equal(l.n, ALERTING_STRANGERS_MAX + 1);
    assert_string_equal(l.newest.document.subject, "source_failures");
    s.alerting = (struct alerting){.sync = s.house.sync,
                                   .tally = &s.tally}; /* a restart: all are handed over again */
    come_from(&s, "", 3 * ALERTING_STRANGERS_MAX);
    assert_int_equal(scene_alerts(&s).n, ALERTING_STRANGERS_MAX + 1);
    house_clear(&s.house);
}

static void strangers_do_not_fill_the_list_in_a_day_either(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    for (int hour = 0; hour < 10; hour++)
        come_in_hour(&s, "", ALERTING_STRANGERS_MAX, hour);
    struct alert_list l = scene_alerts(&s);
    assert_int_equal(l.n, ALERTING_STRANGERS_A_DAY + 1);
    assert_string_equal(l.newest.document.subject, "source_failures");
    assert_string_equal(l.newest.finding.facts[0].name, "alertsThisDay");
    s.alerting = (struct alerting){.sync = s.house.sync, .tally = &s.tally}; /* a restart */
    for (int hour = 0; hour < 10; hour++)
        come_in_hour(&s, "", ALERTING_STRANGERS_MAX, hour);
    assert_int_equal(scene_alerts(&s).n, ALERTING_STRANGERS_A_DAY + 1);
    come_in_hour(&s, "", 1, 24);
    assert_int_equal(scene_alerts(&s).n, ALERTING_STRANGERS_A_DAY + 2);
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
    uint64_t n = scene_alerts(&s).n;
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
    assert_int_equal(scene_alerts(&s).n, ALERTING_STRANGERS_MAX + 2);
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
        assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    }
    assert_ok(scene_raise(&s, &all, ALERT_NOTIFY));
    struct alert_list l = scene_alerts(&s);
    assert_int_equal(l.n, ALERTING_STRANGERS_MAX + 2);
    assert_string_equal(l.newest.document.account, "");
    assert_ok(scene_raise(&s, &all, ALERT_NOTIFY));
    snprintf(all.account, sizeof all.account, "shop"); /* at the same moment */
    assert_ok(scene_raise(&s, &all, ALERT_NOTIFY));
    l = scene_alerts(&s);
    assert_int_equal(l.n, ALERTING_STRANGERS_MAX + 3);
    assert_string_equal(l.newest.document.account, "shop");
    house_clear(&s.house);
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
        assert_true(scene_raise(&s, &f, ALERT_NOTIFY) != KW_OK);
    sqlite3_close(conn);
    assert_int_equal(s.alerting.counts[0].n, 0);
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    assert_int_equal(s.alerting.counts[0].n, 1);
    house_clear(&s.house);
}

int main(void)
{
    SUITE_TEST(strangers_do_not_fill_the_list);
    SUITE_TEST(strangers_do_not_fill_the_list_in_a_day_either);
    SUITE_TEST(those_that_are_open_are_counted_anew_with_a_start);
    SUITE_TEST(strangers_of_one_account_silence_no_other);
    SUITE_TEST(what_is_about_many_is_of_its_account_alone);
    SUITE_TEST(what_could_not_be_saved_is_not_counted);
    return suite_run("alerting/alerting_strangers");
}
