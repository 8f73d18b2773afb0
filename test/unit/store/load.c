/* load.c - a store that was tampered with publishes nothing. */
#include "store/room.h"
#include "suite.h"

static const char id_1[] = "1Q2mK4T9xJ1aBd", id_2[] = "2Q2mK4T9xJ1aBd";

/* Two keys, the first of them revoked, and two policies. */
static void furnish(struct room *r)
{
    uint32_t version;

    room_make(r);
    struct store *s = room_open(r);
    struct grant g = room_key(s, id_1);
    room_key(s, id_2);
    g.state = KEY_REVOKED;
    room_change(s, &g);
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_ok(store_put_policy(s, STR("{\"read\":[]}"), &version));
    assert_ok(store_put_policy(s, STR("{\"deny\":[]}"), &version));
    assert_ok(store_commit(s));
    store_close(s);
}

static enum kw_err open_and_load(struct room *r, struct buf *out)
{
    struct store *s;

    TRY(store_open(&r->paths, &s, r->why));
    enum kw_err err = room_load(s, out, r->why);
    store_close(s);
    return err;
}

static void everything_is_loaded_in_its_newest_version(void **state)
{
    struct buf got = BUF_MAX(1000);
    struct room r;

    (void)state;
    furnish(&r);
    assert_ok(open_and_load(&r, &got));
    assert_str(buf_view(&got),
               STR("account acme 1 1; key 1Q2mK4T9xJ1aBd 2 0 Payments, nightly; "
                   "key 2Q2mK4T9xJ1aBd 1 1 Payments, nightly; policy 2 {\"deny\":[]}; "));
    buf_deinit(&got);
    room_clear(&r);
}

static void an_empty_store_is_loaded(void **state)
{
    struct buf got = BUF_MAX(1000);
    struct room r;

    (void)state;
    room_make(&r);
    assert_ok(open_and_load(&r, &got));
    assert_int_equal(got.n, 0);
    buf_deinit(&got);
    room_clear(&r);
}

static const struct tampering {
    const char *why, *sql;
    int n;
} tamperings[] = {
    {"a permission more", "UPDATE keys SET permissions = 'full_access' WHERE slot = 2", 1},
    {"a word that is none", "UPDATE keys SET permissions = 'everything' WHERE slot = 2", 1},
    {"revoked made active", "UPDATE keys SET state = 'active' WHERE slot = 1", 1},
    {"another environment", "UPDATE keys SET environment = 'sandbox' WHERE slot = 2", 1},
    {"a later end", "UPDATE keys SET expires_ms = 0 WHERE slot = 2", 1},
    {"another secret", "UPDATE keys SET digest = zeroblob(32) WHERE slot = 2", 1},
    {"an old secret", "UPDATE keys SET old_digest = digest WHERE slot = 2", 1},
    {"another name", "UPDATE keys SET name = 'x' WHERE slot = 2", 1},
    {"another id", "UPDATE keys SET id = '3Q2mK4T9xJ1aBd' WHERE slot = 2", 1},
    {"another account", "UPDATE keys SET account_slot = 9 WHERE slot = 2", 1},
    {"a higher rate", "UPDATE keys SET rate_n = 1000 WHERE slot = 2", 1},
    {"no quota", "UPDATE keys SET quota_window = 'none' WHERE slot = 2", 1},
    {"an address", "UPDATE keys SET addresses = '0.0.0.0/0' WHERE slot = 2", 1},
    {"no address at all", "UPDATE keys SET addresses = 'anywhere' WHERE slot = 2", 1},
    {"another slot", "UPDATE keys SET slot = 5 WHERE slot = 2", 1},
    {"another version", "UPDATE keys SET version = 2 WHERE slot = 2", 1},
    {"another seal", "UPDATE keys SET seal = zeroblob(32) WHERE slot = 2", 1},
    {"a row torn out", "DELETE FROM keys WHERE slot = 1", 1},
    {"the last row torn out", "DELETE FROM keys WHERE slot = 2", 1},
    {"all rows torn out", "DELETE FROM keys", 2},
    {"a row made up",
     "INSERT INTO keys SELECT 3, version, 'xQ2mK4T9xJ1aBd', account, account_slot, name, "
     "environment, permissions, state, created_ms, created_by, expires_ms, digest, generation, "
     "secret_since_ms, old_digest, old_ends_ms, rotation_days, overdue, rate_n, rate_window_s, "
     "rate_burst, quota_n, quota_window, addresses, seal, old_since_ms, frozen, freeze_note FROM "
     "keys WHERE "
     "slot = 2",
     1},
    {"two rows that have swapped their seals",
     "UPDATE keys SET seal = (SELECT seal FROM keys k WHERE k.slot = 3 - keys.slot)", 2},
    {"two rows that have swapped their slots",
     "UPDATE keys SET slot = 9 WHERE slot = 1; UPDATE keys SET slot = 1 WHERE slot = 2; "
     "UPDATE keys SET slot = 2 WHERE slot = 9",
     3},
    {"an account with a key's seal",
     "UPDATE accounts SET seal = (SELECT seal FROM keys WHERE slot = 1)", 1},
    {"an account suspended", "UPDATE accounts SET state = 'suspended'", 1},
    {"an account torn out", "DELETE FROM accounts", 1},
    {"a policy changed", "UPDATE policies SET document = '{\"public\":[]}' WHERE version = 2", 1},
    {"the newest policy torn out", "DELETE FROM policies WHERE version = 2", 1},
    {"all policies torn out", "DELETE FROM policies", 2},
    {"a policy made up", "INSERT INTO policies SELECT 3, document, seal FROM policies LIMIT 1", 1},
    {"an entry's actor", "UPDATE change_log SET actor = 'uid:1' WHERE n = 3", 1},
    {"an entry's time", "UPDATE change_log SET time_ms = time_ms + 1 WHERE n = 1", 1},
    {"an entry's image", "UPDATE change_log SET image = x'01' WHERE n = 3", 1},
    {"an entry torn out", "DELETE FROM change_log WHERE n = 3", 1},
    {"a revocation torn out, row and all",
     "DELETE FROM change_log WHERE n = 4; UPDATE keys SET state = 'active', version = 1, "
     "seal = (SELECT seal FROM change_log WHERE n = 2) WHERE slot = 1",
     2},
    {"an old entry once more",
     "INSERT INTO change_log SELECT 7, kind, object, 3, image, seal, actor, time_ms, mac "
     "FROM change_log WHERE n = 2",
     1},
    {"an old entry in a newer one's place",
     "DELETE FROM change_log WHERE n = 4; INSERT INTO change_log SELECT 4, kind, object, 2, "
     "image, seal, actor, time_ms, mac FROM change_log WHERE n = 2",
     2},
    {"two entries that have swapped places",
     "UPDATE change_log SET n = 99 WHERE n = 2; UPDATE change_log SET n = 2 WHERE n = 3; "
     "UPDATE change_log SET n = 3 WHERE n = 99",
     3},
};

