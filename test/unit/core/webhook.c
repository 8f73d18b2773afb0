/* webhook.c - who is told of what, and who is not. */
#include "core/webhook.h"

#include <stdio.h>

#include "suite.h"

static void words_go_there_and_back(void **state)
{
    enum webhook_event e;
    enum webhook_state s;
    enum webhook_why w;

    (void)state;
    for (unsigned i = 0; i < N_WEBHOOK_EVENTS; i++) {
        assert_true(webhook_event_parse(str_from(webhook_event_word(i)), &e));
        assert_int_equal(e, i);
        assert_true(webhook_event_text(i)[0] != '\0');
    }
    for (unsigned i = 0; i < N_WEBHOOK_STATES; i++)
        assert_true(webhook_state_parse(str_from(webhook_state_word(i)), &s) && s == i);
    for (unsigned i = 0; i < N_WEBHOOK_WHYS; i++)
        assert_true(webhook_why_parse(str_from(webhook_why_word(i)), &w) && w == i);
    assert_false(webhook_event_parse(STR("key.made"), &e));
    assert_false(webhook_event_parse(STR(""), &e));
    assert_false(webhook_event_parse(STR("*"), &e));
    assert_false(webhook_state_parse(STR(""), &s));
    assert_string_equal(webhook_event_word(N_WEBHOOK_EVENTS), "");
}

static const struct want {
    const char *why, *account;
    enum webhook_state state;
    uint64_t events;
    enum webhook_event event;
    const char *of;
    bool want;
} wants[] = {
    {"its own account", "acme", WEBHOOK_ACTIVE, WEBHOOK_EVERY_EVENT, TELL_KEY_REVOKED, "acme", true},
    {"another's", "acme", WEBHOOK_ACTIVE, WEBHOOK_EVERY_EVENT, TELL_KEY_REVOKED, "acme2", false},
    {"nobody's", "acme", WEBHOOK_ACTIVE, WEBHOOK_EVERY_EVENT, TELL_POLICY_APPLIED, "", false},
    {"the installation's", "", WEBHOOK_ACTIVE, WEBHOOK_EVERY_EVENT, TELL_POLICY_APPLIED, "", true},
    {"the installation's, of any account", "", WEBHOOK_ACTIVE, WEBHOOK_EVERY_EVENT,
     TELL_KEY_CREATED, "acme", true},
    {"chosen", "acme", WEBHOOK_ACTIVE, UINT64_C(1) << TELL_KEY_REVOKED, TELL_KEY_REVOKED, "acme",
     true},
    {"not chosen", "acme", WEBHOOK_ACTIVE, UINT64_C(1) << TELL_KEY_REVOKED, TELL_KEY_CREATED,
     "acme", false},
    {"disabled", "acme", WEBHOOK_DISABLED, WEBHOOK_EVERY_EVENT, TELL_KEY_CREATED, "acme", false},
    {"removed", "acme", WEBHOOK_REMOVED, WEBHOOK_EVERY_EVENT, TELL_KEY_CREATED, "acme", false},
    {"a test of another", "acme", WEBHOOK_ACTIVE, WEBHOOK_EVERY_EVENT, TELL_WEBHOOK_TEST, "acme",
     false},
};

static void webhook_is_told_of_what_it_chose_and_of_its_account(void **state)
{
    const struct want *row = *state;
    struct webhook w = {.state = row->state, .events = row->events};

    snprintf(w.account, sizeof w.account, "%s", row->account);
    assert_int_equal(webhook_wants(&w, row->event, str_from(row->of)), row->want);
}

static void an_empty_webhook_wants_nothing(void **state)
{
    struct webhook w = {.slot = 0};

    (void)state;
    for (unsigned i = 0; i < N_WEBHOOK_EVENTS; i++)
        assert_false(webhook_wants(&w, i, STR("")));
    assert_false(webhook_has_old_secret(&w, 0));
}

int main(void)
{
    SUITE_TEST(words_go_there_and_back);
    SUITE_ROWS(webhook_is_told_of_what_it_chose_and_of_its_account, wants);
    SUITE_TEST(an_empty_webhook_wants_nothing);
    return suite_run("core/webhook");
}
