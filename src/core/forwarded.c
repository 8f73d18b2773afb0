/* forwarded.c - see keyward/forwarded.h. Nothing is believed before the peer is, and nothing that can be read in two
 * ways is read at all. */
#include "core/forwarded.h"

/* ---- addresses ---- */

static bool is_port(struct str text)
{
    uint64_t port;

    return str_u64(text, 65535, &port) == KW_OK;
}

/* "[2001:db8::1]", "[2001:db8::1]:443": the text behind the first bracket. */
static enum kw_err bracketed_parse(struct str text, struct address *out)
{
    struct str address, behind, none, port;

    if (!str_cut(text, ']', &address, &behind))
        return KW_ESYNTAX;
    if (memchr(address.p, ':', address.n) == NULL)
        return KW_ESYNTAX;
    if (behind.n > 0 && (!str_cut(behind, ':', &none, &port) || none.n > 0 || !is_port(port)))
        return KW_ESYNTAX;
    return address_parse(address, out);
}

enum kw_err forwarded_hop_parse(struct str text, struct address *out)
{
    struct str address, port;

    if (text.n > 0 && text.p[0] == '[')
        return bracketed_parse((struct str){text.p + 1, text.n - 1}, out);
    bool has_port = str_cut(text, ':', &address, &port) && memchr(port.p, ':', port.n) == NULL;
    if (!has_port)
        return address_parse(text, out);
    if (memchr(address.p, '.', address.n) == NULL || !is_port(port))
        return KW_ESYNTAX;
    return address_parse(address, out);
}

enum kw_err kw_network_parse(struct kw_str text, struct kw_network *out)
{
    struct address_rule rule;

    if (out == NULL || (text.p == NULL && text.n > 0))
        return KW_EINVAL;
    if (text.n > 0 && memchr(text.p, '=', text.n) != NULL)
        return KW_ESYNTAX; /* a class has no business here */
    TRY(address_rule_parse((struct str){text.p, text.n}, &rule));
    memcpy(out->address, rule.net.b, sizeof out->address);
    out->prefix = rule.prefix;
    return KW_OK;
}

static bool is_in(const struct kw_network *net, const struct address *a)
{
    struct address_rule rule = {.prefix = net->prefix, .classes = ADDRESS_EVERY_CLASS};

    memcpy(rule.net.b, net->address, sizeof rule.net.b);
    return address_allowed(&rule, 1, a, KW_CLASS_READ);
}

bool forwarded_is_trusted(const struct kw_trust *trust, const struct address *a)
{
    for (size_t i = 0; i < trust->n_proxies; i++)
        if (is_in(&trust->proxies[i], a))
            return true;
    return false;
}

/* Takes the part behind the last comma off the end of *list; false: it was the last one. */
static bool take_last(struct str *list, struct str *hop)
{
    const char *comma = list->n == 0 ? NULL : memrchr(list->p, ',', list->n);
    size_t before = comma == NULL ? 0 : (size_t)(comma - list->p) + 1;

    *hop = str_trim((struct str){list->p + before, list->n - before});
    list->n = comma == NULL ? 0 : before - 1;
    return comma != NULL;
}

enum kw_err forwarded_client(const struct kw_trust *trust, struct str hops, struct address *out)
{
    struct address hop;
    struct str text;

    if (hops.n == 0)
        return KW_ESYNTAX;
    for (bool more = true; more;) {
        more = take_last(&hops, &text);
        TRY(forwarded_hop_parse(text, &hop));
        if (!forwarded_is_trusted(trust, &hop))
            break;
    }
    *out = hop;
    return KW_OK;
}

/* ---- what the fields say together ---- */

struct told { /* of what the client asked; empty: not told */
    struct str method, target, host, scheme;
};

static struct str value_of(const struct kw_forwarded *f, enum kw_forwarded_field field)
{
    const struct kw_str *value = &f->value[field];

    bool is_whole = f->n[field] == 1 && value->p != NULL && value->n <= KW_STR_MAX;

    return is_whole ? (struct str){value->p, value->n} : (struct str){0};
}

static bool is_each_once(const struct kw_forwarded *f)
{
    for (enum kw_forwarded_field i = 0; (unsigned)i < KW_N_FORWARDED; i++)
        if (f->n[i] > 1 || (f->n[i] == 1 && value_of(f, i).n == 0))
            return false;
    return true;
}

/* A host as it can stand in a URL, a list of them not being one. */
static bool is_host(struct str text)
{
    return text.n > 0 &&
           str_only(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]");
}

