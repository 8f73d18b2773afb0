/* keyring.c - what is written can be read, and what is damaged is never believed. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "folder.h"
#include "keyring/read.h"
#include "keyring/write.h"
#include "suite.h"

static const struct keyring_sizes small = {
    .records = 100, .accounts = 10, .heap = 4096, .policy = 1024};
static const struct keyring_marks marks = {
    .generation = 77, .hash_seed = 42, .nobody_digest = {1, 2, 3}};

struct world {
    struct folder folder;
    struct keyring_writer *writer;
    struct keyring *reader;
};

static const char *ring_path(const struct world *w)
{
    return folder_file(&w->folder, "keyring");
}

static void open_world_of(struct world *w, const struct keyring_sizes *sizes)
{
    folder_make(&w->folder);
    assert_ok(keyring_create(ring_path(w), STR("mk"), sizes, &marks, &w->writer));
    assert_ok(keyring_publish(w->writer));
    assert_ok(keyring_open(ring_path(w), &w->reader));
}

static void open_world(struct world *w)
{
    open_world_of(w, &small);
}

static void close_world(struct world *w)
{
    keyring_close(w->reader);
    keyring_writer_free(w->writer);
    folder_remove(&w->folder);
}

/* The id of the n-th key: 14 characters, n in front. */
static struct grant grant_of(uint32_t n)
{
    struct grant g = {.slot = n,
                      .version = 3,
                      .account_slot = 1,
                      .environment = KW_SANDBOX,
                      .permissions = KW_TRANSACTIONS,
                      .state = KEY_ACTIVE,
                      .generation = 1,
                      .rate = {600, 60, 60},
                      .quota = {1000, QUOTA_DAY}};

    snprintf(g.id, sizeof g.id, "%010uAbCd", n);
    memset(g.digest, (int)n, sizeof g.digest);
    return g;
}

static struct str id_of(const struct grant *g)
{
    return (struct str){g->id, KW_KEY_ID_LEN};
}

static enum kw_err find(const struct keyring *k, struct str id, struct keyring_found *out)
{
    struct keyring_place place = keyring_seek(k, id);

    return keyring_find(k, id, &place, out);
}

static void what_is_put_is_found(void **state)
{
    struct world w;
    struct keyring_found found;

    (void)state;
    open_world(&w);
    for (uint32_t n = 1; n <= 100; n++) {
        struct grant g = grant_of(n);
        assert_ok(keyring_put_key(w.writer, &g));
    }
    for (uint32_t n = 1; n <= 100; n++) {
        struct grant g = grant_of(n);
        assert_ok(find(w.reader, id_of(&g), &found));
        assert_int_equal(found.slot, n);
        assert_int_equal(found.record.version, 3);
        assert_int_equal(found.record.permissions, KW_TRANSACTIONS);
        assert_int_equal(found.record.rate_burst, 60);
        assert_memory_equal(found.record.digest, g.digest, sizeof g.digest);
    }
    close_world(&w);
}

static void an_unknown_id_reads_nobody(void **state)
{
    struct world w;
    struct keyring_found found;

    (void)state;
    open_world(&w);
    assert_err(find(w.reader, STR("nobodynobodyXX"), &found), KW_ENOTFOUND);
    assert_int_equal(found.slot, 0);
    assert_memory_equal(found.record.digest, marks.nobody_digest, sizeof marks.nobody_digest);
    close_world(&w);
}

struct tagged {
    uint32_t tag, word, n;
};

static int by_tag(const void *a, const void *b)
{
    const struct tagged *x = a, *y = b;

    return x->tag != y->tag ? (x->tag < y->tag ? -1 : 1) : (x->word > y->word) - (x->word < y->word);
}

static struct tagged tagged_of(uint32_t n, uint32_t index_words)
{
    struct grant g = grant_of(n);
    struct keyring_hash h = keyring_hash_of(id_of(&g), marks.hash_seed, index_words);

    return (struct tagged){h.tag, h.word, n};
}

