/* family.c - families of tokens as they are kept: changed as versions, tampered with in vain, and deleted when their time is over. */
#include <stdio.h>

#include "store/room.h"
#include "suite.h"

static const char key_id[] = "1Q2mK4T9xJ1aBd", other_key[] = "2Q2mK4T9xJ1aBd",
                  id_1[] = "1Q2mK4T9xJ1aFa", id_2[] = "2Q2mK4T9xJ1aFa";

struct scene {
    struct room room;
    struct store *store;
};

static void make(struct scene *s)
{
    room_make(&s->room);
    s->store = room_open(&s->room);
    room_key(s->store, key_id);
    room_key(s->store, other_key);
}

static void clear(struct scene *s)
{
    store_close(s->store);
    room_clear(&s->room);
}

static void reopen(struct scene *s)
{
    store_close(s->store);
    s->store = room_open(&s->room);
}

static enum kw_err load(struct scene *s)
{
    struct buf content = BUF_MAX(4000);

    enum kw_err err = room_load(s->store, &content, s->room.why);
    buf_deinit(&content);
    return err;
}

static struct family put(struct scene *s, const char *id, const char *key)
{
    struct family f = room_family(id, key);

    assert_ok(room_put_family(s->store, &f));
    return f;
}

static enum kw_err refresh(struct scene *s, struct family *f)
{
    const struct family_pair next = {.access_digest = {1}, .refresh_digest = {2}};
    const struct address from = {{[15] = 1}};

    assert_ok(family_step(f, &next, &from, f->created_ms + 1000));
    return room_put_family(s->store, f);
}

/* ---- found ---- */

static void what_was_put_is_found_with_what_its_key_says(void **state)
{
    struct family f, got;
    struct scene s;

    (void)state;
    make(&s);
    f = put(&s, id_1, other_key);
    assert_int_equal(f.slot, 1);
    assert_int_equal(f.key_slot, 2);
    assert_string_equal(f.account, "acme");
    assert_int_equal(f.environment, KW_PRODUCTION);
    assert_ok(refresh(&s, &f));
    reopen(&s);
    assert_ok(store_family(s.store, str_from(id_1), &got));
    assert_memory_equal(&got, &f, sizeof got);
    assert_int_equal(got.version, 2);
    assert_ok(store_family_in_slot(s.store, 1, &got));
    assert_memory_equal(&got, &f, sizeof got);
    assert_err(store_family(s.store, str_from(id_2), &got), KW_ENOTFOUND);
    assert_err(store_family_in_slot(s.store, 2, &got), KW_ENOTFOUND);
    assert_ok(load(&s));
    clear(&s);
}

static enum kw_err note(void *ctx, const struct family *f)
{
    buf_printf(ctx, "%u ", f->slot);
    return KW_OK;
}

static void those_of_a_key_that_are_not_over_are_gone_through(void **state)
{
    struct buf got = BUF_MAX(100);
    struct scene s;
    uint32_t live;

    (void)state;
    make(&s);
    struct family first = put(&s, id_1, key_id), ended = put(&s, id_2, key_id);
    put(&s, "3Q2mK4T9xJ1aFa", other_key);
    put(&s, "4Q2mK4T9xJ1aFa", key_id);
    ended.state = FAMILY_ENDED;
    assert_ok(room_put_family(s.store, &ended));
    assert_ok(store_families(s.store, str_from(key_id), first.created_ms, 0, 0, note, &got));
    assert_ok(store_families(s.store, str_from(key_id), first.created_ms, 1, 0, note, &got));
    assert_ok(store_families(s.store, str_from(key_id), first.created_ms, 0, 1, note, &got));
    assert_ok(store_families(s.store, str_from(key_id), first.ends_ms, 0, 0, note, &got));
    assert_str(buf_view(&got), STR("1 4 4 1 "));
    assert_ok(store_families_live(s.store, first.access_ends_ms - 1, &live));
    assert_int_equal(live, 4);
    assert_ok(store_families_live(s.store, first.access_ends_ms, &live));
    assert_int_equal(live, 0);
    buf_deinit(&got);
    clear(&s);
}

/* ---- put ---- */

