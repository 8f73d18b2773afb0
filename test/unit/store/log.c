/* log.c - the change log, handed out entry by entry and only where it holds. */
#include <stdio.h>

#include "base/buf.h"
#include "store/image.h"
#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd";

static enum kw_err show(void *ctx, const struct change *c)
{
    buf_printf(ctx, "%llu: %d %u.%u by %.*s at %lld; ", (unsigned long long)c->n, (int)c->kind,
               c->object, c->version, (int)c->actor.n, c->actor.p, (long long)c->time_ms);
    return KW_OK;
}

static void furnish(struct room *r)
{
    uint32_t version;

    room_make(r);
    struct store *s = room_open(r);
    struct grant g = room_key(s, id_1);
    g.state = KEY_REVOKED;
    room_change(s, &g);
    assert_ok(store_begin(s, STR("uid:7"), 3000));
    assert_ok(store_put_policy(s, STR("{}"), &version));
    assert_ok(store_commit(s));
    assert_int_equal(store_change_seq(s), 4);
    store_close(s);
}

static const struct part {
    const char *why;
    uint64_t after;
    uint32_t limit;
    const char *want;
} parts[] = {
    {"all", 0, 0,
     "1: 2 1.1 by uid:0 at 1000; 2: 1 1.1 by uid:0 at 2000; 3: 1 1.2 by uid:0 at 2000; "
     "4: 3 0.1 by uid:7 at 3000; "},
    {"after the second", 2, 0, "3: 1 1.2 by uid:0 at 2000; 4: 3 0.1 by uid:7 at 3000; "},
    {"two of them", 1, 2, "2: 1 1.1 by uid:0 at 2000; 3: 1 1.2 by uid:0 at 2000; "},
    {"just the last", 3, 1, "4: 3 0.1 by uid:7 at 3000; "},
    {"after the last", 4, 0, ""},
    {"far behind the last", 1000, 5, ""},
};

static void changes_are_handed_out_in_order(void **state)
{
    const struct part *row = *state;
    struct buf got = BUF_MAX(1000);
    struct room r;

    furnish(&r);
    struct store *s = room_open(&r);
    assert_ok(store_changes(s, row->after, row->limit, show, &got));
    assert_str(buf_view(&got), str_from(row->want));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static enum kw_err read_back(void *ctx, const struct change *c)
{
    return c->kind == CHANGE_KEY ? image_read_key(c->image, ctx) : KW_OK;
}

static void an_entry_holds_the_row_after_the_change(void **state)
{
    struct grant g, from_log = {0};
    struct room r;

    (void)state;
    furnish(&r);
    struct store *s = room_open(&r);
    assert_ok(store_key(s, str_from(id_1), NULL, &g));
    assert_ok(store_changes(s, 0, 0, read_back, &from_log));
    assert_memory_equal(&g, &from_log, sizeof g);
    store_close(s);
    room_clear(&r);
}

static enum kw_err stop(void *ctx, const struct change *c)
{
    (void)c;
    ++*(int *)ctx;
    return KW_ECONFLICT;
}

static void the_error_of_the_callee_ends_it(void **state)
{
    struct room r;
    int n = 0;

    (void)state;
    furnish(&r);
    struct store *s = room_open(&r);
    assert_err(store_changes(s, 0, 0, stop, &n), KW_ECONFLICT);
    assert_int_equal(n, 1);
    store_close(s);
    room_clear(&r);
}

static const struct broken {
    const char *why, *sql;
    int n;
} broken[] = {
    {"another time", "UPDATE change_log SET time_ms = 1 WHERE n = 2", 1},
    {"another image", "UPDATE change_log SET image = x'00' WHERE n = 2", 1},
    {"one missing", "DELETE FROM change_log WHERE n = 2", 1},
    {"all but the newest two missing", "DELETE FROM change_log WHERE n < 3", 2},
};

static void a_changed_entry_is_not_handed_out(void **state)
{
    const struct broken *row = *state;
    struct buf got = BUF_MAX(1000);
    struct room r;

    furnish(&r);
    room_sql(&r, row->sql, row->n);
    struct store *s = room_open(&r);
    assert_err(store_changes(s, 0, 0, show, &got), KW_EDAMAGED);
    assert_err(store_changes(s, 1, 1, show, &got), KW_EDAMAGED);
    assert_null(memchr(got.p == NULL ? "" : got.p, '4', got.n));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void an_image_of_an_earlier_version_is_found(void **state)
{
    AUTO(buf_deinit) struct buf image = BUF_MAX(4096);
    struct grant g;
    struct room r;

    (void)state;
    furnish(&r);
    struct store *s = room_open(&r);
    assert_ok(store_change_image(s, CHANGE_KEY, 1, 1, &image));
    assert_ok(image_read_key(buf_view(&image), &g));
    assert_int_equal(g.state, KEY_ACTIVE);
    buf_clear(&image);
    assert_ok(store_change_image(s, CHANGE_KEY, 1, 2, &image));
    assert_ok(image_read_key(buf_view(&image), &g));
    assert_int_equal(g.state, KEY_REVOKED);
    assert_err(store_change_image(s, CHANGE_KEY, 1, 3, &image), KW_ENOTFOUND);
    assert_err(store_change_image(s, CHANGE_KEY, 1, 0, &image), KW_ENOTFOUND);
    assert_err(store_change_image(s, CHANGE_MEMBER, 1, 1, &image), KW_ENOTFOUND);
    store_close(s);
    room_clear(&r);
}

static enum kw_err take_actor(void *ctx, const struct change *c)
{
    char *actor = ctx;

    snprintf(actor, 32, "%.*s", (int)c->actor.n, c->actor.p);
    return KW_EFULL;
}

static void the_change_that_made_a_version_is_found(void **state)
{
    char actor[32] = "";
    struct room r;

    (void)state;
    furnish(&r);
    struct store *s = room_open(&r);
    assert_err(store_change_of(s, CHANGE_KEY, 1, 2, take_actor, actor), KW_EFULL);
    assert_string_equal(actor, "uid:0");
    assert_err(store_change_of(s, CHANGE_KEY, 1, 3, take_actor, actor), KW_ENOTFOUND);
    store_close(s);
    room_clear(&r);
}

int main(void)
{
    SUITE_ROWS(changes_are_handed_out_in_order, parts);
    SUITE_TEST(an_entry_holds_the_row_after_the_change);
    SUITE_TEST(the_error_of_the_callee_ends_it);
    SUITE_ROWS(a_changed_entry_is_not_handed_out, broken);
    SUITE_TEST(an_image_of_an_earlier_version_is_found);
    SUITE_TEST(the_change_that_made_a_version_is_found);
    return suite_run("store/log");
}
