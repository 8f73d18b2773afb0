/* thresholds.c - what an account chooses is read in one way only, and printed so that equal choices are equal bytes. */
#include "core/thresholds.h"

#include <stdio.h>

#include "suite.h"

static struct thresholds read(const char *document)
{
    struct thresholds t;
    unsigned line;

    assert_ok(thresholds_read(str_from(document), &t, &line));
    return t;
}

static void who_chooses_nothing_has_the_defaults(void **state)
{
    const struct thresholds t = read("");

    (void)state;
    assert_memory_equal(&t, thresholds_default(), sizeof t);
    assert_int_equal(t.of[DORMANT_DAYS], 30);
    assert_int_equal(t.rule[DETECT_LEAK].severity, SEVERITY_CRITICAL);
    assert_int_equal(t.rule[DETECT_LEAK].action, ALERT_NOTIFY);
}

static void each_default_lies_within_its_bounds(void **state)
{
    (void)state;
    for (enum threshold i = 0; i < N_THRESHOLDS; i++) {
        assert_in_range(thresholds_default()->of[i], threshold_least(i), threshold_most(i));
        assert_true(threshold_name(i)[0] != '\0' && threshold_what(i)[0] != '\0');
        assert_true((unsigned)threshold_detector(i) < N_DETECTORS);
    }
    assert_string_equal(threshold_name(N_THRESHOLDS), "");
}

static void what_is_chosen_counts_and_nothing_else_changes(void **state)
{
    struct thresholds t =
        read("dormant off\nodd_hours.severity high\nusage_spike.times 6\nleak.action disable\n");

    (void)state;
    assert_int_equal(t.of[USAGE_SPIKE_TIMES], 6);
    assert_true(t.rule[DETECT_DORMANT].is_off);
    assert_int_equal(t.rule[DETECT_ODD_HOURS].severity, SEVERITY_HIGH);
    assert_int_equal(t.rule[DETECT_LEAK].action, ALERT_DISABLE);
    t.of[USAGE_SPIKE_TIMES] = thresholds_default()->of[USAGE_SPIKE_TIMES];
    t.rule[DETECT_DORMANT] = thresholds_default()->rule[DETECT_DORMANT];
    t.rule[DETECT_ODD_HOURS] = thresholds_default()->rule[DETECT_ODD_HOURS];
    t.rule[DETECT_LEAK] = thresholds_default()->rule[DETECT_LEAK];
    assert_memory_equal(&t, thresholds_default(), sizeof t);
}

static void the_same_choices_are_the_same_bytes(void **state)
{
    static const char printed[] =
        "usage_spike.times 6\nodd_hours.severity high\ndormant off\nleak.action disable\n";
    char out[THRESHOLDS_DOCUMENT_MAX];
    const struct thresholds t = read("leak.action disable\ndormant.days 30\ndormant off\n"
                                     "usage_spike.times 6\nodd_hours.severity high\n");

    (void)state;
    assert_int_equal(thresholds_print(&t, out), strlen(printed));
    assert_string_equal(out, printed);
    const struct thresholds again = read(out);
    assert_memory_equal(&again, &t, sizeof t);
    assert_int_equal(thresholds_print(thresholds_default(), out), 0);
}

static void whatever_is_chosen_fits_and_is_read_again(void **state)
{
    static char out[THRESHOLDS_DOCUMENT_MAX];
    struct thresholds t = *thresholds_default();

    (void)state;
    for (enum threshold i = 0; i < N_THRESHOLDS; i++)
        t.of[i] = threshold_most(i);
    for (enum detector d = 0; d < N_DETECTORS; d++) {
        t.rule[d] = (struct detector_rule){true, SEVERITY_CRITICAL, ALERT_NOTIFY};
        if (detector_may_act(d))
            t.rule[d].action = ALERT_READ_ONLY;
    }
    thresholds_print(&t, out);
    const struct thresholds again = read(out);
    assert_memory_equal(&again, &t, sizeof t);
}

/* Whoever finds an old secret, or a refresh token that was used, in a log could stop the key. */
static void what_an_old_log_is_enough_for_may_not_act_and_counts_as_notify(void **state)
{
    static const enum detector which[] = {DETECT_OLD_SECRET, DETECT_TOKEN_REUSE};
    const struct thresholds t = read("old_secret.action disable\ntoken_reuse.action read_only\n"
                                     "token_reuse.severity critical\n");
    char out[THRESHOLDS_DOCUMENT_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(which); i++) {
        assert_false(detector_may_act(which[i]));
        assert_int_equal(t.rule[which[i]].action, ALERT_NOTIFY);
    }
    assert_int_equal(t.rule[DETECT_TOKEN_REUSE].severity, SEVERITY_CRITICAL);
    thresholds_print(&t, out);
    assert_string_equal(out, "token_reuse.severity critical\n");
}

static void a_choice_says_nothing_about_what_was_found_before_it(void **state)
{
    const struct thresholds t = read("leak.action disable\nkey_failures.severity high\n");
    struct finding f = {.detector = DETECT_LEAK, .found_us = 5000000};

    (void)state;
    assert_int_equal(thresholds_action(&t, 0, &f), ALERT_DISABLE);
    assert_int_equal(thresholds_action(&t, 4999, &f), ALERT_DISABLE);
    assert_int_equal(thresholds_action(&t, 5000, &f), ALERT_NOTIFY);
}

