/* people.c - members, tokens and uses through sync: saved with the answer to the call, and what narrows on a full disk too. */
#include <stdio.h>

#include "store/faulty.h"
#include "suite.h"
#include "sync/house.h"

static const char id_1[] = "1Q2mK4T9xJ1aMe", id_2[] = "2Q2mK4T9xJ1aMe", token_id[] = "1Q2mK4T9xJ1aTo";

static void house_with_reserve(struct house *h)
{
    faulty_install();
    house_make(h);
    house_shut(h);
    snprintf(h->reserve_file, sizeof h->reserve_file, "%s", folder_file(&h->room.folder, "reserve"));
    house_open(h);
}

static enum kw_err put(struct house *h, struct member *m)
{
    return sync_put_member(h->sync, STR("uid:0"), m, NULL);
}

static struct member person(struct house *h, const char *id)
{
    struct member m = room_person(id);

    assert_ok(put(h, &m));
    return m;
}

static void assert_level(struct house *h)
{
    struct sync_stats stats;

    sync_stats(h->sync, &stats);
    assert_int_equal(stats.published_seq, stats.change_seq);
}

static void what_is_put_is_there_after_a_start(void **state)
{
    struct house h;
    struct member got;
    struct token t = room_pass(token_id, id_1), got_t;

    (void)state;
    house_make(&h);
    struct member m = person(&h, id_1);
    assert_ok(sync_put_token(h.sync, STR("uid:0"), &t, NULL));
    assert_int_equal(m.slot, 1);
    assert_int_equal(t.version, 1);
    assert_level(&h);
    house_shut(&h);
    house_open(&h); /* adopts: the entries of people are passed by */
    struct store *store = sync_lock(h.sync);
    assert_ok(store_member(store, str_from(id_1), NULL, &got));
    assert_ok(store_token(store, str_from(token_id), NULL, &got_t));
    sync_unlock(h.sync);
    assert_memory_equal(&got, &m, sizeof got);
    assert_memory_equal(&got_t, &t, sizeof got_t);
    assert_level(&h);
    house_clear(&h);
}

static void the_last_owner_stays(void **state)
{
    struct house h;

    (void)state;
    house_make(&h);
    struct member m = person(&h, id_1), gone = m;
    gone.state = MEMBER_REMOVED;
    assert_err(put(&h, &gone), KW_ECONFLICT);
    assert_int_equal(gone.version, 1);
    person(&h, id_2);
    assert_ok(put(&h, &gone));
    assert_err(put(&h, &m), KW_ECONFLICT); /* of an older version */
    gone.slot = 9;
    assert_err(put(&h, &gone), KW_ECONFLICT);
    house_clear(&h);
}

static void X3_on_a_full_disk_only_what_narrows_is_saved(void **state)
{
    struct house h;
    struct token t = room_pass(token_id, id_1);
    const struct last_use use = {USE_KEY, 1, 5, ""};

    (void)state;
    house_with_reserve(&h);
    struct member one = person(&h, id_1), two = person(&h, id_2), more = two;
    assert_ok(sync_put_token(h.sync, STR("uid:0"), &t, NULL));
    faulty.full_beside = h.reserve_file;
    more.is_operator = true;
    assert_err(put(&h, &more), KW_EFULL);
    two.state = MEMBER_REMOVED;
    assert_ok(put(&h, &two));
    assert_int_equal(two.version, 2);
    assert_true(sync_disk_is_full(h.sync));
    one.password[20]++;
    assert_err(put(&h, &one), KW_EFULL);
    assert_err(sync_save_uses(h.sync, &use, 1), KW_EFULL);
    t.state = TOKEN_REVOKED;
    assert_ok(sync_put_token(h.sync, STR("uid:0"), &t, NULL));
    assert_ok(sync_take_totp_step(h.sync, 1, 7)); /* or nobody could sign in to revoke */
    assert_err(sync_take_totp_step(h.sync, 1, 7), KW_ECONFLICT);
    assert_level(&h);
    house_clear(&h);
}

static void X3_a_step_is_taken_from_the_reserve(void **state)
{
    struct house h;

    (void)state;
    house_with_reserve(&h);
    faulty.full_beside = h.reserve_file;
    assert_ok(sync_take_totp_step(h.sync, 1, 7));
    assert_true(sync_disk_is_full(h.sync));
    house_clear(&h);
}

