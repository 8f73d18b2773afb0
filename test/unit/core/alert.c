/* alert.c - what an alert does to a key takes, and only takes; undoing it gives back just that. */
#include "core/alert.h"

#include "suite.h"

static const struct row {
    const char *why;
    enum alert_action action;
    enum key_state state, state_after;
    unsigned permissions, permissions_after;
    bool is_done;
} rows[] = {
    {"told only", ALERT_NOTIFY, KEY_ACTIVE, KEY_ACTIVE, KW_TRANSACTIONS, KW_TRANSACTIONS, false},
    {"money stops", ALERT_READ_ONLY, KEY_ACTIVE, KEY_ACTIVE, KW_TRANSACTIONS, KW_READ_ONLY, true},
    {"everything but reading stops", ALERT_READ_ONLY, KEY_ACTIVE, KEY_ACTIVE, KW_FULL_ACCESS,
     KW_READ_ONLY, true},
    {"it only read before", ALERT_READ_ONLY, KEY_ACTIVE, KEY_ACTIVE, KW_READ_ONLY, KW_READ_ONLY,
     false},
    {"disabled before", ALERT_READ_ONLY, KEY_DISABLED, KEY_DISABLED, KW_FULL_ACCESS, KW_FULL_ACCESS,
     false},
    {"disabled", ALERT_DISABLE, KEY_ACTIVE, KEY_DISABLED, KW_FULL_ACCESS, KW_FULL_ACCESS, true},
    {"again", ALERT_DISABLE, KEY_DISABLED, KEY_DISABLED, KW_FULL_ACCESS, KW_FULL_ACCESS, false},
    {"revoked stays revoked", ALERT_DISABLE, KEY_REVOKED, KEY_REVOKED, KW_FULL_ACCESS,
     KW_FULL_ACCESS, false},
};

static void an_action_takes_and_undoing_gives_back(void **state)
{
    const struct row *row = *state;
    struct grant g = {.state = row->state, .permissions = row->permissions};
    const struct grant before = g;
    struct alert_taken taken;

    assert_int_equal(alert_act(row->action, &g, &taken), row->is_done);
    assert_int_equal(g.state, row->state_after);
    assert_int_equal(g.permissions, row->permissions_after);
    assert_true(grant_narrows(&before, &g));
    taken.version = ++g.version;
    assert_int_equal(alert_undo(&taken, &g), row->is_done);
    assert_int_equal(g.state, before.state);
    assert_int_equal(g.permissions, before.permissions);
}

static const struct later {
    const char *why;
    struct alert_taken taken;
    enum key_state state;
    unsigned permissions;
} laters[] = {
    {"revoked meanwhile", {ALERT_DISABLE, 0, 3}, KEY_REVOKED, KW_FULL_ACCESS},
    {"enabled meanwhile", {ALERT_DISABLE, 0, 3}, KEY_ACTIVE, KW_FULL_ACCESS},
    {"given other permissions meanwhile",
     {ALERT_READ_ONLY, KW_FULL_ACCESS, 3},
     KEY_ACTIVE,
     KW_TRANSACTIONS},
    {"revoked, and reads only", {ALERT_READ_ONLY, KW_FULL_ACCESS, 3}, KEY_REVOKED, KW_READ_ONLY},
    {"no permissions are known", {ALERT_READ_ONLY, 0, 3}, KEY_ACTIVE, KW_READ_ONLY},
    {"enabled, and disabled again by somebody else", {ALERT_DISABLE, 0, 2}, KEY_DISABLED, KW_FULL_ACCESS},
    {"made to read only by a person since",
     {ALERT_READ_ONLY, KW_FULL_ACCESS, 2},
     KEY_ACTIVE,
     KW_READ_ONLY},
};

static void what_was_decided_meanwhile_is_not_undone(void **state)
{
    const struct later *l = *state;
    struct grant g = {.version = 3, .state = l->state, .permissions = l->permissions};

    assert_false(alert_undo(&l->taken, &g));
    assert_int_equal(g.state, l->state);
    assert_int_equal(g.permissions, l->permissions);
}

static void each_word_is_read_back(void **state)
{
    enum alert_state s;
    enum alert_action a;

    (void)state;
    for (enum alert_state i = 0; i < N_ALERT_STATES; i++)
        assert_true(alert_state_parse(str_from(alert_state_word(i)), &s) && s == i);
    for (enum alert_action i = 0; i < N_ALERT_ACTIONS; i++)
        assert_true(alert_action_parse(str_from(alert_action_word(i)), &a) && a == i);
    assert_false(alert_state_parse(STR("closed"), &s));
    assert_false(alert_action_parse(STR("revoke"), &a));
    assert_string_equal(alert_state_word(N_ALERT_STATES), "");
    assert_string_equal(alert_action_word(N_ALERT_ACTIONS), "");
}

int main(void)
{
    SUITE_ROWS(an_action_takes_and_undoing_gives_back, rows);
    SUITE_ROWS(what_was_decided_meanwhile_is_not_undone, laters);
    SUITE_TEST(each_word_is_read_back);
    return suite_run("core/alert");
}
