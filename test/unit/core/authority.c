/* authority.c - host and port: taken apart exactly, or refused. */
#include "core/authority.h"

#include "suite.h"

static const struct row {
    const char *why, *text;
    enum kw_err want;
    const char *host;
    unsigned port;
    bool is_loopback;
} rows[] = {
    {"a name", "keyward.example.com", KW_OK, "keyward.example.com", 0, false},
    {"a name and a port", "mail.example.com:587", KW_OK, "mail.example.com", 587, false},
    {"one word", "localhost", KW_OK, "localhost", 0, true},
    {"an address", "127.0.0.1:25", KW_OK, "127.0.0.1", 25, true},
    {"another of this machine", "127.0.0.2:25", KW_OK, "127.0.0.2", 25, false},
    {"IPv6", "[2001:db8::1]", KW_OK, "2001:db8::1", 0, false},
    {"IPv6 and a port", "[::1]:65535", KW_OK, "::1", 65535, true},
    {"a hyphen inside", "a-b.c--d", KW_OK, "a-b.c--d", 0, false},
    {"nothing", "", KW_ESYNTAX, "", 0, false},
    {"a port alone", ":25", KW_ESYNTAX, "", 0, false},
    {"an empty port", "a:", KW_ERANGE, "", 0, false},
    {"an empty port behind brackets", "[::1]:", KW_ERANGE, "", 0, false},
    {"port 0", "a:0", KW_ERANGE, "", 0, false},
    {"a port that there is not", "a:65536", KW_ERANGE, "", 0, false},
    {"a port with a sign", "a:+25", KW_ERANGE, "", 0, false},
    {"two ports", "a:25:26", KW_ERANGE, "", 0, false},
    {"a user", "me@a", KW_ESYNTAX, "", 0, false},
    {"a path", "a/b", KW_ESYNTAX, "", 0, false},
    {"upper case", "Example.com", KW_ESYNTAX, "", 0, false},
    {"a blank", "a b", KW_ESYNTAX, "", 0, false},
    {"two points", "a..b", KW_ESYNTAX, "", 0, false},
    {"a point at the end", "a.", KW_ESYNTAX, "", 0, false},
    {"a hyphen first", "-a", KW_ESYNTAX, "", 0, false},
    {"a hyphen behind a point", "a.-b", KW_ESYNTAX, "", 0, false},
    {"a hyphen before a point", "a-.b", KW_ESYNTAX, "", 0, false},
    {"a hyphen last", "a-", KW_ESYNTAX, "", 0, false},
    {"an open bracket", "[::1", KW_ESYNTAX, "", 0, false},
    {"something behind the bracket", "[::1]x", KW_ESYNTAX, "", 0, false},
    {"empty brackets", "[]", KW_ESYNTAX, "", 0, false},
    {"a name in brackets", "[host]", KW_ESYNTAX, "", 0, false},
};

static void authority_parses(void **state)
{
    const struct row *row = *state;
    struct authority a = {.port = 7};

    assert_err(authority_parse(str_from(row->text), &a), row->want);
    if (row->want != KW_OK) {
        assert_int_equal(a.port, 7); /* untouched */
        return;
    }
    assert_str(a.host, str_from(row->host));
    assert_int_equal(a.port, row->port);
    assert_int_equal(a.is_loopback, row->is_loopback);
}

int main(void)
{
    SUITE_ROWS(authority_parses, rows);
    return suite_run("core/authority");
}
