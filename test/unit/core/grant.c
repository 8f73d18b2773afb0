/* grant.c - names that may be kept, and changes that take something away. */
#include "core/grant.h"

#include "suite.h"

static const struct name {
    const char *why;
    struct str name;
    enum kw_err want;
} names[] = {
    {"one letter", STR_INIT("a"), KW_OK},
    {"words", STR_INIT("Payments, nightly job (Lagos)"), KW_OK},
    {"UTF-8", STR_INIT("Caf\xc3\xa9 \xe2\x82\xa6 \xf0\x9f\x94\x91"), KW_OK},
    {"markup is text", STR_INIT("<script>alert(1)</script>"), KW_OK},
    {"quotes are text", STR_INIT("Robert'); DROP TABLE keys;--"), KW_OK},
    {"empty", STR_INIT(""), KW_ESYNTAX},
    {"nothing", {NULL, 0}, KW_ESYNTAX},
    {"C6 a header behind a line break", STR_INIT("a\r\nX-Admin: 1"), KW_ESYNTAX},
    {"C6 a line feed", STR_INIT("a\nb"), KW_ESYNTAX},
    {"C6 a carriage return", STR_INIT("a\rb"), KW_ESYNTAX},
    {"NUL", STR_INIT("a\0b"), KW_ESYNTAX},
    {"a tab", STR_INIT("a\tb"), KW_ESYNTAX},
    {"DEL", STR_INIT("a\x7f"), KW_ESYNTAX},
    {"I1 an escape", STR_INIT("a\x1b[31m"), KW_ESYNTAX},
    {"I1 U+0085", STR_INIT("a\xc2\x85"), KW_ESYNTAX},
    {"I1 U+2028", STR_INIT("a\xe2\x80\xa8"), KW_ESYNTAX},
    {"right to left",
     STR_INIT("a\xe2\x80\xae"
              "b\xe2\x80\xac"),
     KW_ESYNTAX},
    {"a byte order mark",
     STR_INIT("\xef\xbb\xbf"
              "a"),
     KW_ESYNTAX},
    {"not UTF-8", STR_INIT("a\xff"), KW_ESYNTAX},
};

static void C6_grant_name_check(void **state)
{
    const struct name *row = *state;

    assert_err(grant_name_check(row->name), row->want);
}

static void grant_name_check_takes_a_hundred_bytes(void **state)
{
    char text[GRANT_NAME_MAX + 1];

    (void)state;
    memset(text, 'a', sizeof text);
    assert_ok(grant_name_check((struct str){text, GRANT_NAME_MAX}));
    assert_err(grant_name_check((struct str){text, GRANT_NAME_MAX + 1}), KW_ERANGE);
}

static const struct account_id {
    const char *why;
    struct str id;
    enum kw_err want;
} ids[] = {
    {"one letter", STR_INIT("a"), KW_OK},
    {"letters, digits, dashes", STR_INIT("acme-1-eu"), KW_OK},
    {"forty", STR_INIT("abcdefghijabcdefghijabcdefghijabcdefghij"), KW_OK},
    {"forty-one", STR_INIT("abcdefghijabcdefghijabcdefghijabcdefghijk"), KW_ERANGE},
    {"empty", STR_INIT(""), KW_ESYNTAX},
    {"a digit first", STR_INIT("1a"), KW_ESYNTAX},
    {"a dash first", STR_INIT("-a"), KW_ESYNTAX},
    {"upper case", STR_INIT("Acme"), KW_ESYNTAX},
    {"an underscore", STR_INIT("a_b"), KW_ESYNTAX},
    {"a dot", STR_INIT("a.b"), KW_ESYNTAX},
    {"a slash", STR_INIT("a/b"), KW_ESYNTAX},
    {"a space", STR_INIT("a b"), KW_ESYNTAX},
    {"NUL", STR_INIT("a\0"), KW_ESYNTAX},
    {"C6 a line feed", STR_INIT("a\n"), KW_ESYNTAX},
    {"C6 a carriage return", STR_INIT("a\r"), KW_ESYNTAX},
    {"C6 a header behind a line break", STR_INIT("a\r\nx-admin: 1"), KW_ESYNTAX},
    {"not ASCII", STR_INIT("caf\xc3\xa9"), KW_ESYNTAX},
};

