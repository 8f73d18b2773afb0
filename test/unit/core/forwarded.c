/* forwarded.c - what proxies tell of a client: believed from ours only, and only where it can be read in one way. */
#include "core/forwarded.h"

#include "base/buf.h"
#include "suite.h"

static struct address parsed(const char *text)
{
    struct address a;

    assert_ok(address_parse(str_from(text), &a));
    return a;
}

/* ---- networks ---- */

static const struct network {
    const char *why;
    struct kw_str text;
    enum kw_err err;
    uint8_t prefix;
} networks[] = {
    {"IPv4", {"10.0.0.0/8", 10}, KW_OK, 104},
    {"a lone IPv4 address", {"10.0.0.1", 8}, KW_OK, 128},
    {"everybody", {"0.0.0.0/0", 9}, KW_OK, 96},
    {"IPv6", {"2001:db8::/32", 13}, KW_OK, 32},
    {"nothing", {NULL, 0}, KW_ESYNTAX, 0},
    {"a length without bytes", {NULL, 3}, KW_EINVAL, 0},
    {"a name", {"proxy", 5}, KW_ESYNTAX, 0},
    {"bits behind the prefix", {"10.0.0.1/8", 10}, KW_ERANGE, 0},
    {"a prefix too long", {"10.0.0.0/33", 11}, KW_ERANGE, 0},
    {"a class", {"10.0.0.0/8=read", 15}, KW_ESYNTAX, 0},
};

static void a_network_is_read_exactly(void **state)
{
    const struct network *row = *state;
    struct kw_network net = {.prefix = 7};

    assert_err(kw_network_parse(row->text, &net), row->err);
    assert_int_equal(net.prefix, row->err == KW_OK ? row->prefix : 7);
    assert_err(kw_network_parse(row->text, NULL), KW_EINVAL);
}

/* ---- one hop ---- */

static const struct hop {
    const char *why;
    struct str text;
    const char *address; /* NULL: refused */
} hops[] = {
    {"IPv4", STR_INIT("192.0.2.1"), "192.0.2.1"},
    {"IPv4 with a port", STR_INIT("192.0.2.1:443"), "192.0.2.1"},
    {"IPv6", STR_INIT("2001:db8::1"), "2001:db8::1"},
    {"IPv6 in brackets", STR_INIT("[2001:db8::1]"), "2001:db8::1"},
    {"IPv6 with a port", STR_INIT("[::1]:80"), "::1"},
    {"IPv6 that ends like a port", STR_INIT("::1:80"), "::1:80"},
    {"the v4-mapped form", STR_INIT("::ffff:10.0.0.1"), "10.0.0.1"},
    {"the v4-mapped form in brackets", STR_INIT("[::ffff:10.0.0.1]:1"), "10.0.0.1"},
    {"nothing", {NULL, 0}, NULL},
    {"empty", STR_INIT(""), NULL},
    {"a letter", STR_INIT("a"), NULL},
    {"a letter with a port", STR_INIT("a:80"), NULL},
    {"unknown", STR_INIT("unknown"), NULL},
    {"an obfuscated one", STR_INIT("_hidden"), NULL},
    {"a port too large", STR_INIT("192.0.2.1:65536"), NULL},
    {"no port", STR_INIT("192.0.2.1:"), NULL},
    {"two ports", STR_INIT("192.0.2.1:1:2"), NULL},
    {"a signed port", STR_INIT("192.0.2.1:+1"), NULL},
    {"IPv4 in brackets", STR_INIT("[192.0.2.1]"), NULL},
    {"an open bracket", STR_INIT("[::1"), NULL},
    {"a closing one only", STR_INIT("::1]"), NULL},
    {"two brackets", STR_INIT("[[::1]]"), NULL},
    {"something behind the bracket", STR_INIT("[::1]x"), NULL},
    {"something before the port", STR_INIT("[::1]x:80"), NULL},
    {"no port behind brackets", STR_INIT("[::1]:"), NULL},
    {"quotes", STR_INIT("\"[::1]:80\""), NULL},
    {"a zone", STR_INIT("[fe80::1%eth0]"), NULL},
    {"NUL behind", STR_INIT("10.0.0.1\0"), NULL},
    {"a space inside", STR_INIT("10.0.0.1 10.0.0.2"), NULL},
};

static void C10_a_hop_is_an_address_or_refused(void **state)
{
    const struct hop *row = *state;
    struct address a = {{7}}, want;

    assert_err(forwarded_hop_parse(row->text, &a), row->address == NULL ? KW_ESYNTAX : KW_OK);
    if (row->address == NULL) {
        assert_int_equal(a.b[0], 7);
        return;
    }
    want = parsed(row->address);
    assert_memory_equal(&a, &want, sizeof a);
}

