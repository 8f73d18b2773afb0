/* memory.c - store and keyring stay in step when an allocation fails: nothing has changed, or it has everywhere. */
#include <stdio.h>
#include <unistd.h>

#include "alloc.h"
#include "core/policy.h"
#include "suite.h"
#include "sync/house.h"

struct trial {
    struct house house;
    unsigned number; /* of the key that is made next */
    char text[KEY_MAX];
    struct grant grant; /* the key that is changed */
    struct grant fresh; /* the one that is made */
    struct store *store;
    struct family family; /* the one that is put */
    struct family ended;  /* the one that is ended */
};

static void make_trial(struct trial *t)
{
    *t = (struct trial){.number = 100};
    house_make(&t->house);
    t->grant = house_key(&t->house, 1, t->text);
}

/* A start of serve, so that no statement is prepared yet. */
static void restart(void *ctx)
{
    struct trial *t = ctx;

    house_shut(&t->house);
    house_open(&t->house);
}

static bool is_due(enum kw_err err)
{
    return err == KW_EUNSAVED || err == KW_EUNAVAILABLE;
}

/* ---- open ---- */

static void open_store(void *ctx)
{
    struct trial *t = ctx;

    house_shut(&t->house);
    t->store = room_open(&t->house.room);
}

static enum kw_err open_sync(void *ctx)
{
    struct trial *t = ctx;
    struct sync_options o = {.run_dir = t->house.run,
                             .boot_file = t->house.boot_file,
                             .brand = STR("mk"),
                             .ring_slots = {4096, 64}};

    return sync_open(t->store, &o, &t->house.sync, t->house.room.why);
}

static void ask_opened(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;

    assert_int_equal(err == KW_OK, t->house.sync != NULL);
    if (err != KW_OK)
        house_open(&t->house);
    assert_int_equal(house_ask(&t->house, t->text), KW_WHY_ALLOWED);
}

static void X8_open_fails_and_can_be_tried_again(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){open_store, open_sync, ask_opened, NULL}, &t);
    house_clear(&t.house);
}

static void lose_run_folder(void *ctx)
{
    struct trial *t = ctx;

    open_store(t);
    unlink(house_file(&t->house, "keyring"));
    unlink(house_file(&t->house, "limits"));
    unlink(t->house.boot_file);
}

static void X8_a_rebuild_fails_and_can_be_tried_again(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){lose_run_folder, open_sync, ask_opened, NULL}, &t);
    house_clear(&t.house);
}

/* ---- a new key ---- */

static void restart_for_another(void *ctx)
{
    struct trial *t = ctx;

    restart(t);
    house_grant(++t->number, t->text, &t->fresh);
}

static enum kw_err create(void *ctx)
{
    struct trial *t = ctx;

    return sync_create_key(t->house.sync, STR("uid:0"), &t->fresh, NULL);
}

static void ask_created(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;
    struct grant g;

    enum kw_err there =
        store_key(sync_lock(t->house.sync), (struct str){t->text + 8, KW_KEY_ID_LEN}, NULL, &g);
    sync_unlock(t->house.sync);
    bool is_saved = err == KW_OK || err == KW_EUNSAVED || err == KW_EUNAVAILABLE;
    assert_err(there, is_saved ? KW_OK : KW_ENOTFOUND);
    if (err == KW_EUNAVAILABLE) /* in force as soon as it can be */
        sync_tick(t->house.sync);
    assert_int_equal(house_ask(&t->house, t->text) == KW_WHY_ALLOWED, is_saved);
    if (!is_saved)
        assert_ok(create(t));
    assert_int_equal(house_ask(&t->house, t->text), KW_WHY_ALLOWED);
}

static void X8_a_new_key_is_saved_and_in_force_or_neither(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){restart_for_another, create, ask_created, is_due}, &t);
    house_clear(&t.house);
}

/* ---- a change of a key ---- */

static enum kw_err set_state(struct trial *t, enum key_state state)
{
    struct grant after = t->grant;

    after.state = state;
    enum kw_err err = house_change(&t->house, &after);
    if (err == KW_OK)
        t->grant = after;
    return err;
}