static void C6_account_id_check_is_exact(void **state)
{
    const struct account_id *row = *state;

    assert_err(account_id_check(row->id), row->want);
}

/* ---- what narrows ---- */

static const struct grant some = {
    .environment = KW_PRODUCTION,
    .permissions = KW_READ_ONLY | KW_TRANSACTIONS,
    .state = KEY_ACTIVE,
    .expires_ms = 1000,
    .digest = {1},
    .old_digest = {2},
    .old_ends_ms = 500,
    .secret_since_ms = 100,
    .rotation_days = 10,
    .frozen = FREEZE_TRANSACT,
    .rate = {600, 60, 60},
    .quota = {1000, QUOTA_DAY},
    .rules = {{.net = {{10}}, .prefix = 8, .classes = ADDRESS_EVERY_CLASS}},
    .n_rules = 1,
};

static void same(struct grant *g)
{
    (void)g;
}

static void renamed(struct grant *g)
{
    g->name[0] = 'x';
}

static void disabled(struct grant *g)
{
    g->state = KEY_DISABLED;
}

static void revoked_and_widened(struct grant *g)
{
    g->state = KEY_REVOKED;
    g->permissions = KW_FULL_ACCESS;
}

static void fewer_permissions(struct grant *g)
{
    g->permissions = KW_READ_ONLY;
}

static void the_same_in_other_words(struct grant *g)
{
    g->permissions = KW_TRANSACTIONS;
}

static void other_permissions(struct grant *g)
{
    g->permissions = KW_ACCOUNT_MANAGEMENT;
}

static void more_permissions(struct grant *g)
{
    g->permissions = KW_FULL_ACCESS;
}

static void sooner_expiry(struct grant *g)
{
    g->expires_ms = 999;
}

static void later_expiry(struct grant *g)
{
    g->expires_ms = 1001;
}

static void no_expiry(struct grant *g)
{
    g->expires_ms = 0;
}

static void a_lower_rate(struct grant *g)
{
    g->rate = (struct rate){599, 60, 60};
}

static void a_lower_rate_in_another_window(struct grant *g)
{
    g->rate = (struct rate){9, 1, 60};
}

static void a_higher_rate(struct grant *g)
{
    g->rate = (struct rate){11, 1, 60};
}

static void a_larger_burst(struct grant *g)
{
    g->rate = (struct rate){600, 60, 61};
}

static void no_rate(struct grant *g)
{
    g->rate = (struct rate){0};
}

static void a_lower_quota(struct grant *g)
{
    g->quota.n = 999;
}

static void a_higher_quota(struct grant *g)
{
    g->quota.n = 1001;
}

static void another_window(struct grant *g)
{
    g->quota.window = QUOTA_MONTH;
}

static void no_quota(struct grant *g)
{
    g->quota = (struct quota){0};
}

static void a_smaller_network(struct grant *g)
{
    g->rules[0].prefix = 16;
}

static void a_larger_network(struct grant *g)
{
    g->rules[0].prefix = 7;
}

static void another_network(struct grant *g)
{
    g->rules[0].net.b[0] = 11;
}

static void no_rules(struct grant *g)
{
    g->n_rules = 0;
}

static void a_new_secret(struct grant *g)
{
    g->digest[0] = 3;
}

static void a_longer_overlap(struct grant *g)
{
    g->old_ends_ms = 501;
}

static void a_shorter_overlap(struct grant *g)
{
    g->old_ends_ms = 499;
}

static void the_old_secret_back(struct grant *g)
{
    g->digest[0] = 2;
    g->old_digest[0] = 1;
    g->old_ends_ms = 400;
}

static void no_more_frozen(struct grant *g)
{
    g->frozen = FREEZE_NOTHING;
}

static void all_frozen(struct grant *g)
{
    g->frozen = FREEZE_ALL;
}

static void to_rotate_later(struct grant *g)
{
    g->rotation_days = 20;
}

