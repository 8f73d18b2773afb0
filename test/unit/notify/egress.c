/* egress.c - calls go to public hosts by https and nowhere else, however the way there is spelled. */
#include "notify/egress.h"

#include <stdio.h>

#include "suite.h"

static const struct egress_rules defaults;

static const struct url {
    const char *why, *url;
} good[] = {
    {"a name", "https://hooks.example.com"},
    {"a path", "https://hooks.example.com/a/b-c_d.e~f"},
    {"a query", "https://hooks.example.com/in?a=b&c=%20d"},
    {"443 said", "https://hooks.example.com:443/"},
    {"8443", "https://hooks.example.com:8443/"},
    {"a public address", "https://93.184.216.34/in"},
    {"a public address of IPv6", "https://[2606:2800:220:1::1]/in"},
    {"an @ in the path", "https://hooks.example.com/@me"},
    {"a name that begins with digits", "https://127.0.0.1.example.com/"},
};

static const struct url bad_form[] = {
    {"http", "http://hooks.example.com/"},
    {"file", "file:///etc/passwd"},
    {"gopher", "gopher://hooks.example.com/"},
    {"no scheme", "hooks.example.com/"},
    {"the scheme in capitals", "HTTPS://hooks.example.com/"},
    {"blanks before it", " https://hooks.example.com/"},
    {"nothing", ""},
    {"no host", "https:///in"},
    {"nothing but the scheme", "https://"},
    {"a user", "https://me@hooks.example.com/"},
    {"a user and a password", "https://me:secret@hooks.example.com/"},
    {"a user that looks like a host", "https://hooks.example.com:443@10.0.0.1/"},
    {"a user behind a backslash", "https://hooks.example.com\\@10.0.0.1/"},
    {"port 22", "https://hooks.example.com:22/"},
    {"port 80", "https://hooks.example.com:80/"},
    {"port 6379", "https://hooks.example.com:6379/"},
    {"port 0", "https://hooks.example.com:0/"},
    {"port 65979, 443 and 65536", "https://hooks.example.com:65979/"},
    {"no port behind the colon", "https://hooks.example.com:/"},
    {"a port in hex", "https://hooks.example.com:0x1bb/"},
    {"a fragment", "https://hooks.example.com/in#there"},
    {"a fragment behind the host", "https://hooks.example.com#@10.0.0.1/"},
    {"a query behind the host", "https://hooks.example.com?@10.0.0.1/"},
    {"a blank", "https://hooks.example.com/a b"},
    {"a line feed", "https://hooks.example.com/a\nb"},
    {"a return", "https://hooks.example.com/\r\nx: y"},
    {"a backslash", "https://hooks.example.com/a\\b"},
    {"% alone", "https://hooks.example.com/%"},
    {"% and one digit", "https://hooks.example.com/%2"},
    {"% and no hex", "https://hooks.example.com/%zz"},
    {"not ASCII", "https://hooks.example.com/\xc3\xa4"},
    {"a host that is not ASCII", "https://h\xc3\xb6oks.example.com/"},
    {"a host with %", "https://%31%32%37.0.0.1/"},
    {"a point at the end", "https://hooks.example.com./"},
    {"two points", "https://hooks..example.com/"},
    {"braces", "https://hooks.example.com/{a,b}"},
    {"a word of 64 characters",
     "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com/"},
};

