/* use.c - when what was last used; a step of TOTP is used once. */
#include <stdio.h>

#include "store/room.h"
#include "suite.h"

static void assert_use(struct store *s, enum use_kind kind, int64_t at_ms, const char *source)
{
    struct last_use u;

    assert_ok(store_use(s, kind, 7, &u));
    assert_int_equal(u.at_ms, at_ms);
    assert_string_equal(u.source, source);
}

static void a_use_never_goes_back(void **state)
{
    struct room r;
    struct last_use none;
    const struct last_use first[] = {{USE_KEY, 7, 100, "192.0.2.1"}, {USE_MEMBER, 7, 50, ""}},
                          older = {USE_KEY, 7, 99, "192.0.2.2"},
                          later = {USE_KEY, 7, 101, "2001:db8::1"};

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_err(store_use(s, USE_KEY, 7, &none), KW_ENOTFOUND);
    assert_ok(store_save_uses(s, first, 2));
    assert_ok(store_save_uses(s, &older, 1));
    assert_use(s, USE_KEY, 100, "192.0.2.1");
    assert_use(s, USE_MEMBER, 50, "");
    assert_ok(store_save_uses(s, &later, 1));
    store_close(s);
    s = room_open(&r);
    assert_use(s, USE_KEY, 101, "2001:db8::1");
    assert_err(store_use(s, USE_TOKEN, 7, &none), KW_ENOTFOUND);
    store_close(s);
    room_clear(&r);
}

static struct key_use use_of(const char *id, int64_t at_ms, const char *source)
{
    struct key_use u = {.at_ms = at_ms};

    memcpy(u.id, id, sizeof u.id);
    snprintf(u.source, sizeof u.source, "%s", source);
    return u;
}

static void a_key_is_found_by_its_id(void **state)
{
    struct room r;
    struct last_use u;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_key(s, "7Q2mK4T9xJ1aBd");
    const struct key_use first[] = {use_of(g.id, 100, "192.0.2.1"),
                                    use_of("aaaaaaaaaaaaaa", 100, "192.0.2.9")},
                         older = use_of(g.id, 99, "192.0.2.2"),
                         no_id = use_of("a-aaaaaaaaaaaa", 1, ""), no_time = use_of(g.id, 0, "");
    assert_ok(store_save_key_uses(s, first, 2)); /* there is no such key: passed over */
    assert_ok(store_save_key_uses(s, &older, 1));
    assert_ok(store_use(s, USE_KEY, g.slot, &u));
    assert_int_equal(u.at_ms, 100);
    assert_string_equal(u.source, "192.0.2.1");
    assert_err(store_save_key_uses(s, &no_id, 1), KW_EINVAL);
    assert_err(store_save_key_uses(s, &no_time, 1), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

static void all_of_a_batch_or_nothing(void **state)
{
    struct room r;
    struct last_use none;
    const struct last_use batch[] = {{USE_KEY, 7, 100, ""}, {USE_KEY, 0, 100, ""}};

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_err(store_save_uses(s, batch, 2), KW_EINVAL);
    assert_err(store_use(s, USE_KEY, 7, &none), KW_ENOTFOUND);
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_err(store_save_uses(s, batch, 1), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

static void a_step_is_used_once(void **state)
{
    struct room r;
    const struct last_use seen = {USE_MEMBER, 7, 100, "192.0.2.1"};

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_take_totp_step(s, 7, 1000));
    assert_err(store_take_totp_step(s, 7, 1000), KW_ECONFLICT);
    assert_err(store_take_totp_step(s, 7, 999), KW_ECONFLICT);
    assert_ok(store_take_totp_step(s, 8, 1000));
    assert_ok(store_save_uses(s, &seen, 1)); /* which leaves the step alone */
    store_close(s);
    s = room_open(&r);
    assert_err(store_take_totp_step(s, 7, 1000), KW_ECONFLICT);
    assert_ok(store_take_totp_step(s, 7, 1001));
    assert_use(s, USE_MEMBER, 100, "192.0.2.1");
    assert_err(store_take_totp_step(s, 7, UINT64_MAX), KW_EINVAL);
    assert_err(store_take_totp_step(s, 0, 2000), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(a_use_never_goes_back);
    SUITE_TEST(a_key_is_found_by_its_id);
    SUITE_TEST(all_of_a_batch_or_nothing);
    SUITE_TEST(a_step_is_used_once);
    return suite_run("store/use");
}