static enum kw_err disable(void *ctx)
{
    return set_state(ctx, KEY_DISABLED);
}

static enum kw_err enable(void *ctx)
{
    return set_state(ctx, KEY_ACTIVE);
}

static enum kw_reason reason_of(enum key_state state)
{
    return state == KEY_ACTIVE ? KW_WHY_ALLOWED : KW_WHY_KEY_DISABLED;
}

/* What the store has is read anew: whether a change that was not acknowledged is there is known by asking. */
static void read_grant(struct trial *t)
{
    assert_ok(store_key(sync_lock(t->house.sync), str_from(t->grant.id), NULL, &t->grant));
    sync_unlock(t->house.sync);
}

static void settle_state(struct trial *t, enum kw_err err, enum key_state want)
{
    enum key_state other = want == KEY_ACTIVE ? KEY_DISABLED : KEY_ACTIVE;
    bool is_done = err == KW_OK || is_due(err);

    if (err == KW_EUNAVAILABLE)
        sync_tick(t->house.sync);
    assert_int_equal(house_ask(&t->house, t->text), reason_of(is_done ? want : other));
    read_grant(t);
    if (t->grant.state != want)
        assert_ok(set_state(t, want));
    assert_int_equal(house_ask(&t->house, t->text), reason_of(want));
    assert_ok(set_state(t, other));
    assert_int_equal(house_ask(&t->house, t->text), reason_of(other));
}

static void settle_disabled(void *ctx, enum kw_err err)
{
    settle_state(ctx, err, KEY_DISABLED);
}

static void settle_enabled(void *ctx, enum kw_err err)
{
    settle_state(ctx, err, KEY_ACTIVE);
}

static void X8_a_narrowing_is_in_force_or_has_not_happened(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){restart, disable, settle_disabled, is_due}, &t);
    house_clear(&t.house);
}

static void X8_a_widening_is_in_force_or_has_not_happened(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    assert_ok(set_state(&t, KEY_DISABLED));
    alloc_each(&(struct alloc_trial){restart, enable, settle_enabled, is_due}, &t);
    house_clear(&t.house);
}

/* ---- tokens ---- */

static enum kw_err put_one(struct trial *t, struct family *f)
{
    struct sync_family one = {.actor = STR("uid:0"), .family = f};

    sync_put_families(t->house.sync, &one, 1);
    return one.err;
}

static struct family next_family(struct trial *t)
{
    struct family f = room_family("0000000000Fami", t->grant.id);

    snprintf(f.id, sizeof f.id, "%010uFami", ++t->number);
    f.ends_ms = INT64_C(4000000000000); /* no tick deletes it */
    return f;
}

static void restart_for_a_family(void *ctx)
{
    struct trial *t = ctx;

    restart(t);
    t->family = next_family(t);
}

static enum kw_err put_family(void *ctx)
{
    struct trial *t = ctx;

    return put_one(t, &t->family);
}

static enum kw_err stored_family(struct trial *t, const char *id, struct family *out)
{
    enum kw_err err = store_family(sync_lock(t->house.sync), str_from(id), out);

    sync_unlock(t->house.sync);
    return err;
}

/* KW_EIO: SQLite had no memory in the middle of a commit; what has become of it the next tick finds out. */
static bool is_due_of_tokens(enum kw_err err)
{
    return is_due(err) || err == KW_EIO;
}

static void look_at_put(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;
    struct family there;

    bool is_known = err == KW_OK || is_due(err);
    if (err == KW_EUNAVAILABLE || err == KW_EIO)
        assert_true(sync_tick(t->house.sync));
    bool is_saved = stored_family(t, t->family.id, &there) == KW_OK;
    assert_true(is_saved == is_known || err == KW_EIO);
    assert_int_equal(t->family.slot != 0, is_known);
    if (!is_saved)
        assert_ok(put_family(t));
    assert_int_equal(house_ask(&t->house, t->text), KW_WHY_ALLOWED);
}

static void X8_tokens_are_saved_and_in_force_or_neither(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){restart_for_a_family, put_family, look_at_put,
                                     is_due_of_tokens, .is_sampled = true},
               &t);
    house_clear(&t.house);
}

