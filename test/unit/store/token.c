/* token.c - management tokens as they are kept. */
#include <stdio.h>

#include "store/room.h"
#include "suite.h"

static const char member_id[] = "1Q2mK4T9xJ1aMe", id_1[] = "1Q2mK4T9xJ1aTo",
                  id_2[] = "2Q2mK4T9xJ1aTo";

struct scene {
    struct room room;
    struct store *store;
};

static void make(struct scene *s)
{
    room_make(&s->room);
    s->store = room_open(&s->room);
    room_member(s->store, member_id);
}

static void clear(struct scene *s)
{
    store_close(s->store);
    room_clear(&s->room);
}

static enum kw_err load(struct scene *s)
{
    struct buf content = BUF_MAX(4000);

    enum kw_err err = room_load(s->store, &content, s->room.why);
    buf_deinit(&content);
    return err;
}

static enum kw_err note(void *ctx, const struct token *t)
{
    buf_printf(ctx, "%u ", t->slot);
    return KW_OK;
}

static void what_was_put_is_found(void **state)
{
    struct scene s;
    struct token got;

    (void)state;
    make(&s);
    struct token his = room_token(s.store, id_1, member_id), hosts = room_pass(id_2, "");
    memset(hosts.account, 0, sizeof hosts.account);
    hosts.expires_ms = 0;
    assert_ok(room_put_token(s.store, &hosts));
    assert_int_equal(his.member_slot, 1);
    store_close(s.store);
    s.store = room_open(&s.room);
    assert_ok(store_token(s.store, str_from(id_1), "acme", &got));
    assert_memory_equal(&got, &his, sizeof got);
    assert_ok(store_token(s.store, str_from(id_2), NULL, &got));
    assert_memory_equal(&got, &hosts, sizeof got);
    assert_err(store_token(s.store, str_from(id_2), "acme", &got), KW_ENOTFOUND);
    hosts.state = TOKEN_REVOKED;
    assert_ok(room_put_token(s.store, &hosts));
    assert_int_equal(hosts.version, 2);
    assert_ok(load(&s));
    clear(&s);
}

static void tokens_are_gone_through_by_account_and_member(void **state)
{
    struct scene s;
    struct buf got = BUF_MAX(100);
    const struct store_token_filter all = {.limit = 0}, acme = {.account = STR("acme")},
                                    his = {.member = STR("1Q2mK4T9xJ1aMe"), .after_slot = 1};

    (void)state;
    make(&s);
    struct token hosts = room_pass(id_1, "");
    memset(hosts.account, 0, sizeof hosts.account);
    assert_ok(room_put_token(s.store, &hosts));
    room_token(s.store, id_2, "");
    room_token(s.store, "3Q2mK4T9xJ1aTo", member_id);
    assert_ok(store_tokens(s.store, &all, note, &got));
    assert_ok(store_tokens(s.store, &acme, note, &got));
    assert_ok(store_tokens(s.store, &his, note, &got));
    assert_str(buf_view(&got), STR("1 2 3 2 3 3 "));
    buf_deinit(&got);
    clear(&s);
}

static void what_can_be_no_token_is_refused(void **state)
{
    struct scene s;

    (void)state;
    make(&s);
    struct token good = room_pass(id_1, member_id), t = good;
    t.expires_ms = 0; /* a member's ends some day */
    assert_err(room_put_token(s.store, &t), KW_EINVAL);
    t = good;
    t.scopes = 0;
    assert_err(room_put_token(s.store, &t), KW_EINVAL);
    t = good;
    t.scopes = SCOPES_ALL + 1;
    assert_err(room_put_token(s.store, &t), KW_EINVAL);
    t = good;
    t.account[0] = '\0'; /* of all accounts, by one who is no operator */
    assert_err(room_put_token(s.store, &t), KW_EINVAL);
    t = good;
    t.member[0] = '9';
    assert_err(room_put_token(s.store, &t), KW_ENOTFOUND);
    t = good;
    assert_ok(room_put_token(s.store, &t));
    t.member[0] = '\0';
    t.member_slot = 0;
    assert_err(room_put_token(s.store, &t), KW_EINVAL);
    clear(&s);
}

static const struct edit {
    const char *why, *sql;
    int n;
} edits[] = {
    {"scopes", "UPDATE management_tokens SET scopes = 'operate'", 1},
    {"state", "UPDATE management_tokens SET state = 'active'", 1},
    {"account", "UPDATE management_tokens SET account = NULL", 1},
    {"member", "UPDATE management_tokens SET member = NULL, member_slot = 0", 1},
    {"end", "UPDATE management_tokens SET expires_ms = 0", 1},
    {"digest", "UPDATE management_tokens SET digest = zeroblob(32)", 1},
    {"an old row put back",
     "UPDATE management_tokens SET (version, state, seal) = "
     "(SELECT version, state, seal FROM aside.management_tokens)",
     1},
    {"a row torn out", "DELETE FROM management_tokens", 1},
    {"its entries torn out", "DELETE FROM change_log WHERE kind = 'token'", 2},
};

static void a_token_that_was_tampered_with_is_found(void **state)
{
    const struct edit *row = *state;
    struct scene s;
    struct token got;
    char aside[PATH_MAX];

    make(&s);
    struct token t = room_token(s.store, id_1, member_id);
    store_close(s.store);
    snprintf(aside, sizeof aside, "%s", folder_file(&s.room.folder, "aside.db"));
    room_copy(s.room.database, aside);
    s.store = room_open(&s.room);
    t.state = TOKEN_REVOKED;
    assert_ok(room_put_token(s.store, &t));
    room_account(s.store, "other");
    room_account(s.store, "last"); /* head is not at the token's entry */
    store_close(s.store);
    room_sql_with(&s.room, "aside.db", row->sql, row->n);
    s.store = room_open(&s.room);
    assert_true(store_token(s.store, str_from(id_1), NULL, &got) != KW_OK);
    assert_err(load(&s), KW_EDAMAGED);
    clear(&s);
}

int main(void)
{
    SUITE_TEST(what_was_put_is_found);
    SUITE_TEST(tokens_are_gone_through_by_account_and_member);
    SUITE_TEST(what_can_be_no_token_is_refused);
    SUITE_ROWS(a_token_that_was_tampered_with_is_found, edits);
    return suite_run("store/token");
}