static const struct url bad_host[] = {
    {"loopback", "https://127.0.0.1/"},
    {"loopback, another", "https://127.255.0.3/"},
    {"loopback in short", "https://127.1/"},
    {"loopback in one number", "https://2130706433/"},
    {"loopback in hex", "https://0x7f000001/"},
    {"loopback in hex, by part", "https://0x7f.0.0.0x1/"},
    {"loopback in octal", "https://0177.0.0.1/"},
    {"loopback in octal, one number", "https://017700000001/"},
    {"leading zeros", "https://127.000.000.001/"},
    {"0", "https://0/"},
    {"0.0.0.0", "https://0.0.0.0/"},
    {"five parts", "https://1.2.3.4.5/"},
    {"a part of 256", "https://256.1.1.1/"},
    {"0x alone", "https://127.0.0.0x/"},
    {"localhost", "https://localhost/"},
    {"a name of localhost", "https://me.localhost/"},
    {"a name without a point", "https://receiver/"},
    {".local", "https://printer.local/"},
    {".internal", "https://metadata.google.internal/"},
    {"home.arpa", "https://router.home.arpa/"},
    {"private, 10", "https://10.0.0.1/"},
    {"private, 172.16", "https://172.16.0.1/"},
    {"private, 172.31", "https://172.31.255.255/"},
    {"private, 192.168", "https://192.168.1.1/"},
    {"shared", "https://100.64.0.1/"},
    {"link-local", "https://169.254.1.1/"},
    {"metadata", "https://169.254.169.254/latest/meta-data/"},
    {"metadata of another", "https://168.63.129.16/"},
    {"metadata, a third", "https://100.100.100.200/"},
    {"metadata in one number", "https://2852039166/"},
    {"documentation", "https://192.0.2.1/"},
    {"measurements", "https://198.19.0.1/"},
    {"multicast", "https://224.0.0.1/"},
    {"broadcast", "https://255.255.255.255/"},
    {"reserved", "https://240.0.0.1/"},
    {"::", "https://[::]/"},
    {"::1", "https://[::1]/"},
    {"::1 in full", "https://[0000:0000:0000:0000:0000:0000:0000:0001]/"},
    {"mapped", "https://[::ffff:127.0.0.1]/"},
    {"mapped in hex", "https://[::ffff:7f00:1]/"},
    {"mapped metadata", "https://[::ffff:a9fe:a9fe]/"},
    {"compatible", "https://[::127.0.0.1]/"},
    {"translated", "https://[::ffff:0:7f00:1]/"},
    {"NAT64", "https://[64:ff9b::7f00:1]/"},
    {"NAT64 of a public address", "https://[64:ff9b::5db8:d822]/"},
    {"NAT64, local", "https://[64:ff9b:1::a00:1]/"},
    {"6to4", "https://[2002:7f00:1::]/"},
    {"Teredo", "https://[2001:0:7f00:1::]/"},
    {"documentation of IPv6", "https://[2001:db8::1]/"},
    {"private of IPv6", "https://[fd12:3456::1]/"},
    {"metadata of IPv6", "https://[fd00:ec2::254]/"},
    {"link-local of IPv6", "https://[fe80::1]/"},
    {"with a zone", "https://[fe80::1%25eth0]/"},
    {"site-local", "https://[fec0::1]/"},
    {"multicast of IPv6", "https://[ff02::1]/"},
    {"not given to anybody", "https://[4000::1]/"},
    {"brackets around IPv4", "https://[127.0.0.1]/"},
    {"brackets around public IPv4", "https://[93.184.216.34]/"},
    {"brackets that stay open", "https://[::1/"},
};

static void url_is_taken(void **state)
{
    const struct url *row = *state;
    char why[EGRESS_WHY_MAX] = "";
    struct authority a = {.port = 0};

    assert_ok(egress_url_check(&defaults, str_from(row->url), &a, why));
    assert_true(a.port == 443 || a.port == 8443);
}

static void check_refused(const char *url)
{
    char why[EGRESS_WHY_MAX] = "";
    struct authority a = {.port = 7};

    assert_err(egress_url_check(&defaults, str_from(url), &a, why), KW_EINVAL);
    assert_true(why[0] != '\0');
    assert_int_equal(a.port, 7);
}

static void H1_url_of_another_kind_is_refused(void **state)
{
    check_refused(((const struct url *)*state)->url);
}

static void H2_url_of_a_local_host_is_refused(void **state)
{
    check_refused(((const struct url *)*state)->url);
}

static void a_url_has_512_characters_at_most(void **state)
{
    const struct str begin = STR("https://example.com/");
    char url[EGRESS_URL_MAX + 2], why[EGRESS_WHY_MAX];
    struct authority a;

    (void)state;
    memset(url, 'a', sizeof url);
    memcpy(url, begin.p, begin.n);
    assert_ok(egress_url_check(&defaults, (struct str){url, EGRESS_URL_MAX}, &a, why));
    assert_err(egress_url_check(&defaults, (struct str){url, EGRESS_URL_MAX + 1}, &a, why),
               KW_EINVAL);
}

static const struct place {
    const char *why, *address;
    bool permitted;
} places[] = {
    {"public", "93.184.216.34", true},
    {"public, just below 10", "9.255.255.255", true},
    {"public, just above 10", "11.0.0.0", true},
    {"just below 100.64", "100.63.255.255", true},
    {"just above 100.127", "100.128.0.0", true},
    {"just below 172.16", "172.15.255.255", true},
    {"just above 172.31", "172.32.0.0", true},
    {"just above 169.254", "169.255.0.0", true},
    {"the last before multicast", "223.255.255.255", true},
    {"public IPv6", "2a00:1450:4001::1", true},
    {"the last public IPv6", "3ffe:ffff::1", true},
    {"mapped public", "::ffff:93.184.216.34", true},
    {"private", "10.255.255.255", false},
    {"mapped private", "::ffff:192.168.0.1", false},
    {"6to4", "2002:5db8:d822::1", false},
    {"beyond 3fff", "4000::", false},
};

static void H2_address_is_judged_at_connect(void **state)
{
    const struct place *row = *state;
    const char *what = NULL;
    struct address a;

    assert_ok(address_parse(str_from(row->address), &a));
    assert_int_equal(egress_permits(&defaults, &a, &what), row->permitted);
    assert_int_equal(what == NULL, row->permitted);
}

/* ---- what the operator allows ---- */

