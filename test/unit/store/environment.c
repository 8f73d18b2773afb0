/* environment.c - what is frozen of an environment is sealed and logged as all else that lets somebody in. */
#include "store/room.h"
#include "suite.h"

static enum kw_err put(struct store *s, struct environment *e)
{
    assert_ok(store_begin(s, STR("uid:0"), 1));
    enum kw_err err = store_put_environment(s, e);
    if (err == KW_OK)
        err = store_commit(s);
    store_rollback(s);
    return err;
}

static struct environment freeze(struct store *s, uint32_t slot, enum freeze frozen)
{
    struct environment e;

    assert_ok(store_environment(s, slot, &e));
    e.frozen = frozen;
    assert_ok(put(s, &e));
    return e;
}

static void one_that_was_never_changed_runs(void **state)
{
    struct environment e;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(store_environment(s, KW_PRODUCTION, &e));
    assert_int_equal(e.version, 0);
    assert_int_equal(e.frozen, FREEZE_NOTHING);
    assert_err(store_environment(s, 0, &e), KW_EINVAL);
    assert_err(store_environment(s, 3, &e), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

static void what_is_frozen_is_kept(void **state)
{
    struct environment e;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    freeze(s, KW_PRODUCTION, FREEZE_TRANSACT);
    freeze(s, KW_PRODUCTION, FREEZE_ALL);
    store_close(s);
    s = room_open(&r);
    assert_ok(store_environment(s, KW_PRODUCTION, &e));
    assert_int_equal(e.version, 2);
    assert_int_equal(e.frozen, FREEZE_ALL);
    assert_ok(store_environment(s, KW_SANDBOX, &e));
    assert_int_equal(e.version, 0);
    store_close(s);
    room_clear(&r);
}

static void a_change_of_an_older_version_is_refused(void **state)
{
    struct environment e = {.slot = KW_SANDBOX, .frozen = FREEZE_ALL}, old = e;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_ok(put(s, &e));
    assert_int_equal(e.version, 1);
    assert_err(put(s, &old), KW_ECONFLICT);
    store_close(s);
    room_clear(&r);
}

static void what_cannot_be_frozen_is_refused(void **state)
{
    struct environment e = {.slot = KW_SANDBOX, .frozen = FREEZE_READ};
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    assert_err(put(s, &e), KW_EINVAL);
    e = (struct environment){.slot = 7, .frozen = FREEZE_ALL};
    assert_err(put(s, &e), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

static const struct tampering {
    const char *why, *sql;
} tamperings[] = {
    {"an open row", "UPDATE environments SET frozen = 'nothing'"},
    {"no row", "DELETE FROM environments"},
    {"a row of the other one", "UPDATE environments SET slot = 1"},
    {"an older version", "UPDATE environments SET version = 1"},
};

/* Neither what is asked nor what is loaded believes it. */
static void an_environment_is_not_thawed_by(void **state)
{
    const struct tampering *row = *state;
    struct buf got = BUF_MAX(1000);
    struct environment e;
    struct room r;

    room_make(&r);
    struct store *s = room_open(&r);
    freeze(s, KW_PRODUCTION, FREEZE_TRANSACT);
    freeze(s, KW_PRODUCTION, FREEZE_ALL);
    store_close(s);
    room_sql(&r, row->sql, 1);
    s = room_open(&r);
    assert_err(store_environment(s, KW_PRODUCTION, &e), KW_EDAMAGED);
    assert_err(room_load(s, &got, r.why), KW_EDAMAGED);
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

static void environments_are_loaded(void **state)
{
    struct buf got = BUF_MAX(1000);
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    freeze(s, KW_SANDBOX, FREEZE_TRANSACT);
    assert_ok(room_load(s, &got, r.why));
    assert_str(buf_view(&got), STR("environment 1 1 transact; "));
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(one_that_was_never_changed_runs);
    SUITE_TEST(what_is_frozen_is_kept);
    SUITE_TEST(a_change_of_an_older_version_is_refused);
    SUITE_TEST(what_cannot_be_frozen_is_refused);
    SUITE_ROWS(an_environment_is_not_thawed_by, tamperings);
    SUITE_TEST(environments_are_loaded);
    return suite_run("store/environment");
}
