/* locator.c - where addresses are, by a file that may be replaced, cut or spoilt while it is used. */
#include "watch/locator.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "folder.h"
#include "suite.h"

/* LOCATION_FILE: countries by address, CC0, which tools/bootstrap takes from npm. */

enum { FILE_MAX = 64 << 20 };

struct scene {
    struct folder folder;
    char path[PATH_MAX];
    struct buf original;
    struct locator *locator;
};

static void put(struct scene *s, struct str bytes)
{
    assert_ok(file_replace(s->path, bytes, 0600));
}

static void scene_make(struct scene *s, bool is_there)
{
    const char *paths[LOCATOR_FILES_MAX] = {s->path, ""};

    folder_make(&s->folder);
    snprintf(s->path, sizeof s->path, "%s/places.mmdb", s->folder.path);
    s->original = BUF_MAX(FILE_MAX);
    assert_ok(file_read(LOCATION_FILE, &s->original));
    if (is_there)
        put(s, buf_view(&s->original));
    assert_ok(locator_new(paths, &s->locator));
}

static void scene_clear(struct scene *s)
{
    locator_free(s->locator);
    buf_deinit(&s->original);
    folder_remove(&s->folder);
}

static const char *country(struct scene *s, const char *text)
{
    static struct located at;
    struct address a;

    assert_ok(address_parse(str_from(text), &a));
    bool is_known = locator_find(s->locator, &a, &at);
    assert_int_equal(is_known, at.country[0] != '\0');
    return at.country;
}

static void addresses_are_found(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s, true);
    assert_true(locator_is_open(s.locator));
    assert_true(locator_made_s(s.locator) > 1600000000);
    assert_string_equal(country(&s, "8.8.8.8"), "US");
    assert_string_equal(country(&s, "2001:4860:4860::8888"), "US");
    assert_string_equal(country(&s, "10.0.0.1"), "");
    assert_string_equal(country(&s, "::1"), "");
    scene_clear(&s);
}

static void without_a_file_nothing_is_known_until_there_is_one(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s, false);
    assert_false(locator_is_open(s.locator));
    assert_int_equal(locator_made_s(s.locator), 0);
    assert_string_equal(country(&s, "8.8.8.8"), "");
    put(&s, buf_view(&s.original));
    locator_refresh(s.locator);
    assert_string_equal(country(&s, "8.8.8.8"), "US");
    scene_clear(&s);
}

static void X11_a_file_that_is_cut_while_it_is_used_disturbs_nobody(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s, true);
    assert_int_equal(truncate(s.path, 100), 0);
    assert_string_equal(country(&s, "8.8.8.8"), "US");
    locator_refresh(s.locator);
    assert_string_equal(country(&s, "8.8.8.8"), "US"); /* what was read before */
    assert_int_equal(unlink(s.path), 0);
    locator_refresh(s.locator);
    assert_string_equal(country(&s, "8.8.8.8"), "US");
    scene_clear(&s);
}

/* More addresses than are remembered, so that some take the place of others. */
static void what_is_remembered_is_what_the_file_says(void **state)
{
    enum { MANY = 10000 };
    static char first[MANY][3];
    struct scene s;

    (void)state;
    scene_make(&s, true);
    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < MANY; i++) {
            const struct address a = {
                {[10] = 0xff, [11] = 0xff, (uint8_t)(i % 251), (uint8_t)(i / 251), 8, 8}};
            struct located at;
            bool is_known = locator_find(s.locator, &a, &at);
            assert_int_equal(is_known, at.country[0] != '\0');
            if (round == 0)
                memcpy(first[i], at.country, sizeof first[i]);
            assert_string_equal(at.country, first[i]);
        }
    scene_clear(&s);
}

static void countries_are_those_of_the_first_file(void **state)
{
    struct scene s;
    struct locator *second;

    (void)state;
    scene_make(&s, true);
    const char *const paths[LOCATOR_FILES_MAX] = {"", s.path};
    assert_true(locator_knows_countries(s.locator));
    assert_ok(locator_new(paths, &second));
    assert_true(locator_is_open(second));
    assert_false(locator_knows_countries(second));
    locator_free(second);
    scene_clear(&s);
}

static const struct row {
    const char *why;
    struct str bytes;
} rejects[] = {
    {"nothing", STR_INIT("")},
    {"a text", STR_INIT("8.8.8.8 US\n")},
    {"the mark of metadata alone", STR_INIT("\xab\xcd\xefMaxMind.com")},
};

static void what_is_no_such_file_is_told_of_and_passed_over(void **state)
{
    const struct row *row = *state;
    struct scene s;

    scene_make(&s, false);
    put(&s, row->bytes);
    locator_refresh(s.locator);
    assert_false(locator_is_open(s.locator));
    assert_string_equal(country(&s, "8.8.8.8"), "");
    scene_clear(&s);
}

/* Bytes are spoilt all over the file: whatever is answered, nothing is read that is not there. */
static void a_spoilt_file_answers_something_or_nothing(void **state)
{
    struct scene s;

    (void)state;
    scene_make(&s, true);
    for (size_t at = 7; at < s.original.n; at += s.original.n / 997)
        s.original.p[at] = (char)~s.original.p[at];
    put(&s, buf_view(&s.original));
    locator_refresh(s.locator);
    for (unsigned i = 0; i < 256; i++) {
        struct address a = {{[10] = 0xff, [11] = 0xff, (uint8_t)i, (uint8_t)(7 * i), 8, 8}};
        struct located at;
        locator_find(s.locator, &a, &at);
        assert_true(strlen(at.country) == 0 || strlen(at.country) == 2);
    }
    scene_clear(&s);
}

int main(void)
{
    SUITE_TEST(addresses_are_found);
    SUITE_TEST(without_a_file_nothing_is_known_until_there_is_one);
    SUITE_TEST(X11_a_file_that_is_cut_while_it_is_used_disturbs_nobody);
    SUITE_TEST(what_is_remembered_is_what_the_file_says);
    SUITE_TEST(countries_are_those_of_the_first_file);
    SUITE_ROWS(what_is_no_such_file_is_told_of_and_passed_over, rejects);
    SUITE_TEST(a_spoilt_file_answers_something_or_nothing);
    return suite_run("watch/locator");
}