/* ---- replies ---- */

struct built {
    enum kw_err err;
    uint32_t slot, version;
};

static enum kw_err build_key(void *ctx, const void *object, struct buf *answer)
{
    struct built *b = ctx;
    const struct grant *g = object;

    b->slot = g->slot;
    b->version = g->version;
    buf_printf(answer, "{\"id\":\"%s\"}", g->id);
    return b->err;
}

static enum kw_err create(struct house *h, unsigned number, struct built *b)
{
    const struct sync_reply reply = {
        .key = STR("k"), .digest = {7}, .status = 201, .build = build_key, .ctx = b};
    char text[KEY_MAX];
    struct grant g;

    house_grant(number, text, &g);
    return sync_create_key(h->sync, STR("uid:0"), &g, &reply);
}

static enum kw_err find_reply(struct house *h, struct buf *answer)
{
    struct reply r;

    enum kw_err err = store_reply_find(sync_lock(h->sync), STR("uid:0"), STR("k"),
                                       sync_now_us(h->sync) / 1000, answer, &r);
    sync_unlock(h->sync);
    return err;
}

static void a_key_and_its_answer_are_saved_together(void **state)
{
    struct house h;
    struct built b = {.err = KW_EINVAL};
    struct buf answer = BUF_MAX(200);
    struct sync_stats stats;

    (void)state;
    house_make(&h);
    assert_err(create(&h, 1, &b), KW_EINVAL);
    assert_err(find_reply(&h, &answer), KW_ENOTFOUND);
    b.err = KW_OK;
    assert_ok(create(&h, 1, &b));
    assert_int_equal(b.slot, 1);
    assert_int_equal(b.version, 1);
    assert_ok(find_reply(&h, &answer));
    assert_str(buf_view(&answer), STR("{\"id\":\"0000000001AbCd\"}"));
    assert_err(create(&h, 2, &b), KW_ECONFLICT); /* it has been answered */
    sync_stats(h.sync, &stats);
    assert_int_equal(stats.keys, 1);
    buf_deinit(&answer);
    house_clear(&h);
}

static void only_a_new_account_has_an_answer(void **state)
{
    struct house h;
    struct account a;
    const struct sync_reply reply = {.key = STR("k")};

    (void)state;
    house_make(&h);
    assert_ok(store_account(sync_lock(h.sync), STR("acme"), &a));
    sync_unlock(h.sync);
    assert_err(sync_put_account(h.sync, STR("uid:0"), &a, &reply), KW_EINVAL);
    house_clear(&h);
}

/* One record is published: whatever keys the account has, all are refused at once, and let in again. */
static void a_suspended_account_lets_no_key_in(void **state)
{
    struct house h;
    struct account a;
    char text[3][KEY_MAX];

    (void)state;
    house_make(&h);
    for (unsigned i = 0; i < COUNT_OF(text); i++)
        house_key(&h, i + 1, text[i]);
    assert_ok(store_account(sync_lock(h.sync), STR("acme"), &a));
    sync_unlock(h.sync);
    a.state = ACCOUNT_SUSPENDED;
    assert_ok(sync_put_account(h.sync, STR("uid:0"), &a, NULL));
    for (unsigned i = 0; i < COUNT_OF(text); i++)
        assert_int_equal(house_ask(&h, text[i]), KW_WHY_ACCOUNT_SUSPENDED);
    a.state = ACCOUNT_ACTIVE;
    assert_ok(sync_put_account(h.sync, STR("uid:0"), &a, NULL));
    for (unsigned i = 0; i < COUNT_OF(text); i++)
        assert_int_equal(house_ask(&h, text[i]), KW_WHY_ALLOWED);
    house_clear(&h);
}

int main(void)
{
    SUITE_TEST(what_is_put_is_there_after_a_start);
    SUITE_TEST(the_last_owner_stays);
    SUITE_TEST(X3_on_a_full_disk_only_what_narrows_is_saved);
    SUITE_TEST(X3_a_step_is_taken_from_the_reserve);
    SUITE_TEST(a_key_and_its_answer_are_saved_together);
    SUITE_TEST(only_a_new_account_has_an_answer);
    SUITE_TEST(a_suspended_account_lets_no_key_in);
    return suite_run("sync/people");
}