/* ---- the walk ---- */

static const struct kw_network ours[] = {
    {.address = {[10] = 0xff, [11] = 0xff, [12] = 10}, .prefix = 104}, /* 10.0.0.0/8 */
    {.address = {0xfd}, .prefix = 8},                                  /* fd00::/8 */
};
static const struct kw_trust trust = {
    .proxies = ours, .n_proxies = COUNT_OF(ours), .environment = KW_SANDBOX};

static const struct walk {
    const char *why;
    struct str hops;
    const char *client; /* NULL: refused */
} walks[] = {
    {"one", STR_INIT("203.0.113.7"), "203.0.113.7"},
    {"the right-most", STR_INIT("198.51.100.1, 203.0.113.7"), "203.0.113.7"},
    {"behind two of ours", STR_INIT("203.0.113.7, 10.0.0.1, 10.0.0.2"), "203.0.113.7"},
    {"what the client made up", STR_INIT("10.9.9.9, 203.0.113.7, 10.0.0.1"), "203.0.113.7"},
    {"garbage on the client's side", STR_INIT("evil, 203.0.113.7"), "203.0.113.7"},
    {"all are ours: the left-most", STR_INIT("10.0.0.3, 10.0.0.2"), "10.0.0.3"},
    {"ours in v4-mapped form", STR_INIT("203.0.113.7, ::ffff:10.0.0.1"), "203.0.113.7"},
    {"ours by IPv6", STR_INIT("2001:db8::1, [fd00::1]:80"), "2001:db8::1"},
    {"without spaces", STR_INIT("203.0.113.7,10.0.0.1"), "203.0.113.7"},
    {"many spaces", STR_INIT("  203.0.113.7 \t, 10.0.0.1  "), "203.0.113.7"},
    {"nothing", {NULL, 0}, NULL},
    {"empty", STR_INIT(""), NULL},
    {"a space", STR_INIT(" "), NULL},
    {"a letter", STR_INIT("a"), NULL},
    {"garbage behind ours", STR_INIT("203.0.113.7, a, 10.0.0.1"), NULL},
    {"an empty hop at the end", STR_INIT("203.0.113.7,"), NULL},
    {"an empty hop behind ours", STR_INIT("203.0.113.7,, 10.0.0.1"), NULL},
    {"an empty hop in front of ours", STR_INIT(", 10.0.0.1"), NULL},
    {"semicolons", STR_INIT("203.0.113.7; 10.0.0.1"), NULL},
};

static void C10_the_client_is_the_right_most_untrusted_hop(void **state)
{
    const struct walk *row = *state;
    struct address a = {{7}}, want;

    assert_err(forwarded_client(&trust, row->hops, &a), row->client == NULL ? KW_ESYNTAX : KW_OK);
    if (row->client == NULL) {
        assert_int_equal(a.b[0], 7);
        return;
    }
    want = parsed(row->client);
    assert_memory_equal(&a, &want, sizeof a);
}

static void C10_two_hundred_hops_are_walked(void **state)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(1 << 16);
    struct address a, want = parsed("203.0.113.7");

    (void)state;
    buf_str(&text, STR("203.0.113.7"));
    for (int i = 0; i < 200; i++)
        buf_str(&text, STR(", 10.0.0.1"));
    assert_false(text.failed);
    assert_ok(forwarded_client(&trust, buf_view(&text), &a));
    assert_memory_equal(&a, &want, sizeof a);
    text.p[0] = 'x';
    assert_err(forwarded_client(&trust, buf_view(&text), &a), KW_ESYNTAX);
}

static void C9_by_default_nobody_is_trusted(void **state)
{
    const struct kw_trust nobody = {.environment = KW_SANDBOX};
    struct address a, loopback = parsed("127.0.0.1"), want = parsed("10.0.0.1");

    (void)state;
    assert_false(forwarded_is_trusted(&nobody, &loopback));
    assert_ok(forwarded_client(&nobody, STR("203.0.113.7, 10.0.0.1"), &a));
    assert_memory_equal(&a, &want, sizeof a);
}

/* ---- the fields together ---- */

/* As many as a row needs; a name may come twice. */
struct field {
    enum kw_forwarded_field field;
    const char *value;
};

