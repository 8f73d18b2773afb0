/* frozen.c - what is frozen is found, and why, and nobody writes another reason into the database. */
#include <stdio.h>

#include "store/room.h"
#include "suite.h"

static struct grant freeze(struct store *s, struct grant g, const char *why)
{
    g.frozen = FREEZE_ALL;
    g.freeze_note = (struct freeze_note){.since_ms = 1750000000000, .by = "uid:0"};
    snprintf(g.freeze_note.why, sizeof g.freeze_note.why, "%s", why);
    room_change(s, &g);
    return g;
}

static enum kw_err print(void *ctx, const struct grant *g)
{
    buf_printf(ctx, "%s %s by %s; ", g->id, g->freeze_note.why, g->freeze_note.by);
    return KW_OK;
}

static enum kw_err print_account(void *ctx, const struct account *a)
{
    buf_printf(ctx, "%s %s; ", a->id, a->freeze_note.why);
    return KW_OK;
}

static void frozen_keys_are_found_with_their_reason(void **state)
{
    struct buf got = BUF_MAX(1000);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_key(s, "1Q2mK4T9xJ1aBd");
    freeze(s, room_key(s, "2Q2mK4T9xJ1aBd"), "odd");
    freeze(s, room_key(s, "3Q2mK4T9xJ1aBd"), "");
    store_close(s);
    s = room_open(&r);
    assert_ok(store_frozen_keys(s, STR(""), 10, print, &got));
    assert_str(buf_view(&got), STR("2Q2mK4T9xJ1aBd odd by uid:0; 3Q2mK4T9xJ1aBd  by uid:0; "));
    buf_clear(&got);
    assert_ok(store_frozen_keys(s, STR("acme"), 1, print, &got));
    assert_str(buf_view(&got), STR("2Q2mK4T9xJ1aBd odd by uid:0; "));
    buf_clear(&got);
    assert_ok(store_frozen_keys(s, STR("other"), 10, print, &got));
    assert_int_equal(got.n, 0);
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void a_frozen_account_is_found(void **state)
{
    struct buf got = BUF_MAX(1000);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    room_account(s, "calm");
    struct account a = room_account(s, "cold");
    a.frozen = FREEZE_TRANSACT;
    a.freeze_note = (struct freeze_note){.since_ms = 5, .why = "odd"};
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_ok(store_put_account(s, &a));
    assert_ok(store_commit(s));
    assert_ok(store_frozen_accounts(s, 10, print_account, &got));
    assert_str(buf_view(&got), STR("cold odd; "));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void a_reason_that_somebody_wrote_into_the_database_shows(void **state)
{
    struct buf got = BUF_MAX(1000);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    freeze(s, room_key(s, "1Q2mK4T9xJ1aBd"), "odd");
    store_close(s);
    room_sql(&r, "UPDATE keys SET freeze_note = NULL", 1);
    s = room_open(&r);
    assert_err(store_frozen_keys(s, STR(""), 10, print, &got), KW_EDAMAGED);
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(frozen_keys_are_found_with_their_reason);
    SUITE_TEST(a_frozen_account_is_found);
    SUITE_TEST(a_reason_that_somebody_wrote_into_the_database_shows);
    return suite_run("store/frozen");
}
