/* alerting.c - what is found is raised once, and an alert is what it was. */
#include "alerting/alerting.h"

#include <stdio.h>
#include <time.h>

#include "alerting_scene.h"
#include "json/document_out.h"

static void an_alert_tells_what_was_found(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = scene_spike(&s, 1000000);
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    struct alert_list l = scene_alerts(&s);
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
    struct finding f = scene_spike(&s, 1000000);
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    assert_int_equal(scene_alerts(&s).n, 1);
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
        struct finding f = scene_spike(&s, 1000000 + i * hour_us / 4);
        assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    }
    struct alert_list l = scene_alerts(&s);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.newest.times, 3);
    house_clear(&s.house);
}

static void after_it_was_resolved_it_is_a_new_one(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = scene_spike(&s, 1000000), before = scene_spike(&s, 2000000);
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    struct alert_list l = scene_alerts(&s);
    scene_set_state(&s, &l.newest, "resolved");
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY)); /* the record is counted anew */
    assert_int_equal(scene_alerts(&s).n, 1);
    assert_ok(scene_raise(&s, &before, ALERT_NOTIFY)); /* it was counted then */
    assert_int_equal(scene_alerts(&s).n, 1);
    struct finding later = scene_spike(&s, sync_now_us(s.house.sync) + 1000000);
    assert_ok(scene_raise(&s, &later, ALERT_NOTIFY));
    assert_int_equal(scene_alerts(&s).n, 2);
    house_clear(&s.house);
}

static void a_comment_on_a_resolved_alert_covers_nothing_new(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s);
    struct finding f = scene_spike(&s, 1000000);
    assert_ok(scene_raise(&s, &f, ALERT_NOTIFY));
    struct alert_list l = scene_alerts(&s);
    scene_set_state(&s, &l.newest, "resolved");
    struct finding later = scene_spike(&s, sync_now_us(s.house.sync));
    later.found_us += 2000;
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    scene_set_state(&s, &l.newest, "resolved"); /* a comment, after it was found */
    assert_ok(scene_raise(&s, &later, ALERT_NOTIFY));
    assert_int_equal(scene_alerts(&s).n, 2);
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
    SUITE_TEST(an_id_is_what_it_always_was);
    SUITE_TEST(a_comment_on_a_resolved_alert_covers_nothing_new);
    SUITE_ROWS(alert_read_rejects, rejects);
    return suite_run("alerting/alerting");
}
