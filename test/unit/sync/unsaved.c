/* unsaved.c - what is in force and could not be saved: it stays in force, and is saved as soon as it can be. */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "core/rotation.h"
#include "keyring/format.h"
#include "suite.h"
#include "sync/house.h"

static void revoke_on_a_full_disk(struct house *h, struct grant g)
{
    g.state = KEY_REVOKED;
    house_disk_full(true);
    enum kw_err err = house_change(h, &g);
    house_disk_full(false);
    assert_err(err, KW_EUNSAVED);
}

/* As if the process were killed: what is not saved by then never is. */
static void shut_on_a_full_disk(struct house *h)
{
    house_disk_full(true);
    house_shut(h);
    house_disk_full(false);
}

/* Two keys that could not be saved as revoked, and then the keyring is lost. */
static void X3_an_unsaved_revocation_outlives_a_new_keyring(void **state)
{
    char text[2][KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant first = house_key(&h, 1, text[0]), second = house_key(&h, 2, text[1]);
    revoke_on_a_full_disk(&h, first);
    revoke_on_a_full_disk(&h, second);
    assert_int_equal(unlink(house_file(&h, "keyring")), 0);
    sync_tick(h.sync);
    assert_int_equal(house_ask(&h, text[0]), KW_WHY_KEY_REVOKED);
    assert_int_equal(house_ask(&h, text[1]), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

static void X3_another_change_does_not_undo_an_unsaved_revocation(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    revoke_on_a_full_disk(&h, g);
    snprintf(g.name, sizeof g.name, "Renamed");
    assert_err(house_change(&h, &g), KW_ECONFLICT);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

static enum kw_err complete_on_a_full_disk(struct house *h, struct grant g, int64_t now_ms)
{
    assert_ok(rotation_complete(&g, now_ms));
    house_disk_full(true);
    enum kw_err err = house_change(h, &g);
    house_disk_full(false);
    return err;
}

/* Who is told to send the same again is not told that somebody else was there. */
static void X3_a_rotation_is_completed_again_until_that_is_saved(void **state)
{
    const uint8_t fresh[GRANT_DIGEST_LEN] = {7};
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    int64_t now_ms = sync_now_us(h.sync) / 1000;
    assert_ok(rotation_begin(&g, fresh, 3600, now_ms));
    assert_ok(sync_rotate_key(h.sync, STR("uid:0"), &g, NULL));
    assert_err(complete_on_a_full_disk(&h, g, now_ms + 1), KW_EUNSAVED);
    assert_int_equal(house_ask(&h, text), KW_WHY_SECRET_ROTATED);
    assert_err(complete_on_a_full_disk(&h, g, now_ms + 2), KW_EUNSAVED);
    sync_tick(h.sync);
    assert_ok(store_key(sync_lock(h.sync), str_from(g.id), NULL, &g));
    sync_unlock(h.sync);
    assert_false(rotation_is_open(&g, now_ms));
    assert_int_equal(house_ask(&h, text), KW_WHY_SECRET_ROTATED);
    house_clear(&h);
}

/* What was never saved ends with the process; everything in the store and the keyring agrees again. */
static void a_start_takes_back_what_was_never_saved(void **state)
{
    const unsigned *n_keys = *state;
    char text[2][KEY_MAX];
    struct house h;

    house_make(&h);
    struct grant keys[2] = {house_key(&h, 1, text[0]), house_key(&h, 2, text[1])};
    for (unsigned i = 0; i < *n_keys; i++)
        revoke_on_a_full_disk(&h, keys[i]);
    shut_on_a_full_disk(&h);
    house_open(&h);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(house_ask(&h, text[i]), KW_WHY_ALLOWED);
    house_clear(&h);
}

static const char *stored_state(struct house *h, const char *id)
{
    struct grant g;

    assert_ok(store_key(sync_lock(h->sync), str_from(id), NULL, &g));
    sync_unlock(h->sync);
    return lifecycle_name(g.state, false);
}

static void X3_an_unsaved_revocation_is_saved_by_itself(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    revoke_on_a_full_disk(&h, g);
    assert_string_equal(stored_state(&h, g.id), "active");
    sync_tick(h.sync);
    assert_string_equal(stored_state(&h, g.id), "revoked");
    shut_on_a_full_disk(&h);
    house_open(&h);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

static void X3_an_unsaved_revocation_is_saved_when_serve_ends(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    revoke_on_a_full_disk(&h, g);
    house_shut(&h);
    house_open(&h);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    assert_string_equal(stored_state(&h, g.id), "revoked");
    house_clear(&h);
}

static void X3_of_two_unsaved_changes_of_a_key_the_last_is_saved(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text), disabled = g;
    disabled.state = KEY_DISABLED;
    house_disk_full(true);
    assert_err(house_change(&h, &disabled), KW_EUNSAVED);
    house_disk_full(false);
    revoke_on_a_full_disk(&h, g);
    sync_tick(h.sync);
    assert_string_equal(stored_state(&h, g.id), "revoked");
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

/* A second change that cannot even be published leaves the first one as it was. */
static void X3_an_unsaved_revocation_outlives_a_change_that_fails(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    revoke_on_a_full_disk(&h, g);
    g.state = KEY_REVOKED;
    g.n_rules = ADDRESS_RULES_MAX + 1;
    assert_err(house_change(&h, &g), KW_EINVAL);
    assert_int_equal(unlink(house_file(&h, "keyring")), 0);
    sync_tick(h.sync);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    assert_string_equal(stored_state(&h, g.id), "revoked");
    house_clear(&h);
}

/* While another process holds the database, nothing can be saved. */
static void revoke_unsaved(struct house *h, struct grant g)
{
    sqlite3 *conn = house_lock_database(h);

    g.state = KEY_REVOKED;
    enum kw_err err = house_change(h, &g);
    sqlite3_close(conn);
    assert_err(err, KW_EUNSAVED);
}

static void lose_keyring(struct house *h)
{
    sqlite3 *conn = house_lock_database(h);

    assert_int_equal(unlink(house_file(h, "keyring")), 0);
    sync_tick(h->sync);
    sqlite3_close(conn);
}

static void outgrow_keyring(struct house *h)
{
    char text[KEY_MAX];

    for (unsigned i = 0; i < 1100; i++)
        house_key(h, 1000 + i, text);
}

static const struct anew {
    const char *why;
    void (*make)(struct house *h);
} anew[] = {{"lost", lose_keyring}, {"outgrown", outgrow_keyring}};

/* A new keyring has the revocation, and knows that it is not saved. The last try to save it fails too. */
static void a_start_takes_it_back_from_a_keyring_that_was_made_anew(void **state)
{
    const struct anew *row = *state;
    char text[KEY_MAX];
    struct house h;

    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    revoke_unsaved(&h, g);
    row->make(&h);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    shut_on_a_full_disk(&h);
    house_open(&h);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

/* ---- a keyring that is ahead of its number ---- */

static void set_change_seq(const struct house *h, uint64_t seq)
{
    int fd = open(house_file(h, "keyring"), O_RDWR | O_CLOEXEC);

    assert_int_equal(pwrite(fd, &seq, sizeof seq, (off_t)offsetof(struct keyring_header, change_seq)),
                     sizeof seq);
    close(fd);
}

struct asking {
    const struct house *h;
    const char *text;
    _Atomic bool stop, was_allowed;
};

static void *ask_again_and_again(void *arg)
{
    struct asking *a = arg;

    while (!a->stop)
        if (house_ask(a->h, a->text) == KW_WHY_ALLOWED)
            a->was_allowed = true;
    return NULL;
}

/* Enabled and disabled many times, then revoked: a start reads all of it again. */
static void a_start_brings_nothing_older_back_into_force(void **state)
{
    char text[KEY_MAX];
    pthread_t thread;
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    for (int i = 0; i < 600; i++) {
        g.state = i % 2 == 0 ? KEY_DISABLED : KEY_ACTIVE;
        assert_ok(house_change(&h, &g));
    }
    g.state = KEY_REVOKED;
    assert_ok(house_change(&h, &g));
    house_shut(&h);
    set_change_seq(&h, 1);
    struct asking asking = {.h = &h, .text = text};
    assert_int_equal(pthread_create(&thread, NULL, ask_again_and_again, &asking), 0);
    house_open(&h);
    asking.stop = true;
    pthread_join(thread, NULL);
    assert_false(asking.was_allowed);
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

int main(void)
{
    static const unsigned one = 1, two = 2;

    SUITE_TEST(X3_an_unsaved_revocation_outlives_a_new_keyring);
    SUITE_TEST(X3_a_rotation_is_completed_again_until_that_is_saved);
    SUITE_TEST(X3_another_change_does_not_undo_an_unsaved_revocation);
    suite_add("a_start_takes_back_what_was_never_saved", "one",
              a_start_takes_back_what_was_never_saved, &one);
    suite_add("a_start_takes_back_what_was_never_saved", "two",
              a_start_takes_back_what_was_never_saved, &two);
    SUITE_TEST(X3_an_unsaved_revocation_is_saved_by_itself);
    SUITE_TEST(X3_an_unsaved_revocation_is_saved_when_serve_ends);
    SUITE_TEST(X3_of_two_unsaved_changes_of_a_key_the_last_is_saved);
    SUITE_TEST(X3_an_unsaved_revocation_outlives_a_change_that_fails);
    SUITE_ROWS(a_start_takes_it_back_from_a_keyring_that_was_made_anew, anew);
    SUITE_TEST(a_start_brings_nothing_older_back_into_force);
    return suite_run("sync/unsaved");
}
