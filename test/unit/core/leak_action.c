/* leak_action.c - what is done to a leaked key holds it back, and takes nothing back. */
#include "core/leak_action.h"

#include "suite.h"

static const struct row {
    const char *why;
    enum leak_action action;
    enum key_state state, state_after;
    enum freeze frozen, frozen_after;
    bool is_done;
} rows[] = {
    {"only told", LEAK_NOTIFY, KEY_ACTIVE, KEY_ACTIVE, FREEZE_NOTHING, FREEZE_NOTHING, false},
    {"what moves money", LEAK_FREEZE_TRANSACT, KEY_ACTIVE, KEY_ACTIVE, FREEZE_NOTHING,
     FREEZE_TRANSACT, true},
    {"again", LEAK_FREEZE_TRANSACT, KEY_ACTIVE, KEY_ACTIVE, FREEZE_TRANSACT, FREEZE_TRANSACT, false},
    {"a freeze of all stays", LEAK_FREEZE_TRANSACT, KEY_ACTIVE, KEY_ACTIVE, FREEZE_ALL, FREEZE_ALL,
     false},
    {"everything", LEAK_FREEZE_ALL, KEY_ACTIVE, KEY_ACTIVE, FREEZE_TRANSACT, FREEZE_ALL, true},
    {"a disabled key is frozen too", LEAK_FREEZE_TRANSACT, KEY_DISABLED, KEY_DISABLED,
     FREEZE_NOTHING, FREEZE_TRANSACT, true},
    {"disabled", LEAK_DISABLE, KEY_ACTIVE, KEY_DISABLED, FREEZE_ALL, FREEZE_ALL, true},
    {"disabled before", LEAK_DISABLE, KEY_DISABLED, KEY_DISABLED, FREEZE_NOTHING, FREEZE_NOTHING,
     false},
    {"a revoked key stays revoked", LEAK_DISABLE, KEY_REVOKED, KEY_REVOKED, FREEZE_NOTHING,
     FREEZE_NOTHING, false},
    {"revoked", LEAK_REVOKE, KEY_DISABLED, KEY_REVOKED, FREEZE_TRANSACT, FREEZE_TRANSACT, true},
};

static void leak_action_holds_back(void **state)
{
    const struct row *row = *state;
    struct grant g = {.state = row->state, .frozen = row->frozen};
    const struct grant before = g;

    assert_int_equal(leak_action_apply(row->action, &g), row->is_done);
    assert_int_equal(g.state, row->state_after);
    assert_int_equal(g.frozen, row->frozen_after);
    assert_true(grant_narrows(&before, &g));
}

static void each_word_is_read_back(void **state)
{
    enum leak_action a;

    (void)state;
    for (enum leak_action i = 0; i < N_LEAK_ACTIONS; i++) {
        assert_ok(leak_action_parse(str_from(leak_action_word(i)), &a));
        assert_int_equal(a, i);
    }
    assert_err(leak_action_parse(STR("freeze"), &a), KW_ESYNTAX);
    assert_string_equal(leak_action_word(N_LEAK_ACTIONS), "");
}

int main(void)
{
    SUITE_ROWS(leak_action_holds_back, rows);
    SUITE_TEST(each_word_is_read_back);
    return suite_run("core/leak_action");
}
