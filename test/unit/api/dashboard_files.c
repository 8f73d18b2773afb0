/* dashboard_files.c - the files that the program carries, whatever they are in this build. */
#include "api/dashboard_files.h"

#include "suite.h"

static void the_page_has_a_place_for_its_nonce(void **state)
{
    (void)state;
    assert_non_null(memmem(dashboard_page.p, dashboard_page.n, STR("\"{nonce}\"").p, 9));
    assert_true(str_starts(dashboard_page, STR("<!")));
}

static void the_icon_is_there_in_all_forms(void **state)
{
    const struct dashboard_file *icon = dashboard_file_find(STR("/favicon.svg"));

    (void)state;
    assert_non_null(icon);
    assert_string_equal(icon->path, "/favicon.svg");
    assert_string_equal(icon->type, "image/svg+xml; charset=utf-8");
    assert_true(str_starts(icon->plain, STR("<svg")));
    assert_true(str_starts(icon->gzip, STR("\x1f\x8b\x08"))); /* RFC 1952, 2.3 */
    assert_true(icon->gzip.n < icon->plain.n);
    assert_true(icon->br.n > 0 && icon->br.n < icon->gzip.n);
}

static const struct stranger {
    const char *why, *path;
} strangers[] = {
    {"nothing", ""},
    {"the root", "/"},
    {"the page, which has a nonce to be filled in", "/index.html"},
    {"no slash first", "favicon.svg"},
    {"a slash behind it", "/favicon.svg/"},
    {"a beginning", "/favicon"},
    {"upper case", "/FAVICON.SVG"},
    {"a way around", "/assets/../favicon.svg"},
    {"a file of the machine", "/etc/passwd"},
};

static void no_other_name_is_a_file(void **state)
{
    const struct stranger *row = *state;

    assert_null(dashboard_file_find(str_from(row->path)));
}

int main(void)
{
    SUITE_TEST(the_page_has_a_place_for_its_nonce);
    SUITE_TEST(the_icon_is_there_in_all_forms);
    SUITE_ROWS(no_other_name_is_a_file, strangers);
    return suite_run("api/dashboard_files");
}
