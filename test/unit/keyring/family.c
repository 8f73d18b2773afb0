/* family.c - access tokens in the keyring: found again, replaced when they have expired, never believed when damaged. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "folder.h"
#include "keyring/read.h"
#include "keyring/write.h"
#include "suite.h"

enum { ROOM = 64, BOOT_US = 1000000000 };
#define NOW_MS INT64_C(1750000000000)

struct world {
    struct folder folder;
    struct keyring_writer *writer;
    struct keyring *reader;
};

static struct keyring_writer *make(const struct world *w, const char *name, uint32_t families)
{
    const struct keyring_sizes sizes = {
        .records = 10, .accounts = 2, .families = families, .heap = 64, .policy = 64};
    const struct keyring_marks marks = {.generation = families, .hash_seed = families + 42};
    struct keyring_writer *writer;

    assert_ok(keyring_create(folder_file(&w->folder, name), STR("mk"), &sizes, &marks, &writer));
    keyring_beat(writer, BOOT_US, NOW_MS * 1000);
    return writer;
}

static void open_world(struct world *w)
{
    folder_make(&w->folder);
    w->writer = make(w, "keyring", ROOM);
    assert_ok(keyring_publish(w->writer));
    assert_ok(keyring_open(folder_file(&w->folder, "keyring"), &w->reader));
}

static void close_world(struct world *w)
{
    keyring_close(w->reader);
    keyring_writer_free(w->writer);
    folder_remove(&w->folder);
}

static struct family family_of(uint32_t n)
{
    struct family f = {.slot = n,
                       .version = 1,
                       .key_slot = 1,
                       .permissions = KW_READ_ONLY,
                       .state = FAMILY_ACTIVE,
                       .access_ends_ms = NOW_MS + 60000};

    snprintf(f.id, sizeof f.id, "%010uAbCd", n);
    memset(f.access_digest, (int)n, sizeof f.access_digest);
    return f;
}

static enum kw_err find(const struct keyring *k, uint32_t n, struct keyring_family *out)
{
    struct family f = family_of(n);
    struct keyring_place place = keyring_seek_family(k, str_from(f.id));

    return keyring_find_family(k, str_from(f.id), &place, out);
}

static void put(struct keyring_writer *w, uint32_t first, uint32_t n)
{
    for (uint32_t i = first; i < first + n; i++) {
        struct family f = family_of(i);
        assert_ok(keyring_put_family(w, &f));
    }
}

static void as_many_as_there_is_room_for_are_found_again(void **state)
{
    struct keyring_family found;
    struct world w;

    (void)state;
    open_world(&w);
    put(w.writer, 1, ROOM);
    assert_int_equal(keyring_families_live(w.writer), ROOM);
    for (uint32_t i = 1; i <= ROOM; i++) {
        assert_ok(find(w.reader, i, &found));
        assert_int_equal(found.slot, i);
        assert_int_equal(found.digest[7], i);
    }
    assert_err(find(w.reader, ROOM + 1, &found), KW_ENOTFOUND);
    assert_int_equal(found.kind, KEYRING_EMPTY);
    close_world(&w);
}

static void a_version_takes_the_place_of_the_one_before(void **state)
{
    struct family f = family_of(5);
    struct keyring_family found;
    struct world w;

    (void)state;
    open_world(&w);
    put(w.writer, 1, 10);
    f.version = 2;
    f.state = FAMILY_ENDED;
    assert_ok(keyring_put_family(w.writer, &f));
    assert_ok(find(w.reader, 5, &found));
    assert_int_equal(found.version, 2);
    assert_int_equal(found.state, FAMILY_ENDED);
    assert_int_equal(keyring_family_version(w.writer, str_from(f.id)), 2);
    close_world(&w);
}

static void places_of_the_expired_are_given_to_others_for_ever(void **state)
{
    struct keyring_family found;
    struct world w;
    uint64_t at = 0;

    (void)state;
    open_world(&w);
    for (uint32_t round = 0; round < 50; round++) {
        int64_t now_ms = NOW_MS + round * INT64_C(100000);
        keyring_beat(w.writer, BOOT_US + round, now_ms * 1000);
        for (uint32_t i = 1; i <= ROOM; i++) {
            struct family f = family_of(round * ROOM + i);
            f.access_ends_ms = now_ms + 60000;
            assert_ok(keyring_put_family(w.writer, &f));
            assert_ok(find(w.reader, f.slot, &found));
        }
        assert_int_equal(keyring_families_live(w.writer), ROOM);
        assert_ok(keyring_scrub_families(w.writer, &at, UINT64_MAX));
    }
    close_world(&w);
}

static void beyond_all_room_it_is_full_and_a_larger_copy_has_all(void **state)
{
    struct keyring_family found;
    enum kw_err err = KW_OK;
    struct world w;
    uint32_t n = 0;

    (void)state;
    open_world(&w);
    while (err == KW_OK) {
        struct family f = family_of(n + 1);
        err = keyring_put_family(w.writer, &f);
        n += err == KW_OK;
    }
    assert_err(err, KW_EFULL);
    assert_true(n > ROOM);
    struct keyring_writer *larger = make(&w, "larger", 4 * ROOM);
    assert_ok(keyring_copy(w.writer, larger));
    assert_ok(keyring_publish(larger));
    keyring_close(w.reader);
    assert_ok(keyring_open(folder_file(&w.folder, "larger"), &w.reader));
    for (uint32_t i = 1; i <= n; i++)
        assert_ok(find(w.reader, i, &found));
    keyring_writer_free(larger);
    close_world(&w);
}

static void X11_every_damaged_byte_of_a_token_is_noticed(void **state)
{
    struct keyring_family found, there;
    struct world w;

    (void)state;
    open_world(&w);
    put(w.writer, 1, 1);
    assert_ok(find(w.reader, 1, &there));
    const struct keyring_header *h = keyring_writer_head(w.writer);
    uint8_t *families = (uint8_t *)UNCONST((const void *)h) + h->families.offset;
    for (uint64_t i = sizeof there; i < h->families.size; i++) {
        struct keyring_place place =
            keyring_seek_family(w.reader, (struct str){there.id, sizeof there.id});
        bool is_seq = i % sizeof there < sizeof there.seq; /* all but its lowest bit only counts */
        if (i / sizeof there != place.slot || is_seq)
            continue;
        families[i] ^= 1;
        assert_err(
            keyring_find_family(w.reader, (struct str){there.id, sizeof there.id}, &place, &found),
            KW_EDAMAGED);
        families[i] ^= 1;
    }
    assert_ok(find(w.reader, 1, &found));
    close_world(&w);
}

int main(void)
{
    SUITE_TEST(as_many_as_there_is_room_for_are_found_again);
    SUITE_TEST(a_version_takes_the_place_of_the_one_before);
    SUITE_TEST(places_of_the_expired_are_given_to_others_for_ever);
    SUITE_TEST(beyond_all_room_it_is_full_and_a_larger_copy_has_all);
    SUITE_TEST(X11_every_damaged_byte_of_a_token_is_noticed);
    return suite_run("keyring/family");
}
