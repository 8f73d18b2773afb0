/* alert_letter.c - letters about alerts say what was found and what was done, and hold nobody's markup. */
#include "notify/alert_letter.h"

#include <stdio.h>

#include "suite.h"

static struct finding sample(void)
{
    struct finding f = {.detector = DETECT_USAGE_SPIKE,
                        .subject = "7Q2mK4T9xJ1aBd",
                        .key_id = "7Q2mK4T9xJ1aBd",
                        .account = "acme",
                        .environment = KW_PRODUCTION,
                        .began_us = INT64_C(1793491200000000)};

    finding_number(&f, "requestsPerMinute", 4800);
    finding_text(&f, "agent", STR("<b>curl</b>"));
    return f;
}

static void a_letter_says_what_was_found_and_done(void **state)
{
    struct letter l = {.to = "anna@acme.example", .name = "Anna", .account = "acme"};
    struct finding f = sample();
    const struct alert_news news = {&f, SEVERITY_HIGH, ALERT_DISABLE, "<b>payouts</b>",
                                    "https://k.example/alerts/1"};

    (void)state;
    alert_letter(&news, &l);
    assert_string_equal(l.subject, "[Keyward] high: this key is used far more than it usually is - "
                                   "<b>payouts</b>, production, acme");
    assert_string_equal(
        l.text, "Hello Anna,\n\n"
                "This key is used far more than it usually is.\n\n"
                "  severity         high\n"
                "  key              7Q2mK4T9xJ1aBd\n"
                "  name             <b>payouts</b>\n"
                "  account          acme\n"
                "  environment      production\n"
                "  since            2026-11-01T00:00:00Z\n"
                "  requests per minute 4800\n"
                "  agent            <b>curl</b>\n\n"
                "Ask the owner of the key. A migration or a sale looks the same; a rate limit "
                "is what bounds it.\n\n"
                "The key is disabled: every request is refused. If all is well, undo that "
                "where the alert is.\n\n"
                "Look at it, and say that you look after it:\n"
                "https://k.example/alerts/1\n\n");
}

static void F7_what_a_stranger_chose_is_text_in_html(void **state)
{
    struct letter l = {.name = "<i>Anna</i>"};
    struct finding f = sample();
    const struct alert_news news = {&f, SEVERITY_HIGH, ALERT_NOTIFY, "<b>payouts</b>",
                                    "https://k.example/alerts/1"};

    (void)state;
    alert_letter(&news, &l);
    assert_null(strstr(l.html, "<b>"));
    assert_null(strstr(l.html, "<i>"));
    assert_non_null(strstr(l.html, "&lt;b&gt;curl&lt;/b&gt;"));
    assert_non_null(strstr(l.html, "<a href=\"https://k.example/alerts/1\">"));
    assert_non_null(strstr(l.html, "that you look after it</a>"));
    assert_non_null(strstr(l.html, "color:#1c2b33;background:#ffffff"));
    assert_non_null(strstr(l.html, "Nothing was done to the key."));
}

static void a_digest_counts_all_and_names_the_first(void **state)
{
    struct alert_news news[2 * ALERT_DIGEST_NAMED];
    struct letter l = {.name = ""};
    struct finding f = sample();
    size_t n_named = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(news); i++)
        news[i] = (struct alert_news){&f, SEVERITY_LOW, ALERT_NOTIFY, "payouts", ""};
    alert_digest(news, COUNT_OF(news), 41, "", &l);
    assert_string_equal(l.subject, "[Keyward] 41 notices since yesterday");
    for (const char *p = l.text; (p = strstr(p, "low: ")) != NULL; p++)
        n_named++;
    assert_int_equal(n_named, ALERT_DIGEST_NAMED);
    assert_null(strstr(l.text, "All of them"));
    assert_non_null(strstr(l.text, ": payouts\n"));
    assert_true(l.html[0] != '\0');
}

int main(void)
{
    SUITE_TEST(a_letter_says_what_was_found_and_done);
    SUITE_TEST(F7_what_a_stranger_chose_is_text_in_html);
    SUITE_TEST(a_digest_counts_all_and_names_the_first);
    return suite_run("notify/alert_letter");
}
