/* tend.c - starts, growth, and shared files that are lost or damaged: the keyring is always the store's again. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/policy.h"
#include "keyring/format.h"
#include "suite.h"
#include "sync/house.h"
#include "sync/shared.h"

static bool was_rebuilt(struct house *h)
{
    struct sync_report report;

    sync_report(h->sync, &report);
    return report.rebuilt;
}

static void a_start_goes_on_with_the_keyring(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    house_shut(&h);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED); /* decided without serve */
    house_open(&h);
    assert_false(was_rebuilt(&h));
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

/* As if the power of serve went between the commit and the publication. */
static void a_start_publishes_what_the_log_has_beyond(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    house_shut(&h);
    struct store *store = room_open(&h.room);
    g.state = KEY_REVOKED;
    room_change(store, &g);
    store_close(store);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_open(&h);
    assert_false(was_rebuilt(&h));
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_clear(&h);
}

static void flip(const struct house *h, off_t at)
{
    int fd = open(house_file(h, "keyring"), O_RDWR | O_CLOEXEC);
    uint8_t byte;

    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static struct keyring_header head_of(const struct house *h)
{
    struct keyring_header head;
    int fd = open(house_file(h, "keyring"), O_RDONLY | O_CLOEXEC);

    assert_int_equal(pread(fd, &head, sizeof head, 0), sizeof head);
    close(fd);
    return head;
}

static off_t record_at(const struct house *h, uint32_t slot)
{
    return (off_t)(head_of(h).records.offset + slot * sizeof(struct keyring_record));
}

static uint64_t generation(const struct house *h)
{
    return head_of(h).generation;
}

/* Every byte of a key's record, one after the other. */
static void X11_a_damaged_record_denies_and_is_made_anew(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    for (size_t i = 0; i < sizeof(struct keyring_record); i++) {
        flip(&h, record_at(&h, g.slot) + (off_t)i);
        enum kw_reason damaged = house_ask(&h, text);
        assert_true(damaged != KW_WHY_ALLOWED || i < 4); /* the sequence: any even number is one */
        sync_tick(h.sync);
        assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    }
    house_clear(&h);
}

static void X11_a_damaged_header_is_made_anew(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    flip(&h, offsetof(struct keyring_header, hash_seed));
    sync_tick(h.sync);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

static const struct word {
    const char *why;
    size_t at;
} words[] = {
    {"the freeze of the sandbox", offsetof(struct keyring_header, freeze[KW_SANDBOX])},
    {"its complement", offsetof(struct keyring_header, freeze[KW_SANDBOX]) + 4},
    {"the freeze of production", offsetof(struct keyring_header, freeze[KW_PRODUCTION])},
    {"the wall clock", offsetof(struct keyring_header, wall_offset_us)},
    {"its complement", offsetof(struct keyring_header, wall_check)},
    {"the place of the policy", offsetof(struct keyring_header, policy_word)},
};

static void X11_a_damaged_word_of_the_header_denies_and_is_made_anew(void **state)
{
    const struct word *row = *state;
    char text[KEY_MAX];
    struct house h;

    house_make(&h);
    house_key(&h, 1, text);
    flip(&h, (off_t)row->at);
    bool is_anothers = row->at == offsetof(struct keyring_header, freeze[KW_PRODUCTION]);
    assert_true((house_ask(&h, text) == KW_WHY_ALLOWED) == is_anothers);
    uint64_t damaged = generation(&h);
    sync_tick(h.sync);
    assert_true(generation(&h) != damaged);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

static const struct lost {
    const char *why, *name;
} lost[] = {{"the keyring", "keyring"}, {"limits", "limits"}, {"the first ring", "rings/000"}};

static void X11_a_deleted_file_is_made_anew(void **state)
{
    const struct lost *row = *state;
    char text[KEY_MAX];
    struct house h;

    house_make(&h);
    house_key(&h, 1, text);
    assert_int_equal(unlink(house_file(&h, row->name)), 0);
    for (int i = 0; i < 3; i++)
        sync_tick(h.sync);
    assert_int_equal(access(house_file(&h, row->name), F_OK), 0);
    usleep(150000); /* an engine without files tries again after 100 ms */
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

static void a_start_with_a_damaged_keyring_makes_another(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    house_shut(&h);
    flip(&h, record_at(&h, g.slot) + 40);
    house_open(&h);
    assert_true(was_rebuilt(&h));
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

/* More keys than there is room for: no engine sees a gap. */
static void the_keyring_grows_under_a_live_engine(void **state)
{
    char first[KEY_MAX], text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 0, first);
    for (unsigned i = 1; i < 1100; i++) {
        house_key(&h, i, text);
        assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
        if (i % 16 == 0)
            assert_int_equal(house_ask(&h, first), KW_WHY_ALLOWED);
    }
    house_clear(&h);
}

/* The keyring is full, and no larger one can be made: the key is saved, and in force once one can. */
static void what_could_not_be_published_is_with_the_next_keyring(void **state)
{
    char text[KEY_MAX];
    struct grant g;
    struct house h;
    enum kw_err err = KW_OK;

    (void)state;
    house_make(&h);
    house_block_keyrings(&h, true);
    for (unsigned i = 0; i < 1100 && err == KW_OK; i++)
        err = house_create(&h, i, text, &g);
    assert_err(err, KW_EUNAVAILABLE);
    assert_int_equal(house_ask(&h, text), KW_WHY_UNKNOWN_KEY);
    house_block_keyrings(&h, false);
    sync_tick(h.sync);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_clear(&h);
}

/* Rules that do not fit into the record take room that is used up by changes; it is reclaimed, and what
 * is not full does not grow. */
static void changes_of_long_rules_do_not_grow_the_keyring(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    for (unsigned i = 0; i < 3000; i++) {
        g.n_rules = ADDRESS_RULES_MAX;
        for (unsigned j = 0; j < g.n_rules; j++) {
            assert_ok(address_rule_parse(STR("10.0.0.1"), &g.rules[j]));
            g.rules[j].net.b[15] = (uint8_t)i;
        }
        assert_ok(house_change(&h, &g));
    }
    assert_int_equal(house_ask(&h, text), KW_WHY_IP_NOT_ALLOWED);
    off_t size;
    int fd = open(house_file(&h, "keyring"), O_RDONLY | O_CLOEXEC);
    size = lseek(fd, 0, SEEK_END);
    close(fd);
    assert_in_range(size, 1, 3 << 20);
    house_clear(&h);
}

/* Larger than the area that a keyring begins with, in one step. */
static void a_long_policy_is_published_before_the_call_returns(void **state)
{
    struct buf document = BUF_MAX(ROUTE_TABLE_MAX), table = BUF_MAX(ROUTE_TABLE_MAX);
    char text[KEY_MAX];
    uint32_t version;
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    buf_printf(&document, "deny GET /x\n");
    for (int i = 1; i < ROUTE_MAX; i++)
        buf_printf(&document, "read GET /%0400d\n", i);
    assert_ok(policy_compile(buf_view(&document), &table));
    assert_true(table.n > 1 << 20);
    assert_ok(sync_put_policy(h.sync, STR("uid:0"), buf_view(&document), buf_view(&table), &version));
    assert_int_equal(house_ask(&h, text), KW_WHY_ROUTE_DENIED);
    buf_deinit(&document);
    buf_deinit(&table);
    house_clear(&h);
}

/* The heap is full, and no larger keyring can be made: a key with many rules can still be revoked. */
static void X3_a_revocation_needs_no_room_in_the_keyring(void **state)
{
    char text[KEY_MAX], filler[KEY_MAX];
    struct house h;
    enum kw_err err = KW_OK;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text), other = house_key(&h, 2, filler);
    g.n_rules = 3;
    for (unsigned j = 0; j < 3; j++)
        assert_ok(address_rule_parse(STR("10.0.0.1"), &g.rules[j]));
    assert_ok(house_change(&h, &g));
    house_block_keyrings(&h, true);
    for (unsigned i = 0; i < 3000 && err == KW_OK; i++) {
        other.n_rules = ADDRESS_RULES_MAX;
        for (unsigned j = 0; j < other.n_rules; j++)
            other.rules[j] =
                (struct address_rule){.net.b[15] = (uint8_t)i, .prefix = 128, .classes = 7};
        err = house_change(&h, &other);
    }
    assert_err(err, KW_EUNAVAILABLE);
    g.state = KEY_REVOKED;
    assert_ok(house_change(&h, &g));
    assert_int_equal(house_ask(&h, text), KW_WHY_KEY_REVOKED);
    house_block_keyrings(&h, false);
    house_clear(&h);
}

static void quotas_are_saved_and_put_back(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    struct grant g = house_key(&h, 1, text);
    g.quota = (struct quota){3, QUOTA_MONTH};
    assert_ok(house_change(&h, &g));
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    house_shut(&h); /* saves them */
    kw_close(h.engine);
    assert_int_equal(unlink(house_file(&h, "limits")), 0);
    house_open(&h);
    assert_ok(kw_open(h.run, &h.engine));
    assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    assert_int_equal(house_ask(&h, text), KW_WHY_QUOTA_EXCEEDED);
    house_clear(&h);
}

/* A rebuilt keyring after an earlier run of the same boot: verifiers may hold older files for 3 s. */
static void lose_keyring_between_two_runs(struct house *h)
{
    house_make(h);
    house_shut(h);
    assert_int_equal(unlink(house_file(h, "keyring")), 0);
    house_open(h);
    assert_true(was_rebuilt(h));
}

/* Somebody else's state folder, shared files and all: the number of the newest change says nothing about whose it is. */
static void the_keyring_of_another_database_is_not_adopted(void **state)
{
    char theirs[KEY_MAX];
    struct room other;
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, theirs);
    house_shut(&h);
    struct room mine = h.room;
    room_make(&other);
    struct store *store = room_open(&other);
    room_key(store, "1Q2mK4T9xJ1aBd");
    room_key(store, "2Q2mK4T9xJ1aBd");
    room_key(store, "3Q2mK4T9xJ1aBd");
    store_close(store);
    h.room = other;
    house_open(&h);
    assert_true(was_rebuilt(&h));
    assert_int_equal(house_ask(&h, theirs), KW_WHY_UNKNOWN_KEY);
    house_clear(&h);
    room_clear(&mine);
}

/* Whoever made the keyring anew had to wait until older files are in nobody's hands; so has whoever goes on with it. */
static void a_start_that_goes_on_waits_as_long_as_the_one_before_had_to(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    lose_keyring_between_two_runs(&h);
    uint64_t begin_us = clock_boot_us();
    house_shut(&h);
    house_open(&h);
    assert_false(was_rebuilt(&h));
    house_key(&h, 1, text);
    assert_in_range(clock_boot_us() - begin_us, 2000000, 60000000);
    house_clear(&h);
}

static void *make_key(void *arg)
{
    struct house *h = arg;
    char text[KEY_MAX];

    house_key(h, 1, text);
    return NULL;
}

static void the_heart_beats_while_a_change_waits_to_be_acknowledged(void **state)
{
    uint64_t begin_us, slowest_us = 0;
    pthread_t thread;
    struct house h;

    (void)state;
    lose_keyring_between_two_runs(&h);
    begin_us = clock_boot_us();
    assert_int_equal(pthread_create(&thread, NULL, make_key, &h), 0);
    for (int i = 0; i < 20; i++) {
        usleep(50000);
        uint64_t before_us = clock_boot_us();
        sync_tick(h.sync);
        uint64_t took_us = clock_boot_us() - before_us;
        slowest_us = took_us > slowest_us ? took_us : slowest_us;
    }
    pthread_join(thread, NULL);
    assert_in_range(clock_boot_us() - begin_us, 2000000, 60000000); /* it did wait */
    assert_in_range(slowest_us, 0, 999999);
    house_clear(&h);
}

static void a_replaced_ring_is_no_ones_until_it_is_claimed(void **state)
{
    char text[KEY_MAX];
    struct house h;

    (void)state;
    house_make(&h);
    house_key(&h, 1, text);
    for (unsigned i = 0; i < 20; i++) {
        sync_replace_ring(h.sync, i % 3);
        sync_tick(h.sync);
        usleep(101000);
        assert_int_equal(house_ask(&h, text), KW_WHY_ALLOWED);
    }
    sync_replace_ring(h.sync, 5000); /* there is none */
    house_clear(&h);
}

int main(void)
{
    SUITE_TEST(a_start_goes_on_with_the_keyring);
    SUITE_TEST(a_start_publishes_what_the_log_has_beyond);
    SUITE_TEST(X11_a_damaged_record_denies_and_is_made_anew);
    SUITE_TEST(X11_a_damaged_header_is_made_anew);
    SUITE_ROWS(X11_a_damaged_word_of_the_header_denies_and_is_made_anew, words);
    SUITE_ROWS(X11_a_deleted_file_is_made_anew, lost);
    SUITE_TEST(a_start_with_a_damaged_keyring_makes_another);
    SUITE_TEST(the_keyring_grows_under_a_live_engine);
    SUITE_TEST(what_could_not_be_published_is_with_the_next_keyring);
    SUITE_TEST(changes_of_long_rules_do_not_grow_the_keyring);
    SUITE_TEST(a_long_policy_is_published_before_the_call_returns);
    SUITE_TEST(X3_a_revocation_needs_no_room_in_the_keyring);
    SUITE_TEST(quotas_are_saved_and_put_back);
    SUITE_TEST(the_keyring_of_another_database_is_not_adopted);
    SUITE_TEST(a_start_that_goes_on_waits_as_long_as_the_one_before_had_to);
    SUITE_TEST(the_heart_beats_while_a_change_waits_to_be_acknowledged);
    SUITE_TEST(a_replaced_ring_is_no_ones_until_it_is_claimed);
    return suite_run("sync/tend");
}