/* "https://api.example.com/wallet/me?x=1". The path is what stands behind the host, from its "/" on. */
static bool url_read(struct str url, struct told *out)
{
    static const struct str schemes[] = {STR_INIT("http"), STR_INIT("https")};

    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        struct str scheme, slashes, rest = url;
        if (!str_take(&rest, schemes[i].n, &scheme) || !str_take(&rest, 3, &slashes) ||
            !str_eq(scheme, schemes[i]) || !str_eq(slashes, STR("://")))
            continue;
        const char *path = rest.n == 0 ? NULL : memchr(rest.p, '/', rest.n);
        if (path == NULL)
            return false;
        size_t n = (size_t)(path - rest.p);
        *out = (struct told){.host = {rest.p, n}, .target = {path, rest.n - n}, .scheme = scheme};
        return is_host(out->host);
    }
    return false;
}

/* Two tales of one thing become one; false: they differ. */
static bool merge(struct str *tale, struct str other)
{
    if (tale->n == 0)
        *tale = other;
    return other.n == 0 || str_eq(*tale, other);
}

/* Takes what the fields say as far as they do; false: not all of it can be. */
static bool read_fields(const struct kw_forwarded *f, struct told *out)
{
    struct told url = {0};
    struct str text = value_of(f, KW_ORIGINAL_URL);
    bool ok = is_each_once(f);

    *out = (struct told){.method = value_of(f, KW_FORWARDED_METHOD),
                         .target = value_of(f, KW_FORWARDED_URI),
                         .host = value_of(f, KW_FORWARDED_HOST),
                         .scheme = value_of(f, KW_FORWARDED_PROTO)};
    if (text.n > 0 && !url_read(text, &url)) {
        url = (struct told){0};
        ok = false;
    }
    ok &= merge(&out->method, value_of(f, KW_ORIGINAL_METHOD));
    ok &= merge(&out->target, url.target);
    ok &= merge(&out->host, url.host);
    ok &= merge(&out->scheme, url.scheme);
    return ok && (out->host.n == 0 || is_host(out->host));
}

/* Traefik says wss and ws of a WebSocket. */
static bool scheme_read(struct str scheme, bool *is_tls)
{
    *is_tls = str_eq(scheme, STR("https")) || str_eq(scheme, STR("wss"));
    return *is_tls || str_eq(scheme, STR("http")) || str_eq(scheme, STR("ws"));
}

/* ---- hosts ---- */

/* Without ":443"; the brackets of an IPv6 address stay. */
static struct str without_port(struct str host)
{
    const char *colon = host.n == 0 ? NULL : memrchr(host.p, ':', host.n);

    if (colon == NULL)
        return host;
    struct str port = {colon + 1, (size_t)(host.p + host.n - colon) - 1};
    return is_port(port) ? (struct str){host.p, (size_t)(colon - host.p)} : host;
}

static bool is_named(struct str host, struct str lower)
{
    if (host.n != lower.n)
        return false;
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != lower.p[i])
            return false;
    }
    return true;
}

static enum kw_environment environment_of(const struct kw_trust *trust, struct str host)
{
    if (trust->n_hosts == 0)
        return trust->environment;
    for (size_t i = 0; i < trust->n_hosts; i++)
        if (is_named(without_port(host), (struct str){trust->hosts[i].name.p, trust->hosts[i].name.n}))
            return trust->hosts[i].environment;
    return KW_NO_ENVIRONMENT;
}

/* ---- all of it ---- */

/* Writes what was told into the request; false: it is not enough to decide on. */
static bool fill(const struct kw_trust *trust, const struct told *told, struct kw_request *request)
{
    bool is_tls = false;
    bool ok = scheme_read(told->scheme, &is_tls);

    if (told->method.n > 0)
        request->method = (struct kw_str){told->method.p, told->method.n};
    if (told->target.n > 0)
        request->target = (struct kw_str){told->target.p, told->target.n};
    request->environment = environment_of(trust, told->host);
    request->flags |= is_tls ? KW_REQ_TLS : 0u;
    return ok && told->method.n > 0 && told->target.n > 0 &&
           (told->host.n > 0 || trust->n_hosts == 0);
}

void kw_forwarded_read(const struct kw_trust *trust, const uint8_t peer[16],
                       const struct kw_forwarded *forwarded, struct kw_request *request)
{
    struct address client = {{0}};
    struct told told;

    if (request == NULL)
        return;
    if (peer != NULL)
        memcpy(client.b, peer, sizeof client.b);
    memcpy(request->source, client.b, sizeof request->source);
    bool is_asked = trust != NULL && peer != NULL && forwarded != NULL;
    if (!is_asked || !forwarded_is_trusted(trust, &client)) {
        request->flags |= KW_REQ_UNTRUSTED_PEER;
        return;
    }
    request->flags &= ~(unsigned)(KW_REQ_TLS | KW_REQ_LOOPBACK);
    bool ok = read_fields(forwarded, &told);
    ok &= fill(trust, &told, request);
    ok &= forwarded_client(trust, value_of(forwarded, KW_FORWARDED_FOR), &client) == KW_OK;
    memcpy(request->source, client.b, sizeof request->source);
    if (!ok)
        request->flags |= KW_REQ_FORWARDED_AMBIGUOUS;
}