static const struct tale {
    const char *why;
    struct field fields[8]; /* up to the one without a value */
    bool ok;
    const char *method, *target;
    enum kw_environment environment;
    bool tls;
} tales[] = {
    {"what Caddy and Traefik say",
     {{KW_FORWARDED_METHOD, "POST"},
      {KW_FORWARDED_URI, "/pay/x?a=1"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     true,
     "POST",
     "/pay/x?a=1",
     KW_SANDBOX,
     true},
    {"what ingress-nginx says",
     {{KW_ORIGINAL_METHOD, "GET"},
      {KW_ORIGINAL_URL, "https://Live.test:8443/pay//x"},
      {KW_FORWARDED_FOR, "203.0.113.7"}},
     true,
     "GET",
     "/pay//x",
     KW_PRODUCTION,
     true},
    {"both, and they agree",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_ORIGINAL_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_PROTO, "http"},
      {KW_ORIGINAL_URL, "http://api.test/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"}},
     true,
     "GET",
     "/a",
     KW_SANDBOX,
     false},
    {"a WebSocket",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "wss"}},
     true,
     "GET",
     "/a",
     KW_SANDBOX,
     true},
    {"a host that is not listed",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test.evil"},
      {KW_FORWARDED_PROTO, "https"}},
     true,
     "GET",
     "/a",
     KW_NO_ENVIRONMENT,
     true},
    {"an absolute form, for the next step to refuse",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "http://api.test/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     true,
     "GET",
     "http://api.test/a",
     KW_SANDBOX,
     true},
    {"no method",
     {{KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "PUT",
     "/a",
     KW_SANDBOX,
     true},
    {"no path",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "GET",
     "/authorize",
     KW_SANDBOX,
     true},
    {"no address",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "GET",
     "/a",
     KW_SANDBOX,
     true},
    {"no host",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "GET",
     "/a",
     KW_NO_ENVIRONMENT,
     true},
    {"no scheme",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"}},
     false,
     "GET",
     "/a",
     KW_SANDBOX,
     false},
    {"an unknown scheme",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https, http"}},
     false,
     "GET",
     "/a",
     KW_SANDBOX,
     false},
    {"the path twice",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "GET",
     "/authorize",
     KW_SANDBOX,
     true},
    {"the address twice",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "10.0.0.1"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "GET",
     "/a",
     KW_SANDBOX,
     true},
    {"two hosts in one field",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test, live.test"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "GET",
     "/a",
     KW_NO_ENVIRONMENT,
     true},
    {"an empty field",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_ORIGINAL_METHOD, ""},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "GET",
     "/a",
     KW_SANDBOX,
     true},
    {"two methods",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_ORIGINAL_METHOD, "POST"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"},
      {KW_FORWARDED_HOST, "api.test"},
      {KW_FORWARDED_PROTO, "https"}},
     false,
     "GET",
     "/a",
     KW_SANDBOX,
     true},
    {"two paths",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_ORIGINAL_URL, "https://api.test/public"},
      {KW_FORWARDED_URI, "/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"}},
     false,
     "GET",
     "/a",
     KW_SANDBOX,
     true},
    {"two hosts",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_ORIGINAL_URL, "https://api.test/a"},
      {KW_FORWARDED_HOST, "live.test"},
      {KW_FORWARDED_FOR, "203.0.113.7"}},
     false,
     "GET",
     "/a",
     KW_PRODUCTION,
     true},
    {"two schemes",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_ORIGINAL_URL, "https://api.test/a"},
      {KW_FORWARDED_PROTO, "http"},
      {KW_FORWARDED_FOR, "203.0.113.7"}},
     false,
     "GET",
     "/a",
     KW_SANDBOX,
     false},
    {"a URL without a path",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_ORIGINAL_URL, "https://api.test"},
      {KW_FORWARDED_FOR, "203.0.113.7"}},
     false,
     "GET",
     "/authorize",
     KW_NO_ENVIRONMENT,
     false},
    {"a URL with a user",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_ORIGINAL_URL, "https://api.test@live.test/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"}},
     false,
     "GET",
     "/authorize",
     KW_NO_ENVIRONMENT,
     false},
    {"a URL with a query in its host",
     {{KW_FORWARDED_METHOD, "GET"},
      {KW_ORIGINAL_URL, "https://api.test?/public/a"},
      {KW_FORWARDED_FOR, "203.0.113.7"}},
     false,
     "GET",
     "/authorize",
     KW_NO_ENVIRONMENT,
     false},
    {"a URL that is only a path",
     {{KW_FORWARDED_METHOD, "GET"}, {KW_ORIGINAL_URL, "/a"}, {KW_FORWARDED_FOR, "203.0.113.7"}},
     false,
     "GET",
     "/authorize",
     KW_NO_ENVIRONMENT,
     false},
};

static const struct kw_host hosts[] = {{{"api.test", 8}, KW_SANDBOX},
                                       {{"live.test", 9}, KW_PRODUCTION}};
static const struct kw_trust by_host = {
    .proxies = ours, .n_proxies = COUNT_OF(ours), .hosts = hosts, .n_hosts = COUNT_OF(hosts)};

static struct kw_forwarded told_by(const struct field *fields)
{
    struct kw_forwarded f = {.n = {0}};

