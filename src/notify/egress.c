/* egress.c - see egress.h. The networks are those of IANA's registries of special-purpose addresses (RFC 6890), read with
 * suspicion: what carries the address of somebody else inside, as 6to4 does, is refused whatever it carries. */
#include "notify/egress.h"

#include <stdio.h>

static const uint16_t default_ports[] = {443, 8443};

/* The first that holds an address counts. */
static const struct net {
    struct str net;
    const char *what;
    bool is_never; /* called, even where the operator allows it */
} special[] = {
    {STR_INIT("0.0.0.0/8"), "an unspecified address", true},
    {STR_INIT("127.0.0.0/8"), "a loopback address", false},
    {STR_INIT("10.0.0.0/8"), "a private address", false},
    {STR_INIT("172.16.0.0/12"), "a private address", false},
    {STR_INIT("192.168.0.0/16"), "a private address", false},
    {STR_INIT("100.100.100.200"), "the metadata address of a cloud", true},
    {STR_INIT("100.64.0.0/10"), "a shared address of a provider's own network", false},
    {STR_INIT("169.254.0.0/16"), "a link-local address", true},
    {STR_INIT("168.63.129.16"), "the metadata address of a cloud", true},
    {STR_INIT("192.0.0.192"), "the metadata address of a cloud", true},
    {STR_INIT("192.0.0.0/24"), "a reserved address", false},
    {STR_INIT("192.0.2.0/24"), "an address for documentation", false},
    {STR_INIT("192.88.99.0/24"), "a relay of 6to4", false},
    {STR_INIT("198.18.0.0/15"), "an address for measurements", false},
    {STR_INIT("198.51.100.0/24"), "an address for documentation", false},
    {STR_INIT("203.0.113.0/24"), "an address for documentation", false},
    {STR_INIT("224.0.0.0/4"), "a multicast address", true},
    {STR_INIT("240.0.0.0/4"), "a reserved address", true},
    {STR_INIT("::"), "an unspecified address", true},
    {STR_INIT("::1"), "a loopback address", false},
    {STR_INIT("::/96"), "an IPv4 address in disguise", true},
    {STR_INIT("::ffff:0:0:0/96"), "an IPv4 address in disguise", true},
    {STR_INIT("64:ff9b::/96"), "an IPv4 address in disguise (NAT64)", false},
    {STR_INIT("64:ff9b:1::/48"), "an IPv4 address in disguise (NAT64)", true},
    {STR_INIT("2002::/16"), "an IPv4 address in disguise (6to4)", true},
    {STR_INIT("2001::/32"), "an IPv4 address in disguise (Teredo)", true},
    {STR_INIT("2001::/23"), "a reserved address", false},
    {STR_INIT("2001:db8::/32"), "an address for documentation", false},
    {STR_INIT("3fff::/20"), "an address for documentation", false},
    {STR_INIT("fd00:ec2::254"), "the metadata address of a cloud", true},
    {STR_INIT("fd20:ce::254"), "the metadata address of a cloud", true},
    {STR_INIT("fc00::/7"), "a private address", false},
    {STR_INIT("fe80::/10"), "a link-local address", true},
    {STR_INIT("fec0::/10"), "a site-local address", false},
    {STR_INIT("ff00::/8"), "a multicast address", true},
};
static const struct str everything_v4 = STR_INIT("0.0.0.0/0"), global_v6 = STR_INIT("2000::/3"),
                        nat64 = STR_INIT("64:ff9b::/96");

/* ---- addresses ---- */

static bool is_in(struct str net, const struct address *a)
{
    struct address_rule rule;

    return address_rule_parse(net, &rule) == KW_OK && address_allowed(&rule, 1, a, KW_CLASS_READ);
}

/* NULL: it is a public address. */
static const struct net *special_of(const struct address *a)
{
    static const struct net unknown = {.what = "not a public address", .is_never = false};

    for (size_t i = 0; i < COUNT_OF(special); i++)
        if (is_in(special[i].net, a))
            return &special[i];
    return is_in(everything_v4, a) || is_in(global_v6, a) ? NULL : &unknown;
}

/* The IPv4 address that NAT64 makes of one (RFC 6052, section 2.2); of every other, itself. */
static struct address behind_nat64(const struct address *a)
{
    struct address behind = {.b = {[10] = 0xff, [11] = 0xff}};

    if (!is_in(nat64, a))
        return *a;
    memcpy(behind.b + 12, a->b + 12, 4);
    return behind;
}

static bool permits(const struct egress_rules *rules, const struct address *a, const char **what)
{
    const struct net *net = special_of(a);

    if (net == NULL)
        return true;
    *what = net->what;
    return !net->is_never && rules->n_nets > 0 &&
           address_allowed(rules->nets, rules->n_nets, a, KW_CLASS_READ);
}

bool egress_permits(const struct egress_rules *rules, const struct address *a, const char **what)
{
    const struct address behind = behind_nat64(a);

    return permits(rules, a, what) && permits(rules, &behind, what);
}

enum kw_err egress_net_parse(struct str text, struct address_rule *out)
{
    struct address_rule rule;

    TRY(address_rule_parse(text, &rule));
    if (rule.classes != ADDRESS_EVERY_CLASS)
        return KW_ESYNTAX;
    const struct net *net = special_of(&rule.net);
    if (net != NULL && net->is_never)
        return KW_EINVAL;
    *out = rule;
    return KW_OK;
}