static void read_only_when_overdue(struct grant *g)
{
    g->overdue = OVERDUE_READ_ONLY;
}

static void gone_when_overdue(struct grant *g)
{
    g->overdue = OVERDUE_EXPIRE;
}

static void another_environment(struct grant *g)
{
    g->environment = KW_SANDBOX;
}

static const struct change {
    const char *why;
    void (*apply)(struct grant *g);
    bool narrows;
} changes[] = {
    {"nothing", same, true},
    {"a name", renamed, true},
    {"disabled", disabled, true},
    {"revoked, whatever else", revoked_and_widened, true},
    {"fewer permissions", fewer_permissions, true},
    {"the same permissions in other words", the_same_in_other_words, true},
    {"other permissions", other_permissions, false},
    {"more permissions", more_permissions, false},
    {"a sooner expiry", sooner_expiry, true},
    {"a later expiry", later_expiry, false},
    {"no expiry", no_expiry, false},
    {"a lower rate", a_lower_rate, true},
    {"a lower rate in another window", a_lower_rate_in_another_window, true},
    {"a higher rate", a_higher_rate, false},
    {"a larger burst", a_larger_burst, false},
    {"no rate", no_rate, false},
    {"a lower quota", a_lower_quota, true},
    {"a higher quota", a_higher_quota, false},
    {"another window of the quota", another_window, false},
    {"no quota", no_quota, false},
    {"a smaller network", a_smaller_network, true},
    {"a larger network", a_larger_network, false},
    {"another network", another_network, false},
    {"no rules", no_rules, false},
    {"a new secret", a_new_secret, false},
    {"a longer overlap", a_longer_overlap, false},
    {"a shorter overlap", a_shorter_overlap, true},
    {"the old secret back in the place of the new one", the_old_secret_back, false},
    {"no more frozen", no_more_frozen, false},
    {"all of it frozen", all_frozen, true},
    {"to be rotated later, which only warns", to_rotate_later, true},
    {"only reading when it is overdue", read_only_when_overdue, true},
    {"no longer good when it is overdue", gone_when_overdue, true},
    {"another environment", another_environment, false},
};

static void grant_narrows_only_what_lets_nobody_do_more(void **state)
{
    const struct change *row = *state;
    struct grant after = some;

    row->apply(&after);
    assert_int_equal(grant_narrows(&some, &after), row->narrows);
}

static void the_narrower_of_both_worlds_narrows_the_one_before(void **state)
{
    const struct change *row = *state;
    struct grant after = some;

    row->apply(&after);
    struct grant g = grant_narrower(&some, &after);
    assert_true(grant_narrows(&some, &g));
    if (row->narrows)
        assert_memory_equal(&g, &after, sizeof g);
}

/* Each change together with one that narrows: that one is in it, the other is not unless it narrows. */
static void the_narrower_of_both_worlds_takes_what_narrows(void **state)
{
    const struct change *row = *state;
    struct grant after = some;

    row->apply(&after);
    if (after.state != KEY_ACTIVE)
        return;
    after.rate.n = 7;
    after.rate.window_s = 60;
    after.rate.burst = 1;
    struct grant g = grant_narrower(&some, &after);
    assert_int_equal(g.rate.n, 7);
    assert_true(grant_narrows(&some, &g));
}

static void two_permissions_that_differ_have_reading_in_common(void **state)
{
    struct grant before = some, after = some;

    (void)state;
    before.permissions = KW_TRANSACTIONS;
    after.permissions = KW_ACCOUNT_MANAGEMENT;
    assert_int_equal(grant_narrower(&before, &after).permissions, KW_READ_ONLY);
    before.permissions = KW_FULL_ACCESS;
    assert_int_equal(grant_narrower(&before, &after).permissions, KW_ACCOUNT_MANAGEMENT);
    assert_int_equal(grant_narrower(&after, &before).permissions, KW_ACCOUNT_MANAGEMENT);
}

