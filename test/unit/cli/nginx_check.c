/* nginx_check.c - each way around Keyward is found, in each spelling, and what is right is left alone. */
#include "cli/nginx_check.h"

#include <stdio.h>

#include "suite.h"

/* %s, in order: more of http, of the server, of the location. */
static const char frame[] =
    "http { keyward_state /run/keyward; log_format safe '$remote_addr $keyward_request';\n"
    "access_log /l safe; ssl_protocols TLSv1.2 TLSv1.3;\n"
    "%s\n"
    "server { listen 443 ssl; keyward_environment sandbox;\n"
    "%s\n"
    "location / { keyward on; proxy_pass http://api;\n"
    "%s\n"
    "} } }";

static const struct case_ {
    const char *why;
    const char *http, *server, *location;
    enum finding_level want;
    const char *says;
} cases[] = {
    {"all is well", "", "", "", FINDING_OK, "1 protected blocks"},
    {"return 200", "", "", "return 200 x;", FINDING_FAIL, "line 7: return in a protected"},
    {"return 301", "", "", "return 301 /;", FINDING_WARN, "return in a protected"},
    {"return in an if", "", "", "if ($a) { return 204; }", FINDING_FAIL, "return in a protected"},
    {"return elsewhere", "", "location /x { return 200; }", "", FINDING_OK, ""},
    {"rewrite to a redirect", "", "", "rewrite ^ /x redirect;", FINDING_WARN, "rewrite to a redirect"},
    {"rewrite for good", "", "", "rewrite ^ /x permanent;", FINDING_WARN, "rewrite to a redirect"},
    {"rewrite inside", "", "", "rewrite ^ /x break;", FINDING_OK, ""},
    {"error_page", "", "", "error_page 502 /sorry;", FINDING_WARN, "error_page"},
    {"error_page to 200", "", "error_page 401 =200 /x;", "", FINDING_FAIL, "line 5: error_page"},
    {"a cache", "", "", "proxy_cache c;", FINDING_FAIL, "proxy_cache"},
    {"a cache above", "proxy_cache c;", "", "", FINDING_FAIL, "line 3: proxy_cache"},
    {"a cache above, off here", "proxy_cache c;", "", "proxy_cache off;", FINDING_OK, ""},
    {"another cache", "", "uwsgi_cache c;", "", FINDING_FAIL, "uwsgi_cache"},
    {"no headers", "", "", "proxy_pass_request_headers off;", FINDING_FAIL, "drops the identity"},
    {"headers", "", "", "proxy_pass_request_headers on;", FINDING_OK, ""},
    {"the key in a variable", "", "", "set $k $http_x_api_key;", FINDING_FAIL, "set takes the key"},
    {"the key in braces", "", "", "set $k \"a${http_x_api_key}b\";", FINDING_FAIL,
     "set takes the key"},
    {"the key in capitals", "", "", "set $k $HTTP_X_API_KEY;", FINDING_FAIL, "set takes the key"},
    {"the key in a map", "map $http_x_api_key $k { default 1; }", "", "", FINDING_FAIL,
     "map takes the key"},
    {"the key passed on", "", "", "proxy_set_header A $http_x_api_key;", FINDING_FAIL,
     "proxy_set_header"},
    {"another header's key", "", "keyward_header X-Shop-Key;", "set $k $http_x_shop_key;",
     FINDING_FAIL, "set takes the key"},
    {"another header", "", "", "set $k $http_x_api_key_id;", FINDING_OK, ""},
    {"a log with the request line", "log_format l '\"$request\"'; access_log /x l;", "", "",
     FINDING_FAIL, "$request in log_format l"},
    {"a log with a time", "log_format l '$request_time $request_id'; access_log /x l;", "", "",
     FINDING_OK, ""},
    {"a log with the query", "log_format l a 'b$args'; access_log /x l;", "", "", FINDING_FAIL,
     "$args"},
    {"a log with the whole path", "log_format l $request_uri;", "", "access_log /x l buffer=1k;",
     FINDING_FAIL, "$request_uri"},
    {"a log with the key", "log_format l $http_x_api_key;", "access_log /x l;", "", FINDING_FAIL,
     "$http_x_api_key in log_format l"},
    {"a log with an argument", "log_format l $arg_api_key; access_log /x l;", "", "", FINDING_FAIL,
     "$arg_api_key"},
    {"a log with a cookie", "log_format l $cookie_k; access_log /x l;", "", "", FINDING_FAIL,
     "$cookie_k"},
    {"a log that is not used here", "log_format l $request;", "location /x { access_log /x l; }",
     "", FINDING_OK, ""},
    {"nginx's own form", "", "access_log /x;", "", FINDING_FAIL, "in the form \"combined\""},
    {"nginx's own form, named", "", "access_log /x combined;", "", FINDING_FAIL,
     "in the form \"combined\""},
    {"nginx's own form, buffered", "", "access_log /x gzip buffer=4k;", "", FINDING_FAIL, "combined"},
    {"no log", "", "access_log off;", "", FINDING_OK, ""},
    {"TLS 1.1", "", "ssl_protocols TLSv1.1 TLSv1.2;", "", FINDING_FAIL, "below TLS 1.2"},
    {"TLS 1.0", "", "ssl_protocols TLSv1 TLSv1.3;", "", FINDING_FAIL, "below TLS 1.2"},
    {"a plain listener", "", "listen 80;", "", FINDING_WARN, "has no TLS"},
    {"a plain listener for keys", "", "listen 80; keyward_plaintext on;", "", FINDING_FAIL,
     "keyward_plaintext is on"},
    {"a plain listener on an address", "", "listen 10.0.0.1:80;", "", FINDING_WARN, "has no TLS"},
    {"a plain listener on loopback", "", "listen 127.0.0.1:80; listen [::1]:80; listen unix:/x;",
     "", FINDING_OK, ""},
    {"another installation", "keyward_state /run/other;", "", "", FINDING_FAIL,
     "keyward_state is /run/other"},
    {"a longer name", "keyward_state /run/keyward2;", "", "", FINDING_FAIL, "/run/keyward2"},
    {"a slash more", "keyward_state /run/keyward/;", "", "", FINDING_OK, ""},
    {"a location of the location", "", "", "location /a { error_page 404 =200 /x; }", FINDING_FAIL,
     "error_page"},
    {"a location that is open", "", "", "location /a { keyward off; return 200; }", FINDING_OK, ""},
};

