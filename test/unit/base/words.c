/* words.c - shared bytes, read and written in words: what goes in comes out, and nothing beside it. */
#include "base/words.h"

#include <stdalign.h>

#include "base/crc32c.h"
#include "suite.h"

enum { ROOM = 256 };

struct area {
    alignas(WORD) char before[WORD];
    char p[ROOM];
    char after[WORD];
};

static void fill(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (char)(i * 7 + 1);
}

static void words_of_any_length_are_kept(void **state)
{
    char text[ROOM];

    (void)state;
    fill(text, sizeof text);
    for (size_t n = 0; n <= ROOM; n++) {
        struct area a;
        memset(&a, 0x55, sizeof a);
        words_store(a.p, text, n);
        assert_memory_equal(a.p, text, n);
        for (size_t i = n; i % WORD != 0; i++)
            assert_int_equal(a.p[i], 0);
        assert_memory_equal(a.before, "UUUU", WORD);
        assert_memory_equal(a.after, "UUUU", WORD);
        assert_true(words_are(a.p, (struct str){text, n}));
    }
}

static void words_are_told_apart_at_every_byte(void **state)
{
    struct area a;
    char text[ROOM];

    (void)state;
    fill(text, sizeof text);
    words_store(a.p, text, sizeof text);
    for (size_t i = 0; i < 100; i++) {
        text[i] ^= 1;
        assert_false(words_are(a.p, (struct str){text, 100}));
        assert_true(words_are(a.p, (struct str){text, i}));
        text[i] ^= 1;
    }
}

static void words_have_the_checksum_of_their_bytes(void **state)
{
    struct area a;
    char copy[ROOM];

    (void)state;
    fill(a.p, sizeof a.p);
    for (size_t n = 0; n <= ROOM; n += WORD) {
        memset(copy, 0, sizeof copy);
        words_load(copy, a.p, n);
        assert_memory_equal(copy, a.p, n);
        assert_int_equal(words_crc32c(a.p, n), crc32c(a.p, n));
    }
}

int main(void)
{
    SUITE_TEST(words_of_any_length_are_kept);
    SUITE_TEST(words_are_told_apart_at_every_byte);
    SUITE_TEST(words_have_the_checksum_of_their_bytes);
    return suite_run("base/words");
}
