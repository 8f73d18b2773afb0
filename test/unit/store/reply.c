/* reply.c - what was answered is answered again, to the same one, for a day. */
#include <stdio.h>
#include <stdlib.h>

#include "store/room.h"
#include "suite.h"

static const int64_t now_ms = 1700000000000;

static enum kw_err put(struct store *s, const char *actor, const char *key, int64_t at_ms)
{
    const struct reply r = {
        .key = str_from(key), .digest = {7}, .status = 201, .answer = STR("{\"id\":1}")};

    assert_ok(store_begin(s, str_from(actor), at_ms));
    enum kw_err err = store_put_reply(s, &r);
    return err == KW_OK ? store_commit(s) : err;
}

static enum kw_err find(struct store *s, const char *actor, const char *key, int64_t at_ms)
{
    struct buf answer = BUF_MAX(REPLY_ANSWER_MAX);
    struct reply r = {.status = 0};

    enum kw_err err = store_reply_find(s, str_from(actor), str_from(key), at_ms, &answer, &r);
    if (err == KW_OK) {
        assert_str(r.answer, STR("{\"id\":1}"));
        assert_int_equal(r.status, 201);
        assert_int_equal(r.digest[0], 7);
    }
    buf_deinit(&answer);
    return err;
}

static void a_reply_is_its_actors_for_a_day(void **state)
{
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(put(s, "member:a", "k", now_ms));
    assert_ok(find(s, "member:a", "k", now_ms));
    assert_ok(find(s, "member:a", "k", now_ms + REPLY_LIFE_MS - 1));
    assert_err(find(s, "member:a", "k", now_ms + REPLY_LIFE_MS), KW_ENOTFOUND);
    assert_err(find(s, "member:b", "k", now_ms), KW_ENOTFOUND);
    assert_err(find(s, "member:a", "K", now_ms), KW_ENOTFOUND);
    assert_err(put(s, "member:a", "k", now_ms + 1), KW_EEXISTS);
    assert_ok(put(s, "member:b", "k", now_ms + 1));
    assert_ok(put(s, "member:a", "k", now_ms + REPLY_LIFE_MS));
    store_close(s);
    room_clear(&r);
}

static void old_ones_go_when_new_ones_come(void **state)
{
    struct room r;
    char key[16];

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    for (int i = 0; i < 40; i++) {
        snprintf(key, sizeof key, "k%d", i);
        assert_ok(put(s, "uid:0", key, now_ms));
    }
    for (int i = 0; i < 3; i++) {
        snprintf(key, sizeof key, "n%d", i);
        assert_ok(put(s, "uid:0", key, now_ms + REPLY_LIFE_MS));
    }
    store_close(s);
    room_sql(&r, "UPDATE replies SET status = 202", 3);
    room_clear(&r);
}

static void a_reply_and_its_object_are_saved_together(void **state)
{
    const struct reply bad = {.key = STR("k"), .status = 99};
    struct account a = {.id = "acme", .name = "Acme", .state = ACCOUNT_ACTIVE}, got;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_err(store_put_reply(s, &bad), KW_EINVAL);
    assert_ok(store_begin(s, STR("uid:0"), now_ms));
    assert_ok(store_put_account(s, &a));
    assert_err(store_put_reply(s, &bad), KW_EINVAL);
    assert_err(store_commit(s), KW_EINVAL);
    assert_err(store_account(s, STR("acme"), &got), KW_ENOTFOUND);
    store_close(s);
    room_clear(&r);
}

static void a_reply_that_is_too_long_is_refused(void **state)
{
    struct room r;
    char *text = malloc(REPLY_ANSWER_MAX + 1);

    (void)state;
    assert_non_null(text);
    memset(text, 'x', REPLY_ANSWER_MAX + 1);
    room_make(&r);
    struct store *s = room_open(&r);
    struct reply long_one = {.key = STR("k"), .status = 201, .answer = {text, REPLY_ANSWER_MAX}};
    assert_ok(store_begin(s, STR("uid:0"), now_ms));
    assert_ok(store_put_reply(s, &long_one));
    long_one.key = STR("l");
    long_one.answer.n++;
    assert_err(store_put_reply(s, &long_one), KW_EINVAL);
    store_close(s);
    room_clear(&r);
    free(text);
}

int main(void)
{
    SUITE_TEST(a_reply_is_its_actors_for_a_day);
    SUITE_TEST(old_ones_go_when_new_ones_come);
    SUITE_TEST(a_reply_and_its_object_are_saved_together);
    SUITE_TEST(a_reply_that_is_too_long_is_refused);
    return suite_run("store/reply");
}