static void what_can_be_no_family_is_refused(void **state)
{
    struct scene s;

    (void)state;
    make(&s);
    struct family good = room_family(id_1, key_id), f = good;
    f.id[3] = '!';
    assert_err(room_put_family(s.store, &f), KW_EINVAL);
    f = good;
    f.ends_ms = f.created_ms;
    assert_err(room_put_family(s.store, &f), KW_EINVAL);
    f = good;
    f.access_ends_ms = f.ends_ms + 1; /* no token outlives its family */
    assert_err(room_put_family(s.store, &f), KW_EINVAL);
    f = good;
    f.permissions = 0;
    assert_err(room_put_family(s.store, &f), KW_EINVAL);
    f = good;
    f.access_s = FAMILY_ACCESS_MAX_S + 1;
    assert_err(room_put_family(s.store, &f), KW_EINVAL);
    f = good;
    f.key[0] = '9';
    assert_err(room_put_family(s.store, &f), KW_ENOTFOUND);
    assert_int_equal(f.slot, 0);
    assert_err(store_put_family(s.store, &good), KW_EINVAL); /* outside of a change */
    assert_ok(load(&s));
    clear(&s);
}

static void a_version_follows_the_one_that_is_stored(void **state)
{
    struct scene s;

    (void)state;
    make(&s);
    struct family f = put(&s, id_1, key_id), late = f, foreign;
    assert_ok(refresh(&s, &f));
    assert_err(room_put_family(s.store, &late), KW_ECONFLICT);
    foreign = f;
    memcpy(foreign.key, other_key, sizeof foreign.key);
    assert_err(room_put_family(s.store, &foreign), KW_EINVAL);
    foreign = f;
    foreign.slot = 7;
    assert_err(room_put_family(s.store, &foreign), KW_ECONFLICT);
    struct family twin = room_family(id_1, other_key);
    assert_err(room_put_family(s.store, &twin), KW_EEXISTS);
    assert_ok(refresh(&s, &f));
    assert_int_equal(f.version, 3);
    assert_ok(load(&s));
    clear(&s);
}

/* ---- tampered with ---- */

static const struct edit {
    const char *why, *sql;
    int n;
} edits[] = {
    {"state", "UPDATE token_families SET state = 'active'", 1},
    {"permissions", "UPDATE token_families SET permissions = 'full_access'", 1},
    {"key", "UPDATE token_families SET key = '2Q2mK4T9xJ1aBd', key_slot = 2", 1},
    {"key's slot", "UPDATE token_families SET key_slot = 2", 1},
    {"account", "UPDATE token_families SET account = 'other'", 1},
    {"environment", "UPDATE token_families SET environment = 'sandbox'", 1},
    {"secret", "UPDATE token_families SET secret_mark = zeroblob(8)", 1},
    {"end", "UPDATE token_families SET ends_ms = ends_ms + 1", 1},
    {"access token", "UPDATE token_families SET access_digest = zeroblob(32)", 1},
    {"its end", "UPDATE token_families SET access_ends_ms = access_ends_ms + 1", 1},
    {"the one before", "UPDATE token_families SET old_access_digest = zeroblob(32)", 1},
    {"refresh token", "UPDATE token_families SET refresh_digest = zeroblob(32)", 1},
    {"refreshes", "UPDATE token_families SET refreshes = 0", 1},
    {"nonce", "UPDATE token_families SET nonce = zeroblob(16)", 1},
    {"id", "UPDATE token_families SET id = '9Q2mK4T9xJ1aFa'", 1},
    {"an old row put back",
     "UPDATE token_families SET (version, state, seal) = "
     "(SELECT version, state, seal FROM aside.token_families)",
     1},
    {"its entries torn out", "DELETE FROM change_log WHERE kind = 'family'", 3},
};

static void end_with_a_copy_aside(struct scene *s)
{
    char aside[PATH_MAX];
    struct family f = put(s, id_1, key_id);

    assert_ok(refresh(s, &f));
    store_close(s->store);
    snprintf(aside, sizeof aside, "%s", folder_file(&s->room.folder, "aside.db"));
    room_copy(s->room.database, aside);
    s->store = room_open(&s->room);
    f.state = FAMILY_ENDED;
    assert_ok(room_put_family(s->store, &f));
    room_account(s->store, "other");
    room_account(s->store, "last"); /* head is not at the family's entry */
    store_close(s->store);
}

