/* same_site.c - which signs of a browser say that one of our own pages sent a request. */
#include "server/same_site.h"

#include "suite.h"

#define NONE NULL
static const struct row {
    const char *why, *fetch_site, *origin;
    enum site_verdict want;
    bool may_read;
} rows[] = {
    {"our page", "same-origin", "https://keys.example.com", SITE_SAME, true},
    {"our page, an older browser", NONE, "https://keys.example.com", SITE_SAME, true},
    {"no browser", NONE, NONE, SITE_SILENT, true},
    {"a page of another site", "cross-site", "https://evil.example", SITE_CROSS, false},
    {"another site that hides its origin", "cross-site", "null", SITE_CROSS, false},
    {"origin null", NONE, "null", SITE_CROSS, true},
    {"origin null, of our site", "same-origin", "null", SITE_CROSS, true},
    {"a browser without origin", "same-origin", NONE, SITE_CROSS, true},
    {"a neighbour of our domain", "same-site", "https://evil.example.com", SITE_CROSS, false},
    {"an origin that only begins like ours", NONE, "https://keys.example.com.evil.example",
     SITE_CROSS, true},
    {"an origin that only ends like ours", NONE, "https://evil-keys.example.com", SITE_CROSS, true},
    {"without TLS", NONE, "http://keys.example.com", SITE_CROSS, true},
    {"another port", NONE, "https://keys.example.com:8443", SITE_CROSS, true},
    {"a typed address", "none", NONE, SITE_CROSS, true},
    {"a word that does not exist", "same", "https://keys.example.com", SITE_CROSS, false},
    {"in another letter case", "Same-Origin", "https://keys.example.com", SITE_CROSS, false},
    {"an empty origin", NONE, "", SITE_CROSS, true},
};

static struct str text(const char *s)
{
    return s == NULL ? (struct str){NULL, 0} : str_from(s);
}

static void F5_the_signs_are_judged(void **state)
{
    const struct row *row = *state;
    const struct site_signs signs = {text(row->fetch_site), text(row->origin),
                                     STR("keys.example.com")};

    assert_int_equal(same_site(&signs), row->want);
    assert_int_equal(same_site_may_read(&signs), row->may_read);
}

static void F5_without_a_host_nothing_is_our_own(void **state)
{
    const struct site_signs none = {{NULL, 0}, STR("https://"), {NULL, 0}},
                            empty = {{NULL, 0}, STR("https://"), STR("")};

    (void)state;
    assert_int_equal(same_site(&none), SITE_CROSS);
    assert_int_equal(same_site(&empty), SITE_CROSS);
}

int main(void)
{
    SUITE_ROWS(F5_the_signs_are_judged, rows);
    SUITE_TEST(F5_without_a_host_nothing_is_our_own);
    return suite_run("server/same_site");
}