static void the_narrower_of_both_worlds_is_not_active_unless_both_are(void **state)
{
    struct grant before = some;

    (void)state;
    before.state = KEY_DISABLED;
    assert_int_equal(grant_narrower(&before, &some).state, KEY_DISABLED);
    before.state = KEY_REVOKED;
    assert_int_equal(grant_narrower(&before, &some).state, KEY_REVOKED);
}

static void accounts_narrow_by_state_and_by_rules(void **state)
{
    const struct address_rule rule = {.net = {{10}}, .prefix = 8, .classes = ADDRESS_EVERY_CLASS};
    const struct account open = {.state = ACCOUNT_ACTIVE, .name = "a"},
                         ruled = {.state = ACCOUNT_ACTIVE, .rules = {rule}, .n_rules = 1},
                         suspended = {.state = ACCOUNT_SUSPENDED};

    (void)state;
    assert_true(account_narrows(&open, &suspended));
    assert_true(account_narrows(&ruled, &suspended));
    assert_true(account_narrows(&open, &ruled));
    assert_true(account_narrows(&ruled, &ruled));
    assert_false(account_narrows(&ruled, &open));
    assert_false(account_narrows(&suspended, &open));
    assert_false(account_narrows(&suspended, &ruled));
    struct account a = account_narrower(&suspended, &ruled); /* opened, but with rules */
    assert_int_equal(a.state, ACCOUNT_SUSPENDED);
    assert_int_equal(a.n_rules, 1);
    a = account_narrower(&ruled, &open);
    assert_int_equal(a.n_rules, 1);
}

/* A key that nobody can use is widened by whatever makes it usable. */
static void grant_narrows_not_from_a_state_that_denies(void **state)
{
    struct grant before = some, after = some;

    (void)state;
    before.state = KEY_DISABLED;
    assert_false(grant_narrows(&before, &after));
    before.state = KEY_REVOKED;
    assert_false(grant_narrows(&before, &after));
}

static void limits_and_rules_where_there_were_none_narrow(void **state)
{
    struct grant before = some, after = some;

    (void)state;
    before.rate = (struct rate){0};
    before.quota = (struct quota){0};
    before.n_rules = 0;
    before.expires_ms = 0;
    assert_true(grant_narrows(&before, &after));
    assert_false(grant_narrows(&after, &before));
}

/* ---- what decides when a key ends ---- */

static const struct end {
    const char *why;
    int64_t expires_ms;
    uint32_t rotation_days;
    enum rotation_overdue overdue;
    int64_t ends_ms, only_reads_from_ms;
} ends[] = {
    {"never", 0, 0, OVERDUE_EXPIRE, 0, 0},
    {"by its expiry", 500, 0, OVERDUE_EXPIRE, 500, 0},
    {"a warning ends nothing", 0, 1, OVERDUE_ALERT, 0, 0},
    {"by its rotation", 0, 1, OVERDUE_EXPIRE, 86400100, 0},
    {"by whichever is first: the expiry", 500, 1, OVERDUE_EXPIRE, 500, 0},
    {"by whichever is first: the rotation", 86400101, 1, OVERDUE_EXPIRE, 86400100, 0},
    {"it reads on", 0, 1, OVERDUE_READ_ONLY, 0, 86400100},
    {"it reads on until its expiry", 500, 1, OVERDUE_READ_ONLY, 500, 86400100},
};

static void a_key_ends(void **state)
{
    const struct end *row = *state;
    struct grant g = {.expires_ms = row->expires_ms,
                      .secret_since_ms = 100,
                      .rotation_days = row->rotation_days,
                      .overdue = row->overdue};

    assert_int_equal(grant_ends_ms(&g), row->ends_ms);
    assert_int_equal(grant_only_reads_from_ms(&g), row->only_reads_from_ms);
}

/* The sooner rotation counts: were its parts mixed, the key would end when neither says. */
static void a_later_rotation_of_a_key_that_ends_by_it_does_not_narrow(void **state)
{
    struct grant before = some, after = some;

    (void)state;
    before.overdue = after.overdue = OVERDUE_EXPIRE;
    before.expires_ms = after.expires_ms = 0;
    after.rotation_days = 20;
    assert_false(grant_narrows(&before, &after));
    assert_true(grant_narrows(&after, &before));
    assert_int_equal(grant_narrower(&before, &after).rotation_days, 10);
    after.overdue = OVERDUE_READ_ONLY;
    assert_false(grant_narrows(&before, &after));
    assert_int_equal(grant_narrower(&before, &after).overdue, OVERDUE_EXPIRE);
}