/* Among so many ids, some have one tag and begin in one line of the index. */
static bool find_twins(uint32_t index_words, struct grant twins[2])
{
    enum { MANY = 1000000 };
    struct tagged *all = malloc(MANY * sizeof *all);
    bool found = false;

    for (uint32_t n = 0; all != NULL && n < MANY; n++)
        all[n] = tagged_of(n + 1, index_words);
    if (all != NULL)
        qsort(all, MANY, sizeof *all, by_tag);
    for (uint32_t i = 1; all != NULL && i < MANY && !found; i++) {
        found = all[i].tag == all[i - 1].tag && all[i].word / 8 == all[i - 1].word / 8;
        for (uint32_t k = 0; k < 2; k++)
            twins[k] = grant_of(all[i - k].n);
    }
    free(all);
    return found;
}

static void ids_of_one_tag_are_told_apart(void **state)
{
    struct world w;
    struct keyring_found found;
    struct grant twins[2];

    (void)state;
    open_world(&w);
    assert_true(find_twins(keyring_writer_head(w.writer)->index_words, twins));
    for (uint32_t i = 0; i < 2; i++) {
        assert_err(find(w.reader, id_of(&twins[i]), &found), KW_ENOTFOUND);
        assert_int_equal(found.slot, 0);
        assert_memory_equal(found.record.digest, marks.nobody_digest, sizeof marks.nobody_digest);
        twins[i].slot = i + 1;
        assert_ok(keyring_put_key(w.writer, &twins[i]));
    }
    for (uint32_t i = 0; i < 2; i++) {
        assert_ok(find(w.reader, id_of(&twins[i]), &found));
        assert_int_equal(found.slot, i + 1);
        assert_memory_equal(found.record.id, twins[i].id, KW_KEY_ID_LEN);
    }
    close_world(&w);
}

static void a_change_is_seen_at_once(void **state)
{
    struct world w;
    struct keyring_found found;
    struct grant g = grant_of(7);

    (void)state;
    open_world(&w);
    assert_ok(keyring_put_key(w.writer, &g));
    g.state = KEY_REVOKED;
    g.version = 4;
    assert_ok(keyring_put_key(w.writer, &g));
    assert_ok(find(w.reader, id_of(&g), &found));
    assert_int_equal(found.record.state, KEY_REVOKED);
    assert_int_equal(found.record.version, 4);
    close_world(&w);
}

static void a_full_keyring_says_so_and_a_larger_copy_holds_everything(void **state)
{
    struct world w;
    struct keyring_writer *larger;
    struct keyring_found found;
    struct keyring_sizes sizes = {.records = 200, .accounts = 20, .heap = 8192, .policy = 2048};
    struct grant g = grant_of(101);

    (void)state;
    open_world(&w);
    for (uint32_t n = 1; n <= 100; n++) {
        struct grant k = grant_of(n);
        k.n_rules = n % 5;
        for (uint32_t i = 0; i < k.n_rules; i++)
            k.rules[i] = (struct address_rule){.prefix = (uint8_t)(100 + i), .classes = 7};
        assert_ok(keyring_put_key(w.writer, &k));
    }
    assert_err(keyring_put_key(w.writer, &g), KW_EFULL);
    assert_ok(keyring_put_policy(w.writer, 5, STR("table")));
    assert_ok(keyring_create(ring_path(&w), STR("mk"), &sizes, &marks, &larger));
    assert_ok(keyring_copy(w.writer, larger));
    assert_ok(keyring_put_key(larger, &g));
    assert_ok(keyring_publish(larger));
    keyring_close(w.reader);
    assert_ok(keyring_open(ring_path(&w), &w.reader));
    for (uint32_t n = 1; n <= 101; n++) {
        struct address_rule rules[ADDRESS_RULES_MAX];
        size_t n_rules;
        struct grant k = grant_of(n);
        assert_ok(find(w.reader, id_of(&k), &found));
        assert_ok(keyring_key_rules(w.reader, &found.record, rules, &n_rules));
        assert_int_equal(n_rules, n == 101 ? 0 : n % 5);
        if (n_rules > 0)
            assert_int_equal(rules[n_rules - 1].prefix, 100 + n_rules - 1);
    }
    struct keyring_policy policy;
    assert_ok(keyring_policy(w.reader, &policy));
    assert_int_equal(policy.version, 5);
    assert_str(policy.table, STR("table"));
    keyring_writer_free(larger);
    close_world(&w);
}

