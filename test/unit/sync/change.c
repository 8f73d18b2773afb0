/* change.c - what is acknowledged is in force and saved, and what cannot be saved never opens a door. */
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"
#include "sync/house.h"

static const char *stored_state(struct house *h, const char *id)
{
    struct grant g;

    assert_ok(store_key(sync_lock(h->sync), str_from(id), NULL, &g));
    sync_unlock(h->sync);
    return lifecycle_name(g.state, false);
}

static void a_created_key_works_when_the_call_returns(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    for (unsigned i = 0; i < 50; i++) {
        house_key(&h, i, text);
        assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    }
    house_clear(&h);
}

static void a_revoked_key_is_refused_when_the_call_returns(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    for (unsigned i = 0; i < 50; i++) {
        struct grant g = house_key(&h, i, text);
        g.state = KEY_REVOKED;
        assert_ok(house_change(&h, &g));
        assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
        assert_string_equal(stored_state(&h, g.id), "revoked");
    }
    house_clear(&h);
}

static void a_change_of_an_older_version_changes_nothing(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text), old = g;
    g.permissions = KW_FULL_ACCESS | KW_READ_ONLY;
    assert_ok(house_change(&h, &g));
    old.state = KEY_REVOKED;
    assert_err(house_change(&h, &old), KW_ECONFLICT);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

static void X3_revoking_takes_effect_though_it_cannot_be_saved(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text), revoked = g;
    revoked.state = KEY_REVOKED;
    sqlite3 *conn = house_lock_database(&h);
    enum kw_err err = house_change(&h, &revoked);
    sqlite3_close(conn);
    assert_err(err, KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    assert_string_equal(stored_state(&h, g.id), "active");
    revoked = g;
    revoked.state = KEY_REVOKED;
    assert_ok(house_change(&h, &revoked)); /* tried again */
    assert_string_equal(stored_state(&h, g.id), "revoked");
    house_clear(&h);
}

static void X3_what_cannot_be_saved_opens_nothing(void **state)
{
    char text[KEY_MAX], other[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text), fresh;
    g.state = KEY_DISABLED;
    assert_ok(house_change(&h, &g));
    g.state = KEY_ACTIVE;
    house_disk_full(true);
    enum kw_err enabled = house_change(&h, &g);
    enum kw_err created = house_create(&h, 2, other, &fresh);
    house_disk_full(false);
    assert_true(enabled != KW_OK && enabled != KW_EUNSAVED);
    assert_true(created != KW_OK && created != KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_DISABLED);
    assert_int_equal(house_ask(&h, other), KW_WHY_UNKNOWN_KEY);
    house_clear(&h);
}

/* ---- accounts ---- */

static struct account acme(struct house *h)
{
    struct account a;

    assert_ok(store_account(sync_lock(h->sync), STR("acme"), &a));
    sync_unlock(h->sync);
    return a;
}

static enum kw_err put(struct house *h, const struct account *a)
{
    struct account copy = *a;

    return sync_put_account(h->sync, STR("uid:0"), &copy, NULL);
}

static enum kw_err put_while_locked(struct house *h, const struct account *a)
{
    sqlite3 *conn = house_lock_database(h);

    enum kw_err err = put(h, a);
    sqlite3_close(conn);
    return err;
}

static void let_in_only(struct account *a, const char *rule)
{
    assert_ok(address_rule_parse(str_from(rule), &a->rules[0]));
    a->n_rules = 1;
}

static void a_changed_account_is_in_force_when_the_call_returns(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    for (int i = 0; i < 20; i++) {
        struct account a = acme(&h);
        a.state = i % 2 == 0 ? ACCOUNT_SUSPENDED : ACCOUNT_ACTIVE;
        assert_ok(put(&h, &a));
        assert_int_equal(house_ask(&h, text), i % 2 == 0 ? KW_WHY_ACCOUNT_SUSPENDED : KW_WHY_ALLOWED);
        assert_int_equal(acme(&h).state, a.state);
    }
    house_clear(&h);
}

static void an_account_of_an_older_version_changes_nothing(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    struct account a = acme(&h), old = a;
    snprintf(a.name, sizeof a.name, "Renamed");
    assert_ok(put(&h, &a));
    old.state = ACCOUNT_SUSPENDED;
    assert_err(put(&h, &old), KW_ECONFLICT);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

static void suspend(struct account *a)
{
    a->state = ACCOUNT_SUSPENDED;
}

static void move_into_a_network(struct account *a)
{
    let_in_only(a, "10.0.0.0/8");
}

static const struct narrowing {
    const char *why;
    void (*apply)(struct account *a);
    enum kw_reason want;
} narrowings[] = {
    {"suspended", suspend, KW_WHY_ACCOUNT_SUSPENDED},
    {"other addresses refused", move_into_a_network, KW_WHY_IP_NOT_ALLOWED},
};

static void X3_an_account_is_narrowed_though_it_cannot_be_saved(void **state)
{
    const struct narrowing *row = *state;
    char text[KEY_MAX];
    struct house h;

    house_make(&h);
    house_key(&h, 1, text);
    struct account a = acme(&h);
    row->apply(&a);
    assert_err(put_while_locked(&h, &a), KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), row->want);
    assert_int_equal(acme(&h).version, 1);
    assert_int_equal(unlink(house_file(&h, "keyring")), 0);
    sync_tick(h.sync); /* a new keyring; and saved by now */
    assert_int_equal(house_ask(&h, text), row->want);
    assert_int_equal(acme(&h).version, 2);
    house_shut(&h);
    house_open(&h);
    assert_int_equal(house_ask(&h, text), row->want);
    house_clear(&h);
}