static void accounts_and_environments_narrow_by_what_is_frozen(void **state)
{
    const struct account open = {.state = ACCOUNT_ACTIVE},
                         held = {.state = ACCOUNT_ACTIVE, .frozen = FREEZE_TRANSACT};
    const struct environment runs = {.slot = 1}, stands = {.slot = 1, .frozen = FREEZE_ALL};

    (void)state;
    assert_true(account_narrows(&open, &held));
    assert_false(account_narrows(&held, &open));
    assert_int_equal(account_narrower(&held, &open).frozen, FREEZE_TRANSACT);
    assert_true(environment_narrows(&runs, &stands));
    assert_false(environment_narrows(&stands, &runs));
    assert_int_equal(environment_narrower(&stands, &runs).frozen, FREEZE_ALL);
}

static void a_freeze_has_a_name(void **state)
{
    enum freeze frozen = FREEZE_READ;

    (void)state;
    assert_ok(freeze_parse(STR("transact"), &frozen));
    assert_int_equal(frozen, FREEZE_TRANSACT);
    assert_err(freeze_parse(STR("read"), &frozen), KW_ESYNTAX);
    assert_string_equal(freeze_name(FREEZE_NOTHING), "nothing");
    assert_string_equal(freeze_name(FREEZE_MANAGE), "all"); /* whatever it may be */
}

static void a_reason_is_text_on_one_line_or_nothing(void **state)
{
    static const char right_to_left[] = {'\xe2', '\x80', '\xae', 'g'}; /* U+202E */
    static char longest[FREEZE_WHY_MAX + 1];

    (void)state;
    memset(longest, 'x', sizeof longest);
    assert_ok(freeze_why_check(STR("")));
    assert_ok(freeze_why_check(STR("payouts look wrong, \xe2\x82\xac 5 each")));
    assert_ok(freeze_why_check((struct str){longest, FREEZE_WHY_MAX}));
    assert_err(freeze_why_check((struct str){longest, FREEZE_WHY_MAX + 1}), KW_ERANGE);
    assert_err(freeze_why_check(STR("two\nlines")), KW_ESYNTAX);
    assert_err(freeze_why_check(STR("\x1b[2J")), KW_ESYNTAX);
    assert_err(freeze_why_check(STR("\xff")), KW_ESYNTAX);
    assert_err(freeze_why_check((struct str){right_to_left, sizeof right_to_left}), KW_ESYNTAX);
}

int main(void)
{
    SUITE_ROWS(C6_grant_name_check, names);
    SUITE_TEST(grant_name_check_takes_a_hundred_bytes);
    SUITE_ROWS(C6_account_id_check_is_exact, ids);
    SUITE_ROWS(grant_narrows_only_what_lets_nobody_do_more, changes);
    SUITE_ROWS(the_narrower_of_both_worlds_narrows_the_one_before, changes);
    SUITE_ROWS(the_narrower_of_both_worlds_takes_what_narrows, changes);
    SUITE_TEST(two_permissions_that_differ_have_reading_in_common);
    SUITE_TEST(the_narrower_of_both_worlds_is_not_active_unless_both_are);
    SUITE_TEST(accounts_narrow_by_state_and_by_rules);
    SUITE_TEST(grant_narrows_not_from_a_state_that_denies);
    SUITE_TEST(limits_and_rules_where_there_were_none_narrow);
    SUITE_ROWS(a_key_ends, ends);
    SUITE_TEST(a_later_rotation_of_a_key_that_ends_by_it_does_not_narrow);
    SUITE_TEST(accounts_and_environments_narrow_by_what_is_frozen);
    SUITE_TEST(a_freeze_has_a_name);
    SUITE_TEST(a_reason_is_text_on_one_line_or_nothing);
    return suite_run("core/grant");
}
