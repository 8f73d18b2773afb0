/* policy_log.c - the versions of the policy, with who put them and when. */
#include "store/room.h"
#include "suite.h"

static void put(struct store *s, const char *document, const char *actor, int64_t now_ms)
{
    uint32_t version = 0;

    assert_ok(store_begin(s, str_from(actor), now_ms));
    assert_ok(store_put_policy(s, str_from(document), &version));
    assert_ok(store_commit(s));
}

static enum kw_err note(void *ctx, const struct policy_version *p)
{
    buf_printf(ctx, "%u %.*s %lld %.*s", p->version, (int)p->actor.n, p->actor.p,
               (long long)p->time_ms, (int)p->document.n, p->document.p);
    return KW_OK;
}

static void versions_come_newest_first_with_who_put_them(void **state)
{
    struct buf text = BUF_MAX(1000);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_policies(s, 0, note, &text));
    assert_int_equal(text.n, 0);
    put(s, "read GET /a\n", "uid:0", 5);
    put(s, "deny GET /a\n", "member:7Q2mK4T9xJ1aBd", 6);
    put(s, "read GET /b\n", "uid:0", 7);
    assert_ok(store_policies(s, 0, note, &text));
    assert_str(buf_view(&text), STR("3 uid:0 7 read GET /b\n2 member:7Q2mK4T9xJ1aBd 6 deny GET "
                                    "/a\n1 uid:0 5 read GET /a\n"));
    buf_clear(&text);
    assert_ok(store_policies(s, 2, note, &text));
    assert_str(buf_view(&text), STR("1 uid:0 5 read GET /a\n"));
    store_close(s);
    buf_deinit(&text);
    room_clear(&r);
}

static void one_version_is_found(void **state)
{
    struct buf text = BUF_MAX(1000);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    put(s, "read GET /a\n", "uid:0", 5);
    put(s, "deny GET /a\n", "uid:0", 6);
    assert_ok(store_policy_version(s, 1, &text));
    assert_str(buf_view(&text), STR("read GET /a\n"));
    assert_err(store_policy_version(s, 0, &text), KW_ENOTFOUND);
    assert_err(store_policy_version(s, 3, &text), KW_ENOTFOUND);
    assert_err(store_policy_version(s, UINT32_MAX, &text), KW_ENOTFOUND);
    text.max = text.n;
    assert_err(store_policy_version(s, 2, &text), KW_ENOMEM);
    store_close(s);
    buf_deinit(&text);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(versions_come_newest_first_with_who_put_them);
    SUITE_TEST(one_version_is_found);
    return suite_run("store/policy_log");
}