static void restart_with_a_family(void *ctx)
{
    struct trial *t = ctx;

    t->ended = next_family(t);
    assert_ok(put_one(t, &t->ended));
    restart(t);
}

static enum kw_err end_family(void *ctx)
{
    struct trial *t = ctx;

    return sync_end_family(t->house.sync, STR("uid:0"), &t->ended);
}

static void look_at_ended(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;
    struct family there;

    if (err == KW_EUNAVAILABLE)
        sync_tick(t->house.sync);
    assert_ok(stored_family(t, t->ended.id, &there));
    if (there.state == FAMILY_ACTIVE)
        assert_ok(sync_end_family(t->house.sync, STR("uid:0"), &there));
    assert_int_equal(there.state, FAMILY_ENDED);
}

static void X8_tokens_are_ended_or_can_be_ended_again(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){restart_with_a_family, end_family, look_at_ended, is_due,
                                     .is_sampled = true},
               &t);
    house_clear(&t.house);
}

/* ---- a policy ---- */

static enum kw_err put_policy(void *ctx)
{
    struct trial *t = ctx;
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    struct str document = STR("deny GET /x\n");
    uint32_t version;

    enum kw_err err = policy_compile(document, &table);
    if (err == KW_OK)
        err = sync_put_policy(t->house.sync, STR("uid:0"), document, buf_view(&table), &version);
    buf_deinit(&table);
    return err;
}

static void undo_policy(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    struct str none = STR("read GET /x\n");
    uint32_t version;

    if (err == KW_EUNAVAILABLE)
        sync_tick(t->house.sync);
    assert_int_equal(house_ask(&t->house, t->text),
                     err == KW_OK || is_due(err) ? KW_WHY_ROUTE_DENIED : KW_WHY_ALLOWED);
    assert_ok(policy_compile(none, &table));
    assert_ok(sync_put_policy(t->house.sync, STR("uid:0"), none, buf_view(&table), &version));
    assert_int_equal(house_ask(&t->house, t->text), KW_WHY_ALLOWED);
    buf_deinit(&table);
}

static void X8_a_policy_is_in_force_or_has_not_happened(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){restart, put_policy, undo_policy, is_due}, &t);
    house_clear(&t.house);
}

/* ---- tending ---- */

static void lose_keyring(void *ctx)
{
    struct trial *t = ctx;

    restart(t);
    unlink(house_file(&t->house, "keyring"));
}

static enum kw_err tick(void *ctx)
{
    struct trial *t = ctx;

    sync_tick(t->house.sync);
    return KW_OK;
}

static void ask_tended(void *ctx, enum kw_err err)
{
    struct trial *t = ctx;

    (void)err;
    sync_tick(t->house.sync);
    assert_true(room_exists(house_file(&t->house, "keyring")));
    assert_int_equal(house_ask(&t->house, t->text), KW_WHY_ALLOWED);
}

static void X8_a_lost_keyring_is_made_by_the_next_tick_at_the_latest(void **state)
{
    static struct trial t;

    (void)state;
    alloc_or_skip();
    make_trial(&t);
    alloc_each(&(struct alloc_trial){lose_keyring, tick, ask_tended, NULL}, &t);
    house_clear(&t.house);
}

int main(void)
{
    SUITE_TEST(X8_open_fails_and_can_be_tried_again);
    SUITE_TEST(X8_a_rebuild_fails_and_can_be_tried_again);
    SUITE_TEST(X8_a_new_key_is_saved_and_in_force_or_neither);
    SUITE_TEST(X8_a_narrowing_is_in_force_or_has_not_happened);
    SUITE_TEST(X8_a_widening_is_in_force_or_has_not_happened);
    SUITE_TEST(X8_tokens_are_saved_and_in_force_or_neither);
    SUITE_TEST(X8_tokens_are_ended_or_can_be_ended_again);
    SUITE_TEST(X8_a_policy_is_in_force_or_has_not_happened);
    SUITE_TEST(X8_a_lost_keyring_is_made_by_the_next_tick_at_the_latest);
    return suite_run("sync/memory");
}
