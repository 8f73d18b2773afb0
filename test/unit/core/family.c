/* family.c - what a family of tokens hangs on, and what a refresh makes of it. */
#include "core/family.h"

#include "core/rotation.h"
#include "suite.h"

enum { NOW_MS = 1000000 };

static const struct address here = {{[15] = 1}}, there = {{[15] = 2}};

static struct grant key_of(void)
{
    struct grant g = {.slot = 1, .state = KEY_ACTIVE, .generation = 1, .digest = {1, 2, 3}};

    return g;
}

static struct family family_of(const struct grant *g)
{
    struct family f = {.slot = 1,
                       .version = 1,
                       .state = FAMILY_ACTIVE,
                       .permissions = KW_READ_ONLY,
                       .secret_mark = family_secret_mark(g->digest),
                       .access_s = 900,
                       .created_ms = NOW_MS,
                       .ends_ms = NOW_MS + 1000 * 1000,
                       .access_ends_ms = NOW_MS + 900 * 1000,
                       .access_digest = {4},
                       .refresh_digest = {5}};

    return f;
}

static void a_family_is_over_at_its_end_and_when_it_is_ended(void **state)
{
    struct grant g = key_of();
    struct family f = family_of(&g);

    (void)state;
    assert_false(family_is_over(&f, f.ends_ms - 1));
    assert_true(family_is_over(&f, f.ends_ms));
    f.state = FAMILY_ENDED;
    assert_true(family_is_over(&f, NOW_MS));
}

static void D11_a_family_ends_with_the_secret_that_it_was_exchanged_for(void **state)
{
    static const uint8_t fresh[GRANT_DIGEST_LEN] = {9};
    struct grant g = key_of();
    struct family old = family_of(&g);

    (void)state;
    assert_true(family_key_is_good(&old, &g, NOW_MS));
    assert_ok(rotation_begin(&g, fresh, 60, NOW_MS));
    struct family next = family_of(&g);
    assert_true(family_key_is_good(&old, &g, NOW_MS + 59999));
    assert_false(family_key_is_good(&old, &g, NOW_MS + 60000));
    assert_true(family_key_is_good(&next, &g, NOW_MS + 60000));
    assert_ok(rotation_cancel(&g, NOW_MS + 1));
    assert_true(family_key_is_good(&old, &g, NOW_MS + 60000));
    assert_false(family_key_is_good(&next, &g, NOW_MS + 60000));
}

static const struct end_of_key {
    const char *why;
    enum key_state state;
    int64_t expires_ms;
} ends_of_key[] = {{"revoked", KEY_REVOKED, 0},
                   {"disabled", KEY_DISABLED, 0},
                   {"expired just now", KEY_ACTIVE, NOW_MS}};

static void a_family_is_good_for_nothing_without_its_key(void **state)
{
    const struct end_of_key *row = *state;
    struct grant g = key_of();
    struct family f = family_of(&g);

    g.state = row->state;
    g.expires_ms = row->expires_ms;
    assert_false(family_key_is_good(&f, &g, NOW_MS));
}

static void a_step_keeps_the_access_token_before_until_its_end(void **state)
{
    const struct family_pair next = {{6}, {7}};
    struct grant g = key_of();
    struct family f = family_of(&g);
    int64_t before_ms = f.access_ends_ms;

    (void)state;
    assert_ok(family_step(&f, &next, &here, NOW_MS + 60000));
    assert_int_equal(f.old_access_digest[0], 4);
    assert_int_equal(f.old_access_ends_ms, before_ms);
    assert_int_equal(f.access_digest[0], 6);
    assert_int_equal(f.access_ends_ms, NOW_MS + 960000);
    assert_int_equal(f.refresh_digest[0], 7);
    assert_int_equal(f.refreshes, 1);
    assert_ok(family_step(&f, &next, &here, NOW_MS + 200000));
    assert_int_equal(f.access_ends_ms, f.ends_ms); /* no token outlives its family */
    f.refreshes = UINT32_MAX;
    assert_err(family_step(&f, &next, &here, NOW_MS), KW_EFULL);
}

static void D17_grace_is_for_the_same_address_and_ten_seconds(void **state)
{
    const struct family_pair next = {{6}, {7}};
    struct grant g = key_of();
    struct family f = family_of(&g);

    (void)state;
    assert_false(family_in_grace(&f, &here, NOW_MS));
    assert_ok(family_step(&f, &next, &here, NOW_MS));
    assert_true(family_in_grace(&f, &here, NOW_MS + 10000));
    assert_false(family_in_grace(&f, &here, NOW_MS + 10001));
    assert_false(family_in_grace(&f, &there, NOW_MS));
}

static void only_an_end_narrows(void **state)
{
    const struct family_pair next = {{6}, {7}};
    struct grant g = key_of();
    struct family f = family_of(&g), stepped = f, ended = f;

    (void)state;
    assert_ok(family_step(&stepped, &next, &here, NOW_MS));
    ended.state = FAMILY_ENDED;
    assert_true(family_narrows(&f, &ended));
    assert_true(family_narrows(&f, &f));
    assert_false(family_narrows(&f, &stepped));
    assert_false(family_narrows(&ended, &f));
}

int main(void)
{
    SUITE_TEST(a_family_is_over_at_its_end_and_when_it_is_ended);
    SUITE_TEST(D11_a_family_ends_with_the_secret_that_it_was_exchanged_for);
    SUITE_ROWS(a_family_is_good_for_nothing_without_its_key, ends_of_key);
    SUITE_TEST(a_step_keeps_the_access_token_before_until_its_end);
    SUITE_TEST(D17_grace_is_for_the_same_address_and_ten_seconds);
    SUITE_TEST(only_an_end_narrows);
    return suite_run("core/family");
}