/* ---- URLs ---- */

static enum kw_err say(char *why, const char *sentence)
{
    snprintf(why, EGRESS_WHY_MAX, "%s", sentence);
    return KW_EINVAL;
}

static bool port_permitted(const struct egress_rules *rules, unsigned port)
{
    const uint16_t *ports = rules->n_ports == 0 ? default_ports : rules->ports;
    size_t n = rules->n_ports == 0 ? COUNT_OF(default_ports) : rules->n_ports;

    for (size_t i = 0; i < n; i++)
        if (ports[i] == port)
            return true;
    return false;
}

static struct str last_label(struct str host)
{
    struct str label = host, rest = host;

    while (str_cut(rest, '.', &label, &rest))
        ;
    return rest;
}

/* What some parser somewhere takes for an IPv4 address: its last word is a number, of any base (URL Standard, "ends in a
 * number"). */
static bool looks_like_v4(struct str host)
{
    struct str last = last_label(host);

    return str_only(last, "0123456789") ||
           (str_starts(last, STR("0x")) && str_only(last, "0123456789abcdefx"));
}

/* Names that mean this machine or the network around it (RFC 6761, 6762, 8375, and what has no point at all). */
static bool is_local_name(struct str host)
{
    static const struct str local[] = {
        STR_INIT("localhost"), STR_INIT("local"), STR_INIT("internal"), STR_INIT("localdomain"),
        STR_INIT("lan"),       STR_INIT("home"),  STR_INIT("corp"),     STR_INIT("intranet")};
    struct str last = last_label(host);

    for (size_t i = 0; i < COUNT_OF(local); i++)
        if (str_eq(last, local[i]))
            return true;
    return last.n == host.n ||
           (host.n >= 10 && str_eq((struct str){host.p + host.n - 9, 9}, STR("home.arpa")));
}

static bool labels_fit(struct str host)
{
    struct str label = host, rest = host;

    while (str_cut(rest, '.', &label, &rest))
        if (label.n > 63)
            return false;
    return rest.n <= 63;
}

static enum kw_err check_address(const struct egress_rules *rules, const struct address *a, char *why)
{
    const char *what = "";

    if (egress_permits(rules, a, &what))
        return KW_OK;
    snprintf(why, EGRESS_WHY_MAX, "its host is %s, which is not called", what);
    return KW_EINVAL;
}

static enum kw_err check_host(const struct egress_rules *rules, struct str host, char *why)
{
    struct address a;

    if (memchr(host.p, ':', host.n) != NULL || looks_like_v4(host)) {
        if (address_parse(host, &a) != KW_OK)
            return say(why, "its host is an address in a spelling that is not taken");
        return check_address(rules, &a, why);
    }
    if (!labels_fit(host))
        return say(why, "a word of its host name is longer than 63 characters");
    if (is_local_name(host) && rules->n_nets == 0)
        return say(why, "its host is a name of this machine or of a local network");
    return KW_OK;
}

static bool is_hex(char c)
{
    return str_only((struct str){&c, 1}, "0123456789abcdefABCDEF");
}

/* What RFC 3986 lets stand in path and query as it is; '%' before two hex digits only. */
static bool rest_ok(struct str rest)
{
    if (!str_only(
            rest,
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@/?%"))
        return false;
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == '%' && (rest.n - i < 3 || !is_hex(rest.p[i + 1]) || !is_hex(rest.p[i + 2])))
            return false;
    return true;
}

/* Up to the first '/': a '?' or '#' before it is no part of a host, and is refused as such. */
static enum kw_err read_authority(struct str url, struct authority *out, struct str *rest, char *why)
{
    struct str scheme, authority = url, path = {NULL, 0};

    if (!str_starts(url, STR("https://")) || !str_take(&authority, 8, &scheme))
        return say(why, "it does not begin with https://");
    const char *slash = memchr(authority.p, '/', authority.n);
    if (slash != NULL) {
        path = (struct str){slash, authority.n - (size_t)(slash - authority.p)};
        authority.n -= path.n;
    }
    if (authority.n > 0 && memchr(authority.p, '@', authority.n) != NULL)
        return say(why, "there is a user in it");
    enum kw_err err = authority_parse(authority, out);
    if (err == KW_ERANGE)
        return say(why, "there is no such port");
    bool is_v4_in_brackets =
        err == KW_OK && authority.p[0] == '[' && memchr(out->host.p, ':', out->host.n) == NULL;
    if (err != KW_OK || is_v4_in_brackets)
        return say(why, "its host is not a name in lower case, or an address");
    *rest = path;
    return KW_OK;
}

enum kw_err egress_url_check(const struct egress_rules *rules, struct str url,
                             struct authority *out, char why[EGRESS_WHY_MAX])
{
    struct authority a;
    struct str rest;

    if (url.n > EGRESS_URL_MAX)
        return say(why, "it is longer than 512 characters");
    TRY(read_authority(url, &a, &rest, why));
    if (a.port == 0)
        a.port = 443;
    if (!port_permitted(rules, a.port))
        return say(why, "its port is not one of those that are called");
    TRY(check_host(rules, a.host, why));
    if (rest.n > 0 && memchr(rest.p, '#', rest.n) != NULL)
        return say(why, "there is a # in it");
    if (!rest_ok(rest))
        return say(why, "there is a character in it that has to be written with %");
    *out = a;
    return KW_OK;
}