static void an_account_and_its_rules_are_read_back(void **state)
{
    struct world w;
    struct account a = {.slot = 3, .version = 2, .id = "main", .state = ACCOUNT_ACTIVE, .n_rules = 3};
    struct keyring_account found;
    struct address_rule rules[ADDRESS_RULES_MAX];
    size_t n;

    (void)state;
    a.rules[2] = (struct address_rule){.prefix = 64, .classes = ADDRESS_TRANSACT};
    open_world(&w);
    assert_ok(keyring_put_account(w.writer, &a));
    assert_ok(keyring_account(w.reader, 3, &found));
    assert_str(((struct str){found.id, found.id_len}), STR("main"));
    assert_ok(keyring_account_rules(w.reader, &found, rules, &n));
    assert_int_equal(n, 3);
    assert_int_equal(rules[2].classes, ADDRESS_TRANSACT);
    assert_err(keyring_account(w.reader, 4, &found), KW_EDAMAGED);
    assert_err(keyring_account(w.reader, 4000000000u, &found), KW_EDAMAGED);
    close_world(&w);
}

static void a_policy_is_noticed_when_it_is_replaced(void **state)
{
    struct world w;
    struct keyring_policy first, second;

    (void)state;
    open_world(&w);
    assert_ok(keyring_policy(w.reader, &first));
    assert_int_equal(first.version, 0);
    assert_int_equal(first.table.n, 0);
    assert_ok(keyring_put_policy(w.writer, 1, STR("one")));
    assert_false(keyring_policy_is(w.reader, first.word));
    assert_ok(keyring_policy(w.reader, &first));
    assert_ok(keyring_put_policy(w.writer, 2, STR("second")));
    assert_false(keyring_policy_is(w.reader, first.word));
    assert_ok(keyring_policy(w.reader, &second));
    assert_int_equal(second.version, 2);
    assert_str(second.table, STR("second"));
    close_world(&w);
}

/* Whatever byte of the file is flipped before it is opened: it does not open, or the key is found
 * as it was, or it is not believed. It is never found with anything else in it. */
static void X11_no_flipped_byte_changes_what_a_key_may_do(void **state)
{
    struct world w;
    struct grant g = grant_of(1);
    struct keyring_found want, found;
    struct keyring_sizes tiny = {.records = 2, .accounts = 2, .heap = 128, .policy = 64};

    (void)state;
    open_world_of(&w, &tiny);
    g.n_rules = 3;
    assert_ok(keyring_put_key(w.writer, &g));
    assert_ok(find(w.reader, id_of(&g), &want));
    keyring_close(w.reader);
    w.reader = NULL;
    int fd = open(ring_path(&w), O_RDWR | O_CLOEXEC);
    uint64_t size = keyring_writer_head(w.writer)->file_size;
    for (uint64_t at = 0; at < size; at++) {
        struct keyring *k = NULL;
        uint8_t was, flipped;
        assert_int_equal(pread(fd, &was, 1, (off_t)at), 1);
        flipped = was ^ 0x21;
        assert_int_equal(pwrite(fd, &flipped, 1, (off_t)at), 1);
        if (keyring_open(ring_path(&w), &k) == KW_OK && find(k, id_of(&g), &found) == KW_OK) {
            assert_int_equal(found.slot, 1);
            assert_memory_equal((uint8_t *)&found.record + 8, (uint8_t *)&want.record + 8,
                                sizeof found.record - 8);
        }
        keyring_close(k);
        assert_int_equal(pwrite(fd, &was, 1, (off_t)at), 1);
    }
    close(fd);
    close_world(&w);
}