static void nothing_is_loaded_from_a_store_with(void **state)
{
    const struct tampering *row = *state;
    struct buf got = BUF_MAX(1000);
    struct room r;

    furnish(&r);
    room_sql(&r, row->sql, row->n);
    assert_err(open_and_load(&r, &got), KW_EDAMAGED);
    assert_non_null(strstr(r.why, "keyward recover"));
    buf_deinit(&got);
    room_clear(&r);
}

static void the_newest_entries_torn_out_make_it_old(void **state)
{
    struct buf got = BUF_MAX(1000);
    struct room r;

    (void)state;
    furnish(&r);
    room_sql(&r, "DELETE FROM change_log WHERE n > 3", 3);
    assert_err(open_and_load(&r, &got), KW_EOLD);
    buf_deinit(&got);
    room_clear(&r);
}

/* The row of before its revocation, genuine in all its parts, put back. */
static void an_old_row_put_back_is_found(void **state)
{
    struct buf got = BUF_MAX(1000);
    struct grant back;
    struct room r;

    (void)state;
    room_make(&r);
    struct store *s = room_open(&r);
    struct grant g = room_key(s, id_1);
    store_close(s);
    room_copy(r.database, folder_file(&r.folder, "aside"));
    s = room_open(&r);
    g.state = KEY_REVOKED;
    room_change(s, &g);
    store_close(s);
    room_sql_with(&r, "aside", "REPLACE INTO keys SELECT * FROM aside.keys", 1);
    assert_err(open_and_load(&r, &got), KW_EDAMAGED);
    s = room_open(&r);
    assert_err(store_key(s, str_from(id_1), NULL, &back), KW_EDAMAGED);
    g.version = 1; /* nor can a change be built upon it */
    assert_ok(store_begin(s, STR("uid:0"), 1));
    assert_err(store_put_key(s, &g), KW_EDAMAGED);
    store_close(s);
    buf_deinit(&got);
    room_clear(&r);
}

/* Questions about single objects check seals too. */
static void a_row_that_was_changed_is_not_handed_out(void **state)
{
    struct grant g = {.slot = 99};
    struct account a = {.slot = 99};
    struct buf document = BUF_MAX(100);
    uint32_t version = 99;
    struct room r;

    (void)state;
    furnish(&r);
    room_sql(&r,
             "UPDATE keys SET permissions = 'full_access'; UPDATE accounts SET name = 'x'; "
             "UPDATE policies SET document = 'x'",
             5);
    struct store *s = room_open(&r);
    assert_err(store_key(s, str_from(id_2), NULL, &g), KW_EDAMAGED);
    assert_err(store_account(s, STR("acme"), &a), KW_EDAMAGED);
    assert_err(store_policy(s, &version, &document), KW_EDAMAGED);
    assert_int_equal(g.slot, 99);
    assert_int_equal(a.slot, 99);
    assert_int_equal(version, 99);
    assert_int_equal(document.n, 0);
    store_close(s);
    buf_deinit(&document);
    room_clear(&r);
}

static enum kw_err refuse(void *ctx, const struct account *a)
{
    (void)ctx;
    (void)a;
    return KW_EFULL;
}

static void the_error_of_a_visitor_is_passed_on(void **state)
{
    struct store_visitor v = {.account = refuse};
    struct room r;

    (void)state;
    furnish(&r);
    struct store *s = room_open(&r);
    assert_err(store_load(s, &v, r.why), KW_EFULL);
    assert_ok(store_begin(s, STR("uid:0"), 1)); /* the store is none the worse */
    assert_err(store_load(s, &v, r.why), KW_EINVAL);
    store_close(s);
    room_clear(&r);
}

int main(void)
{
    SUITE_TEST(everything_is_loaded_in_its_newest_version);
    SUITE_TEST(an_empty_store_is_loaded);
    SUITE_ROWS(nothing_is_loaded_from_a_store_with, tamperings);
    SUITE_TEST(the_newest_entries_torn_out_make_it_old);
    SUITE_TEST(an_old_row_put_back_is_found);
    SUITE_TEST(a_row_that_was_changed_is_not_handed_out);
    SUITE_TEST(the_error_of_a_visitor_is_passed_on);
    return suite_run("store/load");
}
