/* advice.c - advice takes away what a key was seen to do without, and is silent where too little was seen. */
#include "core/advice.h"

#include <stdio.h>

#include "suite.h"

#define DAY INT64_C(86400000)
#define NOW (20800 * DAY + DAY / 2)

static const struct advice_network nets[ADVICE_NETWORKS_MAX + 1] = {
    {{.net = {.b = {[10] = 0xff, [11] = 0xff, 203, 0, 113, 0}}, .prefix = 120, .classes = 7}, 900},
    {{.net = {.b = {0x20, 1, 0xd, 0xb8}}, .prefix = 48, .classes = 7}, 100},
};

static struct advice_facts facts(void)
{
    return (struct advice_facts){.now_ms = NOW,
                                 .since_ms = NOW - 59 * DAY,
                                 .requests = 1000,
                                 .classes = {[KW_CLASS_READ] = 1000},
                                 .last_used_ms = NOW - DAY,
                                 .networks = nets,
                                 .n_networks = 2,
                                 .has_all_networks = true};
}

static struct grant key(unsigned permissions)
{
    return (struct grant){
        .state = KEY_ACTIVE, .permissions = permissions, .created_ms = NOW - 99 * DAY};
}

static bool says(enum advice_kind kind, const struct advice_facts *f, const struct grant *g,
                 struct grant *out)
{
    bool is_said = advice_of(kind, f, g, out);

    if (is_said)
        assert_true(grant_narrows(g, out) && !grant_narrows(out, g));
    return is_said;
}

/* ---- permissions ---- */

enum { R = KW_READ_ONLY, T = KW_TRANSACTIONS, M = KW_ACCOUNT_MANAGEMENT, F = KW_FULL_ACCESS };

static const struct permission_row {
    const char *why;
    unsigned has;
    uint64_t unlisted, read, transact, manage;
    unsigned want; /* 0: no advice */
} permission_rows[] = {
    {"only read", F, 0, 100, 0, 0, R},
    {"read and moved money", F, 0, 50, 50, 0, T},
    {"moved money, and never read", F, 0, 0, 100, 0, T},
    {"did both", F, 0, 0, 50, 50, T | M},
    {"has two, and used one", T | M, 0, 10, 0, 90, M},
    {"one of a route that the policy does not list", F, 1, 99, 0, 0, 0},
    {"needs all that it has", T, 0, 50, 50, 0, 0},
    {"has the least there is", R, 0, 100, 0, 0, 0},
    {"the same by another name", R | T, 0, 50, 50, 0, 0},
    {"could do more before", R, 0, 50, 50, 0, 0},
    {"too few requests", F, 0, 99, 0, 0, 0},
};

static void smaller_permissions_cover_what_was_asked_for(void **state)
{
    const struct permission_row *row = *state;
    struct advice_facts f = facts();
    struct grant g = key(row->has), after;

    const uint64_t counts[ADVICE_CLASSES] = {row->unlisted, row->read, row->transact, row->manage};
    memcpy(f.classes, counts, sizeof counts);
    f.requests = row->unlisted + row->read + row->transact + row->manage;
    assert_int_equal(says(ADVICE_PERMISSIONS, &f, &g, &after), row->want != 0);
    if (row->want != 0)
        assert_int_equal(after.permissions, row->want);
}

/* ---- addresses ---- */

static void the_networks_that_were_seen_become_the_list(void **state)
{
    struct advice_facts f = facts();
    struct grant g = key(R), after;

    (void)state;
    assert_true(says(ADVICE_ADDRESSES, &f, &g, &after));
    assert_int_equal(after.n_rules, 2);
    assert_memory_equal(&after.rules[0], &nets[0].net, sizeof nets[0].net);
    assert_false(says(ADVICE_ADDRESSES, &f, &after, &g)); /* it has that list */
}

static const struct address_row {
    const char *why;
    uint64_t requests;
    size_t n;
    bool has_all;
    const char *rule; /* that the key has; NULL: none */
    bool want;
} address_rows[] = {
    {"some were counted together", 1000, 2, false, NULL, false},
    {"too many for a list", 1000, ADVICE_NETWORKS_MAX + 1, true, NULL, false},
    {"none", 1000, 0, true, NULL, false},
    {"too few requests", 99, 2, true, NULL, false},
    {"a list that lets more in", 1000, 1, true, "203.0.0.0/16", true},
    {"a list that lets less in", 1000, 1, true, "203.0.113.7", false},
    {"a list of somewhere else", 1000, 1, true, "10.0.0.0/8", false},
};

