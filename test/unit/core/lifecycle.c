/* lifecycle.c - the states of a key: every step from every state, and the two that are the end. */
#include "core/lifecycle.h"

#include "suite.h"

enum { NO = -1 }; /* KW_ECONFLICT */

static const struct transition {
    const char *why;
    enum key_state from;
    bool expired;
    int disable, enable, revoke, change; /* where the step leads */
} transitions[] = {
    {"active", KEY_ACTIVE, false, KEY_DISABLED, KEY_ACTIVE, KEY_REVOKED, KEY_ACTIVE},
    {"disabled", KEY_DISABLED, false, KEY_DISABLED, KEY_ACTIVE, KEY_REVOKED, KEY_DISABLED},
    {"revoked", KEY_REVOKED, false, NO, NO, KEY_REVOKED, NO},
    {"expired", KEY_ACTIVE, true, NO, NO, KEY_REVOKED, NO},
    {"disabled and expired", KEY_DISABLED, true, NO, NO, KEY_REVOKED, NO},
    {"revoked and expired", KEY_REVOKED, true, NO, NO, KEY_REVOKED, NO},
};

static void leads(const struct transition *row, enum key_step step, int want)
{
    enum key_state to = KEY_DISABLED;

    assert_err(lifecycle_step(row->from, row->expired, step, &to), want == NO ? KW_ECONFLICT : KW_OK);
    assert_int_equal(to, want == NO ? (int)KEY_DISABLED : want);
}

static void lifecycle_step_leads_where_it_should(void **state)
{
    const struct transition *row = *state;

    leads(row, STEP_DISABLE, row->disable);
    leads(row, STEP_ENABLE, row->enable);
    leads(row, STEP_REVOKE, row->revoke);
    leads(row, STEP_CHANGE, row->change);
}

static void the_zero_state_is_revoked(void **state)
{
    enum key_state empty = 0;

    (void)state;
    assert_int_equal(empty, KEY_REVOKED);
    assert_string_equal(lifecycle_name(empty, false), "revoked");
}

static void D10_a_key_is_expired_at_its_expiry(void **state)
{
    const int64_t at = INT64_C(1700000000000);

    (void)state;
    assert_false(lifecycle_expired(at, at - 1));
    assert_true(lifecycle_expired(at, at));
    assert_true(lifecycle_expired(at, at + 1));
    assert_true(lifecycle_expired(at, INT64_MAX));
}

static void D10_absurd_expiries_deny(void **state)
{
    (void)state;
    assert_true(lifecycle_expired(-1, 0));
    assert_true(lifecycle_expired(INT64_MIN, 0));
    assert_true(lifecycle_expired(1, INT64_C(1700000000000)));
    assert_false(lifecycle_expired(INT64_MAX, INT64_C(1700000000000)));
    assert_true(lifecycle_expired(INT64_MAX, INT64_MAX));
}

static void a_key_without_expiry_never_expires(void **state)
{
    (void)state;
    assert_false(lifecycle_expired(0, INT64_MAX));
    assert_false(lifecycle_expired(0, INT64_MIN));
}

static void lifecycle_name_says_what_holds(void **state)
{
    (void)state;
    assert_string_equal(lifecycle_name(KEY_ACTIVE, false), "active");
    assert_string_equal(lifecycle_name(KEY_ACTIVE, true), "expired");
    assert_string_equal(lifecycle_name(KEY_DISABLED, false), "disabled");
    assert_string_equal(lifecycle_name(KEY_DISABLED, true), "expired");
    assert_string_equal(lifecycle_name(KEY_REVOKED, true), "revoked");
}

int main(void)
{
    SUITE_ROWS(lifecycle_step_leads_where_it_should, transitions);
    SUITE_TEST(the_zero_state_is_revoked);
    SUITE_TEST(D10_a_key_is_expired_at_its_expiry);
    SUITE_TEST(D10_absurd_expiries_deny);
    SUITE_TEST(a_key_without_expiry_never_expires);
    SUITE_TEST(lifecycle_name_says_what_holds);
    return suite_run("core/lifecycle");
}