static void X3_an_account_that_cannot_be_saved_opens_nothing(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    struct account a = acme(&h);
    suspend(&a);
    assert_ok(put(&h, &a));
    a = acme(&h);
    a.state = ACCOUNT_ACTIVE;
    assert_err(put_while_locked(&h, &a), KW_EBUSY);
    assert_int_equal(house_ask(&h, text), KW_WHY_ACCOUNT_SUSPENDED);
    house_clear(&h);
}

/* ---- changes that narrow and widen ---- */

static struct grant reader(struct house *h, char text[KEY_MAX])
{
    struct grant g = house_key(h, 1, text);

    g.permissions = KW_READ_ONLY; /* no route is listed: it may do nothing */
    assert_ok(house_change(h, &g));
    return g;
}

static void a_change_that_does_both_is_in_force_as_a_whole(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = reader(&h, text);
    g.permissions = KW_FULL_ACCESS;
    g.expires_ms = INT64_C(4000000000000);
    assert_ok(house_change(&h, &g));
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_shut(&h);
    house_open(&h);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

static void X3_of_a_change_that_does_both_only_what_narrows_is_in_force_unsaved(void **state)
{
    char text[KEY_MAX];
    struct grant there;
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = reader(&h, text);
    g.permissions = KW_FULL_ACCESS;
    assert_ok(address_rule_parse(STR("10.0.0.0/8"), &g.rules[0]));
    g.n_rules = 1;
    sqlite3 *conn = house_lock_database(&h);
    enum kw_err err = house_change(&h, &g);
    sqlite3_close(conn);
    assert_err(err, KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_IP_NOT_ALLOWED);
    sync_tick(h.sync);
    assert_ok(store_key(sync_lock(h.sync), str_from(g.id), NULL, &there));
    sync_unlock(h.sync);
    assert_int_equal(there.permissions, KW_READ_ONLY);
    assert_int_equal(there.n_rules, 1);
    house_clear(&h);
}

static void a_head_that_cannot_be_written_is_written_later(void **state)
{
    struct sync_report report;
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    assert_int_equal(rename(h.room.head, folder_file(&h.room.folder, "away")), 0);
    assert_int_equal(mkdir(h.room.head, 0700), 0);
    g.state = KEY_REVOKED;
    assert_err(house_change(&h, &g), KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    assert_int_equal(rmdir(h.room.head), 0);
    sync_tick(h.sync);
    house_shut(&h);
    house_open(&h);
    sync_report(h.sync, &report);
    assert_false(report.rebuilt);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

static void an_account_that_there_is_not_gets_no_key(void **state)
{
    char text[KEY_MAX];
    struct grant g;
    struct house h;

    (void)state;
    house_make(&h);
    struct grant nobodys = house_key(&h, 1, text);
    nobodys.slot = 0;
    snprintf(nobodys.account, sizeof nobodys.account, "nobody");
    assert_err(sync_create_key(h.sync, STR("uid:0"), &nobodys, NULL), KW_ENOTFOUND);
    assert_err(house_create(&h, 1, text, &g), KW_EEXISTS);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

int main(void)
{
    SUITE_TEST(a_created_key_works_when_the_call_returns);
    SUITE_TEST(a_revoked_key_is_refused_when_the_call_returns);
    SUITE_TEST(a_change_of_an_older_version_changes_nothing);
    SUITE_TEST(X3_revoking_takes_effect_though_it_cannot_be_saved);
    SUITE_TEST(X3_what_cannot_be_saved_opens_nothing);
    SUITE_TEST(a_changed_account_is_in_force_when_the_call_returns);
    SUITE_TEST(an_account_of_an_older_version_changes_nothing);
    SUITE_ROWS(X3_an_account_is_narrowed_though_it_cannot_be_saved, narrowings);
    SUITE_TEST(X3_an_account_that_cannot_be_saved_opens_nothing);
    SUITE_TEST(a_change_that_does_both_is_in_force_as_a_whole);
    SUITE_TEST(X3_of_a_change_that_does_both_only_what_narrows_is_in_force_unsaved);
    SUITE_TEST(a_head_that_cannot_be_written_is_written_later);
    SUITE_TEST(an_account_that_there_is_not_gets_no_key);
    return suite_run("sync/change");
}