    for (; fields->value != NULL; fields++) {
        f.value[fields->field] = (struct kw_str){fields->value, strlen(fields->value)};
        f.n[fields->field]++;
    }
    return f;
}

static struct kw_request of_the_proxy(void)
{
    return (struct kw_request){.method = {"PUT", 3},
                               .target = {"/authorize", 10},
                               .flags = KW_REQ_LOOPBACK | KW_REQ_PLAINTEXT_OK};
}

static void C12_fields_are_read_in_one_way_or_refused(void **state)
{
    const struct tale *row = *state;
    struct kw_forwarded f = told_by(row->fields);
    struct kw_request r = of_the_proxy();
    struct address peer = parsed("10.0.0.9");
    unsigned flags = KW_REQ_PLAINTEXT_OK | (row->tls ? KW_REQ_TLS : 0u) |
                     (row->ok ? 0u : KW_REQ_FORWARDED_AMBIGUOUS);

    kw_forwarded_read(&by_host, peer.b, &f, &r);
    assert_int_equal(r.flags, flags);
    assert_str(((struct str){r.method.p, r.method.n}), str_from(row->method));
    assert_str(((struct str){r.target.p, r.target.n}), str_from(row->target));
    assert_int_equal(r.environment, row->environment);
    struct address client = parsed(f.n[KW_FORWARDED_FOR] == 1 ? "203.0.113.7" : "10.0.0.9");
    assert_memory_equal(r.source, client.b, sizeof client.b);
}

static void C12_a_peer_that_is_not_ours_is_not_listened_to(void **state)
{
    struct kw_forwarded f = told_by(tales[0].fields);
    struct address peer = parsed("11.0.0.1");
    struct kw_request r = of_the_proxy();

    (void)state;
    kw_forwarded_read(&by_host, peer.b, &f, &r);
    assert_int_equal(r.flags, KW_REQ_LOOPBACK | KW_REQ_PLAINTEXT_OK | KW_REQ_UNTRUSTED_PEER);
    assert_str(((struct str){r.target.p, r.target.n}), STR("/authorize"));
    assert_memory_equal(r.source, peer.b, sizeof peer.b);
    assert_int_equal(r.environment, KW_NO_ENVIRONMENT);
}

static void without_hosts_every_host_is_of_the_one_environment(void **state)
{
    struct kw_forwarded f = told_by(tales[0].fields);
    struct address peer = parsed("10.0.0.9");

    (void)state;
    for (int with_host = 0; with_host < 2; with_host++) {
        struct kw_request r = of_the_proxy();
        f.n[KW_FORWARDED_HOST] = (size_t)with_host;
        kw_forwarded_read(&trust, peer.b, &f, &r);
        assert_int_equal(r.flags, KW_REQ_PLAINTEXT_OK | KW_REQ_TLS);
        assert_int_equal(r.environment, KW_SANDBOX);
    }
}

static void J5_missing_arguments_are_not_believed(void **state)
{
    struct kw_forwarded f = told_by(tales[0].fields);
    struct address peer = parsed("10.0.0.9");
    struct kw_request r = of_the_proxy();

    (void)state;
    kw_forwarded_read(&trust, peer.b, &f, NULL);
    kw_forwarded_read(NULL, peer.b, &f, &r);
    assert_true((r.flags & KW_REQ_UNTRUSTED_PEER) != 0);
    r = of_the_proxy();
    kw_forwarded_read(&trust, NULL, &f, &r);
    assert_true((r.flags & KW_REQ_UNTRUSTED_PEER) != 0);
    r = of_the_proxy();
    kw_forwarded_read(&trust, peer.b, NULL, &r);
    assert_true((r.flags & KW_REQ_UNTRUSTED_PEER) != 0);
    f.value[KW_FORWARDED_FOR].p = NULL;
    r = of_the_proxy();
    kw_forwarded_read(&trust, peer.b, &f, &r);
    assert_true((r.flags & KW_REQ_FORWARDED_AMBIGUOUS) != 0);
}

int main(void)
{
    SUITE_ROWS(a_network_is_read_exactly, networks);
    SUITE_ROWS(C10_a_hop_is_an_address_or_refused, hops);
    SUITE_ROWS(C10_the_client_is_the_right_most_untrusted_hop, walks);
    SUITE_TEST(C10_two_hundred_hops_are_walked);
    SUITE_TEST(C9_by_default_nobody_is_trusted);
    SUITE_ROWS(C12_fields_are_read_in_one_way_or_refused, tales);
    SUITE_TEST(C12_a_peer_that_is_not_ours_is_not_listened_to);
    SUITE_TEST(without_hosts_every_host_is_of_the_one_environment);
    SUITE_TEST(J5_missing_arguments_are_not_believed);
    return suite_run("core/forwarded");
}
