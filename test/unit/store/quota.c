/* quota.c - quotas used: kept, replaced, and never more than that. */
#include "store/room.h"
#include "suite.h"

static enum kw_err show(void *ctx, const struct quota_used *q)
{
    buf_printf(ctx, "%u %u %u; ", q->slot, q->window, q->count);
    return KW_OK;
}

static void quotas_come_back_as_they_were_saved(void **state)
{
    const struct quota_used first[] = {{2, 19000, 5}, {1, 19000, 7}}, again[] = {{2, 19001, 1}};
    struct buf got = BUF_MAX(100);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_save_quotas(s, first, COUNT_OF(first)));
    assert_ok(store_save_quotas(s, again, COUNT_OF(again)));
    assert_ok(store_save_quotas(s, NULL, 0));
    store_close(s);
    s = room_open(&r);
    assert_ok(store_quotas(s, show, &got));
    assert_str(buf_view(&got), STR("1 19000 7; 2 19001 1; "));
    assert_int_equal(store_change_seq(s), 0); /* they are no change */
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void a_quota_used_never_goes_down_within_its_window(void **state)
{
    const struct quota_used more = {1, 19000, 7}, fewer = {1, 19000, 6}, later = {1, 19001, 1};
    struct buf got = BUF_MAX(100);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_save_quotas(s, &more, 1));
    assert_ok(store_save_quotas(s, &fewer, 1));
    assert_ok(store_quotas(s, show, &got));
    assert_str(buf_view(&got), STR("1 19000 7; "));
    got.n = 0;
    assert_ok(store_save_quotas(s, &later, 1));
    assert_ok(store_quotas(s, show, &got));
    assert_str(buf_view(&got), STR("1 19001 1; "));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void quotas_are_saved_all_or_none(void **state)
{
    const struct quota_used q[] = {{1, 19000, 5}, {0, 19000, 7}}; /* there is no slot 0 */
    struct buf got = BUF_MAX(100);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_err(store_save_quotas(s, q, COUNT_OF(q)), KW_EINVAL);
    assert_ok(store_quotas(s, show, &got));
    assert_int_equal(got.n, 0);
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_err(store_save_quotas(s, q, 1), KW_EINVAL); /* not in the middle of a change */
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void a_quota_that_cannot_be_is_damage(void **state)
{
    struct buf got = BUF_MAX(100);
    struct room r;

    (void)state;
    room_make(&r);
    room_sql(&r, "INSERT INTO quota_used VALUES (1, -1, 5)", 1);
    struct store *s = room_open(&r);
    assert_err(store_quotas(s, show, &got), KW_EDAMAGED);
    store_close(s);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(quotas_come_back_as_they_were_saved);
    SUITE_TEST(a_quota_used_never_goes_down_within_its_window);
    SUITE_TEST(quotas_are_saved_all_or_none);
    SUITE_TEST(a_quota_that_cannot_be_is_damage);
    return suite_run("store/quota");
}