static void a_family_that_was_tampered_with_is_found(void **state)
{
    const struct edit *row = *state;
    struct family got;
    struct scene s;

    make(&s);
    end_with_a_copy_aside(&s);
    room_sql_with(&s.room, "aside.db", row->sql, row->n);
    s.store = room_open(&s.room);
    assert_true(store_family(s.store, str_from(id_1), &got) != KW_OK);
    assert_true(store_family_in_slot(s.store, 1, &got) != KW_OK);
    assert_err(load(&s), KW_EDAMAGED);
    clear(&s);
}

/* That only takes: the tokens are good for nothing then. */
static void a_row_that_is_missing_is_one_that_was_deleted(void **state)
{
    struct family got;
    struct scene s;

    (void)state;
    make(&s);
    end_with_a_copy_aside(&s);
    room_sql(&s.room, "DELETE FROM token_families", 1);
    s.store = room_open(&s.room);
    assert_err(store_family(s.store, str_from(id_1), &got), KW_ENOTFOUND);
    assert_ok(load(&s));
    clear(&s);
}

/* ---- deleted ---- */

static void those_whose_time_is_over_are_deleted_a_few_at_once(void **state)
{
    struct scene s;
    uint32_t n = 77;

    (void)state;
    make(&s);
    struct family f = put(&s, id_1, key_id);
    put(&s, id_2, key_id);
    struct family late = room_family("3Q2mK4T9xJ1aFa", key_id);
    late.ends_ms++;
    assert_ok(room_put_family(s.store, &late));
    uint64_t seq = store_change_seq(s.store);
    assert_ok(store_drop_families(s.store, f.ends_ms - 1, 10, &n));
    assert_int_equal(n, 0);
    assert_ok(store_drop_families(s.store, f.ends_ms, 1, &n));
    assert_int_equal(n, 1);
    assert_ok(store_drop_families(s.store, f.ends_ms, 10, &n));
    assert_int_equal(n, 1);
    assert_int_equal(store_change_seq(s.store), seq);
    assert_ok(store_family(s.store, str_from(late.id), &f));
    assert_ok(load(&s));
    clear(&s);
}

/* The log knows it: an entry of one family is never taken for that of another. */
static void a_slot_is_never_used_again(void **state)
{
    struct scene s;
    uint32_t n;

    (void)state;
    make(&s);
    struct family f = put(&s, id_1, key_id);
    assert_ok(store_drop_families(s.store, f.ends_ms, 10, &n));
    assert_int_equal(n, 1);
    reopen(&s);
    assert_int_equal(put(&s, id_2, key_id).slot, 2);
    assert_err(refresh(&s, &f), KW_ECONFLICT);
    clear(&s);
}

static void nothing_is_deleted_while_a_change_is_open(void **state)
{
    struct scene s;
    uint32_t n = 77;

    (void)state;
    make(&s);
    struct family f = put(&s, id_1, key_id);
    assert_ok(store_begin(s.store, STR("uid:0"), 1));
    assert_err(store_drop_families(s.store, f.ends_ms, 10, &n), KW_EINVAL);
    assert_int_equal(n, 77);
    store_rollback(s.store);
    assert_ok(store_family(s.store, str_from(id_1), &f));
    clear(&s);
}

int main(void)
{
    SUITE_TEST(what_was_put_is_found_with_what_its_key_says);
    SUITE_TEST(those_of_a_key_that_are_not_over_are_gone_through);
    SUITE_TEST(what_can_be_no_family_is_refused);
    SUITE_TEST(a_version_follows_the_one_that_is_stored);
    SUITE_ROWS(a_family_that_was_tampered_with_is_found, edits);
    SUITE_TEST(a_row_that_is_missing_is_one_that_was_deleted);
    SUITE_TEST(those_whose_time_is_over_are_deleted_a_few_at_once);
    SUITE_TEST(a_slot_is_never_used_again);
    SUITE_TEST(nothing_is_deleted_while_a_change_is_open);
    return suite_run("store/family");
}