static void X11_the_writer_finds_every_flipped_byte_of_records_and_accounts(void **state)
{
    struct world w;
    struct grant g = grant_of(1);
    struct account a = {.slot = 1, .version = 1, .id = "main", .state = ACCOUNT_ACTIVE};

    (void)state;
    open_world(&w);
    g.n_rules = 3;
    assert_ok(keyring_put_key(w.writer, &g));
    assert_ok(keyring_put_account(w.writer, &a));
    const struct keyring_header *h = keyring_writer_head(w.writer);
    const uint64_t areas[][2] = {
        {h->records.offset + 192, 192}, {h->accounts.offset + 64, 64}, {h->heap.offset, 80}};
    int fd = open(ring_path(&w), O_RDWR | O_CLOEXEC);
    for (size_t i = 0; i < COUNT_OF(areas); i++)
        for (uint64_t at = areas[i][0]; at < areas[i][0] + areas[i][1]; at++) {
            uint8_t was, flipped;
            uint32_t from = 0;
            assert_int_equal(pread(fd, &was, 1, (off_t)at), 1);
            flipped = was ^ 1;
            assert_int_equal(pwrite(fd, &flipped, 1, (off_t)at), 1);
            if (keyring_scrub(w.writer, &from, 1000) == KW_OK)
                assert_true(i < 2 && at - areas[i][0] < 4); /* a sequence number still even: harmless */
            assert_int_equal(pwrite(fd, &was, 1, (off_t)at), 1);
        }
    close(fd);
    close_world(&w);
}

static void X11_a_file_cut_short_does_not_open(void **state)
{
    struct world w;

    (void)state;
    open_world(&w);
    keyring_close(w.reader);
    w.reader = NULL;
    uint64_t size = keyring_writer_head(w.writer)->file_size;
    for (uint64_t n = size; n > 0;) {
        struct keyring *k = NULL;
        n = n > 4097 ? n - 4097 : 0;
        assert_int_equal(truncate(ring_path(&w), (off_t)n), 0);
        assert_err(keyring_open(ring_path(&w), &k), KW_EDAMAGED);
    }
    struct keyring_writer *other = NULL;
    assert_err(keyring_adopt(ring_path(&w), &other), KW_EDAMAGED);
    close_world(&w);
}

static void another_boots_keyring_does_not_open(void **state)
{
    struct world w;
    struct keyring *k = NULL;
    struct keyring_writer *writer = NULL;

    (void)state;
    open_world(&w);
    struct keyring_header h = *keyring_writer_head(w.writer);
    h.boot_id[3] ^= 1;
    h.crc = keyring_header_crc(&h);
    int fd = open(ring_path(&w), O_RDWR | O_CLOEXEC);
    assert_int_equal(pwrite(fd, &h, sizeof h, 0), sizeof h);
    close(fd);
    assert_err(keyring_open(ring_path(&w), &k), KW_EUNAVAILABLE);
    assert_err(keyring_adopt(ring_path(&w), &writer), KW_EUNAVAILABLE);
    close_world(&w);
}

static void a_restarted_writer_goes_on_with_what_is_there(void **state)
{
    struct world w;
    struct keyring_found found;
    struct grant g = grant_of(9);

    (void)state;
    open_world(&w);
    assert_ok(keyring_put_key(w.writer, &g));
    keyring_put_change(w.writer, 12, 34);
    keyring_put_settled(w.writer, 56);
    keyring_writer_free(w.writer);
    w.writer = NULL;
    assert_ok(keyring_adopt(ring_path(&w), &w.writer));
    assert_int_equal(keyring_writer_head(w.writer)->change_seq, 12);
    assert_int_equal(keyring_writer_head(w.writer)->change_mark, 34);
    assert_int_equal(keyring_writer_head(w.writer)->settled_us, 56);
    g.state = KEY_DISABLED;
    assert_ok(keyring_put_key(w.writer, &g));
    assert_ok(find(w.reader, id_of(&g), &found)); /* the old mapping sees it */
    assert_int_equal(found.record.state, KEY_DISABLED);
    close_world(&w);
}

static void a_retired_keyring_is_not_adopted(void **state)
{
    struct world w;
    struct keyring_writer *writer = NULL;

    (void)state;
    open_world(&w);
    keyring_retire(w.writer);
    assert_err(keyring_adopt(ring_path(&w), &writer), KW_EUNAVAILABLE);
    close_world(&w);
}

/* A reader in another process while the writer flips a record between two contents: never a mixture. One that finds it
 * being written for too long, because the writer was put to sleep in the middle, says so. */
