/* wipe.c - what is given back has been wiped, and what is moved is kept. */
#include "base/wipe.h"

#include <stdlib.h>

#include "suite.h"

static void what_is_moved_is_kept(void **state)
{
    (void)state;
    char *p = wipe_realloc(NULL, 8);
    assert_non_null(p);
    memcpy(p, "1234567", 8);
    p = wipe_realloc(p, 100000);
    assert_string_equal(p, "1234567");
    p = wipe_realloc(p, 4);
    assert_memory_equal(p, "1234", 4);
    wipe_free(p);
    wipe_free(NULL);
}

static void what_cannot_be_moved_is_still_there(void **state)
{
    volatile size_t too_much = SIZE_MAX / 2;

    (void)state;
    if (SUITE_ASAN || SUITE_TSAN)
        suite_skip("a sanitizer ends a program that asks for so much");
    char *p = wipe_realloc(NULL, 8);
    memcpy(p, "1234567", 8);
    assert_null(wipe_realloc(p, too_much));
    assert_string_equal(p, "1234567");
    wipe_free(p);
}

int main(void)
{
    SUITE_TEST(what_is_moved_is_kept);
    SUITE_TEST(what_cannot_be_moved_is_still_there);
    return suite_run("base/wipe");
}
