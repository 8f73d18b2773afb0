/* families.c - families of tokens: saved many at once, in force as they are saved, ended whatever the disk does, deleted in parts. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "keyring/format.h"
#include "suite.h"
#include "sync/passes.h"

enum { PART = 200, MANY = 2 * PART + 50 }; /* so many are deleted in one tick */

/* ---- saved ---- */

static enum kw_err note_actor(void *ctx, const struct change *c)
{
    if (c->kind == CHANGE_FAMILY)
        buf_printf(ctx, "%.*s ", (int)c->actor.n, c->actor.p);
    return KW_OK;
}

static void several_are_saved_at_once_each_with_its_actor(void **state)
{
    struct buf actors = BUF_MAX(100);
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass a = pass_made(&t, 1), b = pass_of(&t, 2), stray = pass_of(&t, 3), stale = a;
    a.family.state = FAMILY_ENDED;
    stray.family.key[0] = '9';
    assert_ok(pass_put(&t, &a.family));
    struct sync_family list[] = {{STR("key:a"), &b.family, KW_OK},
                                 {STR("key:b"), &stray.family, KW_OK},
                                 {STR("key:c"), &stale.family, KW_OK}};
    sync_put_families(t.house.sync, list, COUNT_OF(list));
    sync_put_families(t.house.sync, NULL, 0);
    assert_ok(list[0].err);
    assert_err(list[1].err, KW_ENOTFOUND);
    assert_err(list[2].err, KW_ECONFLICT);
    assert_int_equal(b.family.slot, 2);
    assert_int_equal(stray.family.slot, 0);
    pass_assert(&t, &b, KW_WHY_ALLOWED);
    pass_assert(&t, &a, KW_WHY_TOKEN_ENDED);
    assert_ok(store_changes(sync_lock(t.house.sync), 0, 0, note_actor, &actors));
    sync_unlock(t.house.sync);
    assert_str(buf_view(&actors), STR("key:1 key:1 key:a "));
    buf_deinit(&actors);
    passes_close(&t);
}

static void what_could_not_be_saved_is_as_it_was(void **state)
{
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass a = pass_made(&t, 1), b = pass_of(&t, 2);
    struct family before = a.family;
    struct sync_family list[] = {{STR("key:a"), &a.family, KW_OK}, {STR("key:b"), &b.family, KW_OK}};
    a.family.permissions = before.permissions = KW_READ_ONLY;
    sqlite3 *other = house_lock_database(&t.house);
    sync_put_families(t.house.sync, list, COUNT_OF(list));
    assert_err(list[0].err, KW_EBUSY);
    assert_err(list[1].err, KW_EBUSY);
    assert_memory_equal(&a.family, &before, sizeof before);
    assert_int_equal(b.family.slot, 0);
    pass_assert(&t, &b, KW_WHY_UNKNOWN_KEY);
    sqlite3_close(other);
    sync_put_families(t.house.sync, list, COUNT_OF(list));
    assert_ok(list[0].err);
    pass_assert(&t, &b, KW_WHY_ALLOWED);
    passes_close(&t);
}

static void more_than_there_is_room_for_make_a_larger_keyring(void **state)
{
    enum { AT_ONCE = 100, TIMES = 50 };
    static struct pass p[AT_ONCE];
    struct sync_family list[AT_ONCE];
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass first = pass_made(&t, 1);
    for (unsigned i = 0; i < TIMES; i++) {
        for (unsigned j = 0; j < AT_ONCE; j++) {
            p[j] = pass_of(&t, 2 + i * AT_ONCE + j);
            list[j] = (struct sync_family){STR("key:a"), &p[j].family, KW_OK};
        }
        sync_put_families(t.house.sync, list, AT_ONCE);
        assert_ok(list[AT_ONCE - 1].err);
        pass_assert(&t, &p[AT_ONCE - 1], KW_WHY_ALLOWED);
    }
    pass_assert(&t, &first, KW_WHY_ALLOWED);
    passes_close(&t);
}

/* ---- ended ---- */

static void an_ended_family_lets_nobody_in_and_stays_ended(void **state)
{
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass p = pass_made(&t, 1), late = p;
    assert_ok(pass_end(&t, &p));
    assert_int_equal(p.family.version, 2);
    pass_assert(&t, &p, KW_WHY_TOKEN_ENDED);
    late.family.refreshes++;
    assert_err(pass_put(&t, &late.family), KW_ECONFLICT); /* a refresh that had begun before */
    pass_assert(&t, &p, KW_WHY_TOKEN_ENDED);
    passes_close(&t);
}

