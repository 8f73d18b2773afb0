/* public_url.c - the dashboard's address: https, and nothing behind the host. */
#include "config/public_url.h"

#include "suite.h"

static const struct row {
    const char *why, *url;
    enum kw_err want;
} rows[] = {
    {"a name", "https://keyward.example.com", KW_OK},
    {"a port", "https://keyward.example.com:8443", KW_OK},
    {"this machine, in the clear", "http://127.0.0.1:8080", KW_OK},
    {"this machine, IPv6", "http://[::1]:8080", KW_OK},
    {"another machine, in the clear", "http://keyward.example.com", KW_ESYNTAX},
    {"a name that begins like this machine's", "http://localhost.example.com", KW_ESYNTAX},
    {"another scheme", "ftp://localhost", KW_ESYNTAX},
    {"upper case", "HTTPS://keyward.example.com", KW_ESYNTAX},
    {"no scheme", "keyward.example.com", KW_ESYNTAX},
    {"no slashes", "https:keyward.example.com", KW_ESYNTAX},
    {"one slash", "https:/keyward.example.com", KW_ESYNTAX},
    {"a slash at the end", "https://keyward.example.com/", KW_ESYNTAX},
    {"a path", "https://keyward.example.com/k", KW_ESYNTAX},
    {"a query", "https://keyward.example.com?a", KW_ESYNTAX},
    {"a fragment", "https://keyward.example.com#a", KW_ESYNTAX},
    {"a user", "https://me@keyward.example.com", KW_ESYNTAX},
    {"nothing", "", KW_ESYNTAX},
    {"no host", "https://", KW_ESYNTAX},
};

static void public_url_is_checked(void **state)
{
    const struct row *row = *state;

    assert_err(public_url_check(str_from(row->url)), row->want);
}

static void a_link_has_its_text_behind_the_hash(void **state)
{
    char link[PUBLIC_LINK_MAX + 1] = "x";

    (void)state;
    public_url_link("https://keyward.example.com", "id_secret", link);
    assert_string_equal(link, "https://keyward.example.com/accept#id_secret");
    public_url_link("", "id_secret", link);
    assert_string_equal(link, "");
}

int main(void)
{
    SUITE_ROWS(public_url_is_checked, rows);
    SUITE_TEST(a_link_has_its_text_behind_the_hash);
    return suite_run("config/public_url");
}
