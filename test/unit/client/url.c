/* url.c - the addresses to which a token may be sent, and all the others. */
#include "client/url.h"

#include "suite.h"

static const struct accepted {
    const char *why, *text, *want;
} accepts[] = {
    {"a name", "https://keyward.example.com", "https://keyward.example.com"},
    {"a slash behind", "https://keyward.example.com/", "https://keyward.example.com"},
    {"capitals and a port", "HTTPS://keyward.example.com:8443/", "https://keyward.example.com:8443"},
    {"an address", "https://192.0.2.1", "https://192.0.2.1"},
    {"one of IPv6", "https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"},
    {"this machine", "http://localhost:8080", "http://localhost:8080"},
    {"this machine's address", "http://127.0.0.1:8080/", "http://127.0.0.1:8080"},
    {"that of IPv6", "http://[::1]:8080", "http://[::1]:8080"},
};

static void client_url_read_takes(void **state)
{
    const struct accepted *row = *state;
    struct buf out = BUF_MAX(CLIENT_URL_ROOM);
    char why[CLIENT_URL_WHY_MAX] = "";

    assert_ok(client_url_read(row->text, &out, why));
    assert_str(buf_view(&out), str_from(row->want));
    buf_deinit(&out);
}

static const struct reject {
    const char *why, *text, *says;
} rejects[] = {
    {"nothing", "", "https://"},
    {"no host", "https://", "https://"},
    {"a blank behind", "https://keyward.example.com ", "https://"},
    {"a blank inside", "https://a b", "https://"},
    {"a line feed", "https://a\r\nX: secret", "https://"},
    {"a port too high", "https://a:99999", "https://"},
    {"a port of letters", "https://a:x", "https://"},
    {"a backslash", "https://keyward.example.com\\@secret", "https://"},
    {"not ASCII", "https://keyw\xc3\xa4rd.example.com", "https://"},
    {"no scheme", "keyward.example.com", "https://"},
    {"another scheme", "ftp://a", "only https://"},
    {"a file", "file://a/etc/passwd", "https://"},
    {"without TLS", "http://keyward.example.com", "everybody on the way"},
    {"a name that begins like this machine", "http://127.0.0.1.example.com", "everybody on the way"},
    {"another one", "http://localhost.example.com", "everybody on the way"},
    {"this machine as a user", "http://localhost@keyward.example.com", "no name and password"},
    {"a user and a password", "https://anna:secret@keyward.example.com", "no name and password"},
    {"a user", "https://secret@keyward.example.com", "no name and password"},
    {"a path", "https://keyward.example.com/secret", "no path"},
    {"a path and a query", "https://keyward.example.com/?secret", "no path"},
    {"a query", "https://keyward.example.com?secret", "no path"},
    {"a fragment", "https://keyward.example.com/#secret", "no path"},
};

static void client_url_read_rejects(void **state)
{
    const struct reject *row = *state;
    struct buf out = BUF_MAX(CLIENT_URL_ROOM);
    char why[CLIENT_URL_WHY_MAX] = "";

    assert_err(client_url_read(row->text, &out, why), KW_ESYNTAX);
    assert_int_equal(out.n, 0);
    assert_non_null(strstr(why, row->says));
    assert_null(strstr(why, "secret")); /* what it was may be one */
}

static void an_address_that_is_too_long_is_refused(void **state)
{
    char text[CLIENT_URL_MAX + 32], why[CLIENT_URL_WHY_MAX] = "";
    struct buf out = BUF_MAX(CLIENT_URL_ROOM);

    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text, "https://", 8);
    text[sizeof text - 1] = '\0';
    assert_err(client_url_read(text, &out, why), KW_ESYNTAX);
}

int main(void)
{
    SUITE_ROWS(client_url_read_takes, accepts);
    SUITE_ROWS(client_url_read_rejects, rejects);
    SUITE_TEST(an_address_that_is_too_long_is_refused);
    return suite_run("client/url");
}