static void what_an_access_token_brought_about_does_not_act(void **state)
{
    const struct thresholds t = read("browser.action disable\n");
    struct finding f = {.detector = DETECT_BROWSER, .found_us = 5000000};

    (void)state;
    finding_text(&f, "agent", STR("access_token")); /* of anybody's choice */
    assert_int_equal(thresholds_action(&t, 0, &f), ALERT_DISABLE);
    finding_by_token(&f);
    assert_int_equal(thresholds_action(&t, 0, &f), ALERT_NOTIFY);
}

static void an_account_chooses_what_can_be_found_of_it(void **state)
{
    (void)state;
    for (enum detector d = 0; d < N_DETECTORS; d++)
        assert_true(detector_is_of_accounts(d) || !detector_may_act(d));
    assert_true(detector_is_of_accounts(DETECT_KEY_FAILURES));
    assert_true(detector_is_of_accounts(DETECT_SIGN_IN_FAILURES));
    assert_false(detector_is_of_accounts(DETECT_DENIAL_RATE));
    assert_false(detector_is_of_accounts(DETECT_SOURCE_FAILURES));
    assert_false(detector_is_of_accounts(DETECT_CLOCK));
}

static const struct reject {
    const char *why, *document;
    enum kw_err want;
    unsigned line;
} rejects[] = {
    {"no detector", "usage_spik.times 6\n", KW_ESYNTAX, 1},
    {"no such number", "leak off\nusage_spike.time 6\n", KW_ESYNTAX, 2},
    {"a number of another detector", "usage_spike.days 6\n", KW_ESYNTAX, 1},
    {"too small", "usage_spike.times 1\n", KW_ERANGE, 1},
    {"too large", "leak off\ndormant.days 366\n", KW_ERANGE, 2},
    {"more than any number", "dormant.days 99999999999999999999\n", KW_ERANGE, 1},
    {"a sign", "dormant.days +6\n", KW_ESYNTAX, 1},
    {"a leading zero", "dormant.days 06\n", KW_ESYNTAX, 1},
    {"two spaces", "dormant.days  6\n", KW_ESYNTAX, 1},
    {"a number twice", "dormant.days 6\ndormant.days 7\n", KW_ESYNTAX, 2},
    {"off twice", "dormant off\ndormant off\n", KW_ESYNTAX, 2},
    {"a severity twice", "leak.severity low\nleak.severity low\n", KW_ESYNTAX, 2},
    {"on", "dormant on\n", KW_ESYNTAX, 1},
    {"no severity", "dormant.severity grave\n", KW_ESYNTAX, 1},
    {"no action", "dormant.action revoke\n", KW_ESYNTAX, 1},
    {"an action that a stranger could have done", "key_failures.action disable\n", KW_ESYNTAX, 1},
    {"an action without a key", "disk.action read_only\n", KW_ESYNTAX, 1},
    {"no line feed at the end", "leak off\ndormant off", KW_ESYNTAX, 2},
    {"an empty line", "\n", KW_ESYNTAX, 1},
    {"a carriage return", "dormant off\r\n", KW_ESYNTAX, 1},
};

static void thresholds_read_rejects(void **state)
{
    const struct reject *row = *state;
    struct thresholds t = {.of = {77}};
    unsigned line = 0;

    assert_err(thresholds_read(str_from(row->document), &t, &line), row->want);
    assert_int_equal(line, row->line);
    assert_int_equal(t.of[0], 77);
}

static void a_document_that_is_too_long_is_refused(void **state)
{
    static char long_one[THRESHOLDS_DOCUMENT_MAX + 1];
    struct thresholds t;
    unsigned line;

    (void)state;
    memset(long_one, '\n', sizeof long_one - 1);
    assert_err(thresholds_read(str_from(long_one), &t, &line), KW_ESYNTAX);
}

static void words_are_read_as_they_are_printed(void **state)
{
    enum alert_action r;

    (void)state;
    for (enum alert_action i = 0; i < N_ALERT_ACTIONS; i++) {
        assert_true(alert_action_parse(str_from(alert_action_word(i)), &r));
        assert_int_equal(r, i);
    }
    assert_false(alert_action_parse(STR("revoke"), &r));
    assert_string_equal(alert_action_word(N_ALERT_ACTIONS), "");
}

int main(void)
{
    SUITE_TEST(who_chooses_nothing_has_the_defaults);
    SUITE_TEST(each_default_lies_within_its_bounds);
    SUITE_TEST(what_is_chosen_counts_and_nothing_else_changes);
    SUITE_TEST(the_same_choices_are_the_same_bytes);
    SUITE_TEST(whatever_is_chosen_fits_and_is_read_again);
    SUITE_TEST(what_an_old_log_is_enough_for_may_not_act_and_counts_as_notify);
    SUITE_TEST(a_choice_says_nothing_about_what_was_found_before_it);
    SUITE_TEST(what_an_access_token_brought_about_does_not_act);
    SUITE_TEST(an_account_chooses_what_can_be_found_of_it);
    SUITE_ROWS(thresholds_read_rejects, rejects);
    SUITE_TEST(a_document_that_is_too_long_is_refused);
    SUITE_TEST(words_are_read_as_they_are_printed);
    return suite_run("core/thresholds");
}