static void X3_a_family_ends_on_a_full_disk_and_is_saved_later(void **state)
{
    struct sync_stats stats;
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass p = pass_made(&t, 1), late = p;
    house_disk_full(true);
    assert_err(pass_end(&t, &p), KW_EUNSAVED);
    house_disk_full(false);
    pass_assert(&t, &p, KW_WHY_TOKEN_ENDED);
    assert_true(pass_put(&t, &late.family) != KW_OK); /* nothing widens it meanwhile */
    for (int i = 0; i < 100; i++) {
        assert_true(sync_tick(t.house.sync));
        sync_stats(t.house.sync, &stats);
        if (stats.n_unsaved == 0)
            break;
        usleep(100000);
    }
    assert_int_equal(stats.n_unsaved, 0);
    assert_err(pass_put(&t, &late.family), KW_ECONFLICT);
    house_shut(&t.house);
    house_open(&t.house);
    pass_assert(&t, &p, KW_WHY_TOKEN_ENDED);
    passes_close(&t);
}

/* ---- keyrings made anew ---- */

static void lose_keyring(struct passes *t)
{
    unlink(house_file(&t->house, "keyring"));
    sync_tick(t->house.sync);
}

static void start_without_a_keyring(struct passes *t)
{
    house_shut(&t->house);
    unlink(house_file(&t->house, "keyring"));
    house_open(&t->house);
}

static const struct loss {
    const char *why;
    void (*happens)(struct passes *t);
} losses[] = {{"lost while serve runs", lose_keyring},
              {"lost before a start", start_without_a_keyring}};

static void X11_a_keyring_made_anew_has_live_tokens_and_refuses_the_ended(void **state)
{
    const struct loss *row = *state;
    struct passes t;

    passes_open(&t);
    struct pass live = pass_made(&t, 1), ended = pass_made(&t, 2), expired = pass_of(&t, 3);
    assert_ok(pass_end(&t, &ended));
    expired.family.created_ms -= INT64_C(1000) * 1000;
    expired.family.access_ends_ms = passes_now_ms(&t) - 1;
    assert_ok(pass_put(&t, &expired.family));
    row->happens(&t);
    pass_assert(&t, &live, KW_WHY_ALLOWED);
    pass_assert(&t, &ended, KW_WHY_TOKEN_ENDED);
    assert_true(pass_ask(&t, &expired) != KW_WHY_ALLOWED);
    passes_close(&t);
}

/* As if the power of serve went between the commit and the publication. */
static void X1_a_start_publishes_what_the_log_has_beyond(void **state)
{
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass p = pass_made(&t, 1), late = pass_of(&t, 2);
    house_shut(&t.house);
    struct store *store = room_open(&t.house.room);
    p.family.state = FAMILY_ENDED;
    assert_ok(room_put_family(store, &p.family));
    assert_ok(room_put_family(store, &late.family));
    store_close(store);
    pass_assert(&t, &p, KW_WHY_ALLOWED);
    house_open(&t.house);
    pass_assert(&t, &p, KW_WHY_TOKEN_ENDED);
    pass_assert(&t, &late, KW_WHY_ALLOWED);
    passes_close(&t);
}

/* The digest of each token that is there. */
static void damage_tokens(const struct house *h)
{
    struct keyring_header head;
    struct keyring_family f;
    int fd = open(house_file(h, "keyring"), O_RDWR | O_CLOEXEC);

    assert_int_equal(pread(fd, &head, sizeof head, 0), sizeof head);
    for (uint64_t at = sizeof f; at < head.families.size; at += sizeof f) {
        off_t place = (off_t)(head.families.offset + at);
        assert_int_equal(pread(fd, &f, sizeof f, place), sizeof f);
        f.digest[0] ^= 1;
        if (f.kind == KEYRING_FAMILY)
            assert_int_equal(pwrite(fd, &f, sizeof f, place), sizeof f);
    }
    close(fd);
}

static void X11_a_damaged_token_denies_and_is_made_anew(void **state)
{
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass p = pass_made(&t, 1);
    damage_tokens(&t.house);
    pass_assert(&t, &p, KW_WHY_UNAVAILABLE);
    for (int i = 0; i < 100 && pass_ask(&t, &p) != KW_WHY_ALLOWED; i++)
        sync_tick(t.house.sync); /* looks at a part of them each time */
    pass_assert(&t, &p, KW_WHY_ALLOWED);
    passes_close(&t);
}

/* ---- deleted ---- */

static enum kw_err count(void *ctx, const struct family *f)
{
    unsigned *n = ctx;

    *n += f->slot != 0;
    return KW_OK;
}

static unsigned left(struct passes *t)
{
    unsigned n = 0;

    assert_ok(store_families(sync_lock(t->house.sync), str_from(t->key.id), 0, 0, 0, count, &n));
    sync_unlock(t->house.sync);
    return n;
}