static void a_list_is_advised_only_where_it_is_whole_and_narrower(void **state)
{
    const struct address_row *row = *state;
    struct advice_facts f = facts();
    struct grant g = key(R), after;

    f.requests = row->requests;
    f.n_networks = row->n;
    f.has_all_networks = row->has_all;
    if (row->rule != NULL)
        assert_ok(address_rule_parse(str_from(row->rule), &g.rules[g.n_rules++]));
    assert_int_equal(says(ADVICE_ADDRESSES, &f, &g, &after), row->want);
}

/* ---- the end ---- */

static const struct end_row {
    const char *why;
    int64_t used_days_ago, expires_in; /* days; -1: never */
    int64_t end_in, unused_end_in;     /* that are advised; -1: none */
} end_rows[] = {
    {"used, never ends", 1, -1, ADVICE_EXPIRY_DAYS, -1},
    {"used, ends", 1, 400, -1, -1},
    {"not used for a month", 30, -1, -1, ADVICE_UNUSED_END_DAYS},
    {"not used for a day less", 29, -1, ADVICE_EXPIRY_DAYS, -1},
    {"never used since it is watched", -1, 400, -1, ADVICE_UNUSED_END_DAYS},
    {"not used, and ends as soon", 40, 10, -1, -1},
};

static void check_end(enum advice_kind kind, const struct advice_facts *f, const struct grant *g,
                      int64_t want)
{
    struct grant after;

    assert_int_equal(says(kind, f, g, &after), want >= 0);
    if (want >= 0)
        assert_int_equal(after.expires_ms, (NOW / DAY + want) * DAY);
}

static void what_nobody_needs_ends(void **state)
{
    const struct end_row *row = *state;
    struct advice_facts f = facts();
    struct grant g = key(R);

    f.last_used_ms = row->used_days_ago < 0 ? 0 : NOW - row->used_days_ago * DAY;
    g.expires_ms = row->expires_in < 0 ? 0 : NOW + row->expires_in * DAY;
    check_end(ADVICE_EXPIRY, &f, &g, row->end_in);
    check_end(ADVICE_UNUSED, &f, &g, row->unused_end_in);
}

/* ---- silence ---- */

static void nothing_is_advised_too_early_or_on_what_is_over(void **state)
{
    struct advice_facts f = facts();
    struct grant g = key(F), over = key(F), revoked = key(F), after;

    (void)state;
    over.expires_ms = NOW;
    revoked.state = KEY_REVOKED;
    assert_true(says(ADVICE_PERMISSIONS, &f, &g, &after));
    f.since_ms = NOW - ADVICE_DAYS_MIN * DAY + 1;
    for (enum advice_kind k = 0; k < ADVICE_N_KINDS; k++) {
        assert_false(says(k, &f, &g, &after));
        const struct advice_facts enough = facts();
        assert_false(says(k, &enough, &over, &after));
        assert_false(says(k, &enough, &revoked, &after));
    }
    assert_int_equal(advice_ready_ms(&f), NOW + 1);
}

static void each_word_is_read_back(void **state)
{
    enum advice_kind kind;

    (void)state;
    for (enum advice_kind k = 0; k < ADVICE_N_KINDS; k++) {
        assert_ok(advice_parse(str_from(advice_word(k)), &kind));
        assert_int_equal(kind, k);
    }
    assert_err(advice_parse(STR("more"), &kind), KW_ESYNTAX);
    assert_string_equal(advice_word(ADVICE_N_KINDS), "");
}

int main(void)
{
    SUITE_ROWS(smaller_permissions_cover_what_was_asked_for, permission_rows);
    SUITE_TEST(the_networks_that_were_seen_become_the_list);
    SUITE_ROWS(a_list_is_advised_only_where_it_is_whole_and_narrower, address_rows);
    SUITE_ROWS(what_nobody_needs_ends, end_rows);
    SUITE_TEST(nothing_is_advised_too_early_or_on_what_is_over);
    SUITE_TEST(each_word_is_read_back);
    return suite_run("core/advice");
}
