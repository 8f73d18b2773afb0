/* outline.c - keys as far as they are counted: of whom, in which slots, and when they were used. */
#include <stdio.h>

#include "store/room.h"
#include "suite.h"

static enum kw_err show(void *ctx, const struct key_outline *k)
{
    buf_printf(ctx, "%c", k->id[0]);
    return KW_OK;
}

static enum kw_err keep(void *ctx, const struct key_outline *k)
{
    struct key_outline *out = ctx;

    *out = *k;
    return KW_ECONFLICT;
}

static void put(struct store *s, const char *id, const char *account)
{
    struct grant g = room_grant(id);

    snprintf(g.account, sizeof g.account, "%s", account);
    g.environment = KW_PRODUCTION;
    g.state = KEY_DISABLED;
    g.expires_ms = 1900000000000;
    room_change(s, &g);
}

static struct store *furnish(struct room *r)
{
    room_make(r);
    struct store *s = room_open(r);
    room_account(s, "acme");
    room_account(s, "other");
    put(s, "0Q2mK4T9xJ1aBd", "acme");
    put(s, "1Q2mK4T9xJ1aBd", "other");
    put(s, "2Q2mK4T9xJ1aBd", "acme");
    return s;
}

static const struct question {
    const char *why, *account;
    uint32_t after, until;
    const char *want;
} questions[] = {
    {"all", "", 0, 100, "012"},
    {"of an account", "acme", 0, 100, "02"},
    {"of one that there is not", "-", 0, 100, ""},
    {"behind a slot", "", 1, 100, "12"},
    {"up to a slot", "", 0, 2, "01"},
    {"an account's, in a window", "acme", 1, 2, ""},
};

static void outlines_are_of(void **state)
{
    const struct question *row = *state;
    struct buf got = BUF_MAX(100);
    struct room r;

    struct store *s = furnish(&r);
    assert_ok(store_key_outlines(s, str_from(row->account), row->after, row->until, show, &got));
    assert_str(buf_view(&got), str_from(row->want));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void an_outline_tells_what_the_row_does(void **state)
{
    const struct last_use use = {USE_KEY, 1, 1800000000000, "192.0.2.1"};
    struct key_outline k = {.slot = 0};
    struct grant g;
    struct room r;

    (void)state;
    struct store *s = furnish(&r);
    assert_err(store_key_outlines(s, STR(""), 0, 1, keep, &k), KW_ECONFLICT);
    assert_int_equal(k.used_ms, 0);
    assert_ok(store_save_uses(s, &use, 1));
    assert_err(store_key_outlines(s, STR(""), 0, 1, keep, &k), KW_ECONFLICT);
    assert_ok(store_key_in_slot(s, 1, &g));
    assert_string_equal(k.id, g.id);
    assert_int_equal(k.slot, 1);
    assert_int_equal(k.environment, KW_PRODUCTION);
    assert_int_equal(k.state, KEY_DISABLED);
    assert_int_equal(k.created_ms, g.created_ms);
    assert_int_equal(k.ends_ms, grant_ends_ms(&g));
    assert_int_equal(k.rotation_due_ms, grant_rotation_due(g.secret_since_ms, g.rotation_days));
    assert_int_equal(k.rotation_days, g.rotation_days);
    assert_int_equal(k.generation, g.generation);
    assert_int_equal(k.used_ms, use.at_ms);
    store_close(s);
    room_clear(&r);
}

static void a_key_that_expires_unless_it_is_rotated_ends_by_then(void **state)
{
    struct key_outline k = {.slot = 0};
    struct grant g;
    struct room r;

    (void)state;
    struct store *s = furnish(&r);
    assert_ok(store_key_in_slot(s, 1, &g));
    g.rotation_days = 1;
    g.overdue = OVERDUE_EXPIRE;
    g.expires_ms = 0;
    room_change(s, &g);
    assert_err(store_key_outlines(s, STR(""), 0, 1, keep, &k), KW_ECONFLICT);
    assert_int_equal(k.ends_ms, g.secret_since_ms + 86400000);
    assert_int_equal(k.ends_ms, grant_ends_ms(&g));
    store_close(s);
    room_clear(&r);
}

int main(void)
{
    SUITE_ROWS(outlines_are_of, questions);
    SUITE_TEST(an_outline_tells_what_the_row_does);
    SUITE_TEST(a_key_that_expires_unless_it_is_rotated_ends_by_then);
    return suite_run("store/outline");
}