static void put_old_ones(struct passes *t, unsigned many)
{
    struct sync_family list[MANY];
    static struct pass p[MANY];

    for (unsigned i = 0; i < many; i++) {
        p[i] = pass_of(t, 100 + i);
        struct family *f = &p[i].family;
        f->ends_ms = f->access_ends_ms = passes_now_ms(t) - INT64_C(25) * 60 * 60 * 1000;
        f->created_ms = f->ends_ms - 1000;
        list[i] = (struct sync_family){STR("key:a"), f, KW_OK};
    }
    sync_put_families(t->house.sync, list, many);
    assert_ok(list[many - 1].err);
}

/* Between two ticks everybody else has his turn. */
static void those_over_for_a_day_are_deleted_a_part_in_each_tick(void **state)
{
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass live = pass_made(&t, 1);
    put_old_ones(&t, MANY);
    assert_int_equal(left(&t), 1 + MANY);
    sync_tick(t.house.sync);
    assert_int_equal(left(&t), 1 + MANY - PART);
    sync_tick(t.house.sync);
    assert_int_equal(left(&t), 1 + MANY - 2 * PART);
    sync_tick(t.house.sync);
    assert_int_equal(left(&t), 1);
    put_old_ones(&t, 1); /* of the same ids: those are free again */
    sync_tick(t.house.sync);
    assert_int_equal(left(&t), 2); /* there were no more: the next look is in a while */
    pass_assert(&t, &live, KW_WHY_ALLOWED);
    passes_close(&t);
}

/* A revocation that waits for the disk is in force, and who asks how a token stands is told so. */
static void X3_a_token_stands_as_its_key_does_in_force(void **state)
{
    struct sync_standing standing;
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass p = pass_made(&t, 1);
    sqlite3 *held = house_lock_database(&t.house);
    t.key.state = KEY_REVOKED;
    assert_err(house_change(&t.house, &t.key), KW_EUNSAVED);
    sqlite3_close(held);
    assert_ok(sync_standing(t.house.sync, p.family.slot, &standing));
    assert_int_equal(standing.key.state, KEY_REVOKED);
    assert_string_equal(standing.account.id, "acme");
    assert_int_equal(standing.family.state, FAMILY_ACTIVE);
    assert_err(sync_standing(t.house.sync, p.family.slot + 1, &standing), KW_ENOTFOUND);
    passes_close(&t);
}

static enum kw_err put_many(struct passes *t, unsigned from, unsigned many)
{
    static struct sync_family list[MANY];
    static struct pass p[MANY];

    for (unsigned i = 0; i < many; i++) {
        p[i] = pass_of(t, from + i);
        list[i] = (struct sync_family){STR("key:a"), &p[i].family, KW_OK};
    }
    sync_put_families(t->house.sync, list, many);
    return list[many - 1].err;
}

/* What one key can make of the disk and of shared memory has an end; another key is not touched by it. */
static void a_key_has_so_many_families_at_most(void **state)
{
    char text[KEY_MAX];
    unsigned n = 1;
    struct passes t;

    (void)state;
    passes_open(&t);
    struct pass first = pass_made(&t, 0);
    for (; n + MANY <= FAMILY_PER_KEY_MAX; n += MANY)
        assert_ok(put_many(&t, n, MANY));
    assert_ok(put_many(&t, n, FAMILY_PER_KEY_MAX - n));
    struct pass more = pass_of(&t, FAMILY_PER_KEY_MAX);
    assert_err(pass_put(&t, &more.family), KW_ERANGE);
    assert_int_equal(more.family.slot, 0);
    assert_ok(sync_end_family(t.house.sync, STR("uid:0"), &first.family));
    assert_ok(pass_put(&t, &more.family));
    assert_err(put_many(&t, FAMILY_PER_KEY_MAX + 1, 1), KW_ERANGE);
    t.key = house_key(&t.house, 2, text);
    pass_made(&t, FAMILY_PER_KEY_MAX + 2);
    passes_close(&t);
}

int main(void)
{
    SUITE_TEST(several_are_saved_at_once_each_with_its_actor);
    SUITE_TEST(what_could_not_be_saved_is_as_it_was);
    SUITE_TEST(more_than_there_is_room_for_make_a_larger_keyring);
    SUITE_TEST(an_ended_family_lets_nobody_in_and_stays_ended);
    SUITE_TEST(X3_a_family_ends_on_a_full_disk_and_is_saved_later);
    SUITE_ROWS(X11_a_keyring_made_anew_has_live_tokens_and_refuses_the_ended, losses);
    SUITE_TEST(X1_a_start_publishes_what_the_log_has_beyond);
    SUITE_TEST(X11_a_damaged_token_denies_and_is_made_anew);
    SUITE_TEST(those_over_for_a_day_are_deleted_a_part_in_each_tick);
    SUITE_TEST(X3_a_token_stands_as_its_key_does_in_force);
    SUITE_TEST(a_key_has_so_many_families_at_most);
    return suite_run("sync/families");
}