static struct egress_rules rules_of(const char *net)
{
    struct egress_rules r = {.n_nets = 1, .ports = {9443}, .n_ports = 1};

    assert_ok(egress_net_parse(str_from(net), &r.nets[0]));
    return r;
}

static bool permits(const struct egress_rules *r, const char *address)
{
    const char *what;
    struct address a;

    assert_ok(address_parse(str_from(address), &a));
    return egress_permits(r, &a, &what);
}

static void a_private_network_can_be_allowed_and_no_other(void **state)
{
    struct egress_rules r = rules_of("10.1.0.0/16");

    (void)state;
    assert_true(permits(&r, "10.1.2.3"));
    assert_true(permits(&r, "::ffff:10.1.2.3"));
    assert_true(permits(&r, "93.184.216.34"));
    assert_false(permits(&r, "10.2.0.1"));
    assert_false(permits(&r, "127.0.0.1"));
    assert_false(permits(&r, "64:ff9b::a01:203"));
    assert_false(permits(&r, "2002:a01:203::"));
}

static void H2_nat64_leads_nowhere_that_is_closed_without_it(void **state)
{
    struct egress_rules r = rules_of("64:ff9b::/96");
    struct address_rule unused;

    (void)state;
    assert_true(permits(&r, "64:ff9b::5db8:d822"));
    assert_false(permits(&r, "64:ff9b::7f00:1"));
    assert_false(permits(&r, "64:ff9b::a01:203"));
    assert_false(permits(&r, "64:ff9b::a9fe:a9fe"));
    assert_ok(egress_net_parse(STR("10.1.0.0/16"), &r.nets[r.n_nets++]));
    assert_true(permits(&r, "64:ff9b::a01:203"));
    assert_err(egress_net_parse(STR("64:ff9b:1::/48"), &unused), KW_EINVAL);
    assert_err(egress_net_parse(STR("2002::/16"), &unused), KW_EINVAL);
    assert_err(egress_net_parse(STR("2001::/32"), &unused), KW_EINVAL);
}

static void H2_metadata_is_never_called(void **state)
{
    struct egress_rules r = rules_of("fc00::/7");
    struct address_rule unused;

    (void)state;
    assert_true(permits(&r, "fd00::1"));
    assert_false(permits(&r, "fd00:ec2::254"));
    assert_false(permits(&r, "fd20:ce::254"));
    assert_err(egress_net_parse(STR("100.100.100.200"), &unused), KW_EINVAL);
    assert_err(egress_net_parse(STR("192.0.0.192"), &unused), KW_EINVAL);
    r = rules_of("100.64.0.0/10");
    assert_true(permits(&r, "100.100.100.201"));
    assert_false(permits(&r, "100.100.100.200"));
    r = rules_of("192.0.0.0/24");
    assert_true(permits(&r, "192.0.0.193"));
    assert_false(permits(&r, "192.0.0.192"));
    assert_err(egress_net_parse(STR("169.254.169.254"), &unused), KW_EINVAL);
    assert_err(egress_net_parse(STR("169.254.0.0/16"), &unused), KW_EINVAL);
    assert_err(egress_net_parse(STR("0.0.0.0/0"), &unused), KW_EINVAL);
    assert_err(egress_net_parse(STR("::/0"), &unused), KW_EINVAL);
    assert_err(egress_net_parse(STR("10.0.0.0/8=read"), &unused), KW_ESYNTAX);
    assert_err(egress_net_parse(STR("10.0.0.1/8"), &unused), KW_ERANGE);
}

static void ports_can_be_others(void **state)
{
    struct egress_rules r = rules_of("127.0.0.1/32");
    char why[EGRESS_WHY_MAX];
    struct authority a;

    (void)state;
    assert_ok(egress_url_check(&r, STR("https://127.0.0.1:9443/in"), &a, why));
    assert_ok(egress_url_check(&r, STR("https://localhost:9443/in"), &a, why));
    assert_err(egress_url_check(&r, STR("https://127.0.0.2:9443/in"), &a, why), KW_EINVAL);
    assert_err(egress_url_check(&r, STR("https://127.1:9443/in"), &a, why), KW_EINVAL);
    assert_err(egress_url_check(&r, STR("https://hooks.example.com/in"), &a, why), KW_EINVAL);
}

int main(void)
{
    SUITE_ROWS(url_is_taken, good);
    SUITE_ROWS(H1_url_of_another_kind_is_refused, bad_form);
    SUITE_ROWS(H2_url_of_a_local_host_is_refused, bad_host);
    SUITE_TEST(a_url_has_512_characters_at_most);
    SUITE_ROWS(H2_address_is_judged_at_connect, places);
    SUITE_TEST(a_private_network_can_be_allowed_and_no_other);
    SUITE_TEST(H2_nat64_leads_nowhere_that_is_closed_without_it);
    SUITE_TEST(H2_metadata_is_never_called);
    SUITE_TEST(ports_can_be_others);
    return suite_run("notify/egress");
}