static void a_reader_never_sees_half_a_change(void **state)
{
    struct world w;
    struct grant one = grant_of(1), two = grant_of(1);

    (void)state;
    open_world(&w);
    two.permissions = KW_FULL_ACCESS;
    two.version = 99;
    memset(two.digest, 0xee, sizeof two.digest);
    assert_ok(keyring_put_key(w.writer, &one));
    pid_t child = fork();
    if (child == 0) {
        struct keyring_found f;
        for (int i = 0, wanted = SUITE_TSAN ? 2000 : 200000; i < wanted;) {
            enum kw_err err = find(w.reader, id_of(&one), &f);
            if (err == KW_EDAMAGED)
                continue;
            if (err != KW_OK)
                _exit(2);
            i++;
            bool is_two = f.record.version == 99;
            if (f.record.permissions != (is_two ? KW_FULL_ACCESS : KW_TRANSACTIONS) ||
                f.record.digest[31] != (is_two ? 0xee : 1))
                _exit(1);
        }
        _exit(0);
    }
    int status;
    for (int i = 0; waitpid(child, &status, WNOHANG) == 0; i++)
        assert_ok(keyring_put_key(w.writer, i % 2 == 0 ? &two : &one));
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    close_world(&w);
}

static void a_heart_beat_tells_the_wall_clock(void **state)
{
    struct world w;
    int64_t offset;

    (void)state;
    open_world(&w);
    keyring_beat(w.writer, 5000000, 1800000000000000);
    assert_true(keyring_wall_offset(w.reader, &offset));
    assert_int_equal(offset, 1800000000000000 - 5000000);
    keyring_beat(w.writer, 5100000, 1800000000100500); /* half a millisecond of jitter is no change */
    assert_true(keyring_wall_offset(w.reader, &offset));
    assert_int_equal(offset, 1800000000000000 - 5000000);
    close_world(&w);
}

static void a_freeze_is_seen_and_a_damaged_one_freezes_all(void **state)
{
    struct world w;

    (void)state;
    open_world(&w);
    assert_int_equal(keyring_freeze(w.reader, KW_PRODUCTION), 0);
    keyring_put_freeze(w.writer, KW_PRODUCTION, FREEZE_TRANSACT);
    assert_int_equal(keyring_freeze(w.reader, KW_PRODUCTION), FREEZE_TRANSACT);
    assert_int_equal(keyring_freeze(w.reader, KW_SANDBOX), 0);
    int fd = open(ring_path(&w), O_RDWR | O_CLOEXEC);
    uint8_t odd = 0x40;
    assert_int_equal(pwrite(fd, &odd, 1, offsetof(struct keyring_header, freeze) + 8), 1);
    close(fd);
    assert_int_equal(keyring_freeze(w.reader, KW_SANDBOX), FREEZE_ALL);
    close_world(&w);
}

int main(void)
{
    SUITE_TEST(what_is_put_is_found);
    SUITE_TEST(an_unknown_id_reads_nobody);
    SUITE_TEST(ids_of_one_tag_are_told_apart);
    SUITE_TEST(a_change_is_seen_at_once);
    SUITE_TEST(a_full_keyring_says_so_and_a_larger_copy_holds_everything);
    SUITE_TEST(an_account_and_its_rules_are_read_back);
    SUITE_TEST(a_policy_is_noticed_when_it_is_replaced);
    SUITE_TEST(X11_no_flipped_byte_changes_what_a_key_may_do);
    SUITE_TEST(X11_the_writer_finds_every_flipped_byte_of_records_and_accounts);
    SUITE_TEST(X11_a_file_cut_short_does_not_open);
    SUITE_TEST(another_boots_keyring_does_not_open);
    SUITE_TEST(a_restarted_writer_goes_on_with_what_is_there);
    SUITE_TEST(a_retired_keyring_is_not_adopted);
    SUITE_TEST(a_reader_never_sees_half_a_change);
    SUITE_TEST(a_heart_beat_tells_the_wall_clock);
    SUITE_TEST(a_freeze_is_seen_and_a_damaged_one_freezes_all);
    return suite_run("keyring/keyring");
}