static void check(const char *text, struct findings *f)
{
    AUTO(nginx_conf_deinit) struct nginx_conf c = {.last = -1};
    struct nginx_directive bad;

    assert_ok(nginx_conf_read(str_from(text), &c, &bad));
    nginx_check(&c, "/run/keyward", f);
}

static bool says(const struct findings *f, enum finding_level level, const char *text)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->list[i].level == level && strstr(f->list[i].text, text) != NULL &&
            (level == FINDING_OK) == (f->list[i].remedy[0] == '\0'))
            return true;
    return false;
}

static void nginx_check_finds(void **state)
{
    const struct case_ *row = *state;
    AUTO(findings_deinit) struct findings f = {.n = 0};
    char text[4096];

    snprintf(text, sizeof text, frame, row->http, row->server, row->location);
    check(text, &f);
    if (findings_worst(&f) != row->want || !says(&f, row->want, row->says))
        for (size_t i = 0; i < f.n; i++)
            print_message("%s: %s\n", finding_level_name(f.list[i].level), f.list[i].text);
    assert_int_equal(findings_worst(&f), row->want);
    assert_true(says(&f, row->want, row->says));
}

static const struct whole {
    const char *why;
    const char *text;
    enum finding_level want;
    const char *says;
} wholes[] = {
    {"nothing", "", FINDING_WARN, "no location is protected"},
    {"nothing protected", "http { server { location / { keyward off; } } }", FINDING_WARN,
     "no location is protected"},
    {"a server that is protected",
     "http { access_log off; server { listen 127.0.0.1:1; keyward on; return 200; } }",
     FINDING_FAIL, "return in a protected"},
    {"no access_log", "http { server { listen 127.0.0.1:1; location / { keyward on; } } }",
     FINDING_FAIL, "has no access_log"},
    {"no listen", "http { access_log off; server { location / { keyward on; } } }", FINDING_WARN,
     "has no listen"},
    {"no ssl_protocols",
     "http { access_log off; server { listen 1 ssl; location / { keyward on; } } }", FINDING_WARN,
     "has no ssl_protocols"},
};

static void nginx_check_of_a_whole_configuration(void **state)
{
    const struct whole *row = *state;
    AUTO(findings_deinit) struct findings f = {.n = 0};

    check(row->text, &f);
    assert_int_equal(findings_worst(&f), row->want);
    assert_true(says(&f, row->want, row->says));
}

static void findings_are_cut_cleaned_and_said_once(void **state)
{
    AUTO(findings_deinit) struct findings f = {.n = 0};
    static char longer[1000];

    (void)state;
    memset(longer, 'x', sizeof longer - 1);
    finding_add(&f, "a", FINDING_WARN, longer, "%s", longer);
    finding_add(&f, "a", FINDING_WARN, longer, "%s", longer);
    finding_add(&f, "a", FINDING_OK, NULL, "a\nb\x1b");
    assert_int_equal(f.n, 2);
    assert_int_equal(strlen(f.list[0].text), FINDING_TEXT_MAX - 1);
    assert_string_equal(f.list[1].text, "a?b?");
    assert_int_equal(findings_worst(&f), FINDING_WARN);
}

static void findings_without_end_are_a_failure(void **state)
{
    AUTO(findings_deinit) struct findings f = {.n = 0};

    (void)state;
    for (int i = 0; i < 2 * FINDINGS_MAX; i++)
        finding_add(&f, "a", FINDING_OK, NULL, "%d", i);
    assert_true(f.n <= FINDINGS_MAX);
    assert_int_equal(findings_worst(&f), FINDING_FAIL);
}

int main(void)
{
    SUITE_ROWS(nginx_check_finds, cases);
    SUITE_ROWS(nginx_check_of_a_whole_configuration, wholes);
    SUITE_TEST(findings_are_cut_cleaned_and_said_once);
    SUITE_TEST(findings_without_end_are_a_failure);
    return suite_run("cli/nginx_check");
}
