/* keyward/forwarded.h - what a client asked, as the proxy in front of it tells (forward-auth).
 *
 *     kw_forwarded_read(&trust, peer, &forwarded, &request);
 *     kw_authorize(engine, &request, &decision);
 *
 * A proxy that asks "may this request pass?" sends a request of its own, with its client's method, path, address, host
 * and scheme in header fields. Anybody can send such fields: they count only when the peer of the connection is one of
 * the proxies that the operator named, and only when they can be read in one way. Everything else becomes a request that
 * kw_authorize denies, and puts on the record, as KW_WHY_UNTRUSTED_PEER or KW_WHY_FORWARDED_AMBIGUOUS.
 *
 * Threads   Pure functions: no state, no clock, no allocation.
 * Memory    Everything is borrowed. */
#ifndef KEYWARD_FORWARDED_H
#define KEYWARD_FORWARDED_H

#include <keyward/keyward.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- whom to believe ---- */

struct kw_network {
    uint8_t address[16]; /* IPv4 as ::ffff:a.b.c.d; bits behind the prefix are zero */
    uint8_t prefix;      /* 0 to 128; of IPv4 96 + its own */
};

/* "10.0.0.0/8", "2001:db8::/32", or a lone address. KW_ESYNTAX; KW_ERANGE for a prefix that is too long or bits set
 * behind it ("10.0.0.1/8": a typing error more often than not). */
KW_API enum kw_err kw_network_parse(struct kw_str text, struct kw_network *out);

struct kw_host {
    struct kw_str name; /* lower case, without a port */
    enum kw_environment environment;
};

struct kw_trust {
    const struct kw_network *proxies; /* none: nobody is believed */
    size_t n_proxies;
    const struct kw_host *hosts; /* the environment of each host; another host has none, and no key opens it */
    size_t n_hosts;
    enum kw_environment environment; /* of every host, where hosts are not told apart (n_hosts 0) */
};

/* ---- what a proxy said ---- */

/* X(enumerator, name of the header field in lower case) */
#define KW_FORWARDED_FIELDS(X)                   \
    X(KW_FORWARDED_METHOD, "x-forwarded-method") \
    X(KW_FORWARDED_URI, "x-forwarded-uri")       \
    X(KW_FORWARDED_FOR, "x-forwarded-for")       \
    X(KW_FORWARDED_HOST, "x-forwarded-host")     \
    X(KW_FORWARDED_PROTO, "x-forwarded-proto")   \
    X(KW_ORIGINAL_METHOD, "x-original-method")   \
    X(KW_ORIGINAL_URL,                           \
      "x-original-url") /* "https://api.example.com/wallet/me?x=1", as ingress-nginx sends it */

enum kw_forwarded_field {
#define X(symbol, name) symbol,
    KW_FORWARDED_FIELDS(X)
#undef X
};

enum {
    KW_N_FORWARDED = 0
#define X(symbol, name) +1
    KW_FORWARDED_FIELDS(X)
#undef X
};

struct kw_forwarded {                    /* zero: nothing was said */
    struct kw_str value[KW_N_FORWARDED]; /* the last field of each name */
    size_t n[KW_N_FORWARDED];            /* how many there were */
};

/* Makes of the proxy's request the one that its client sent. On entry *request is the proxy's own, as kw_authorize would
 * take it; method, target, source and environment are replaced, and so are the flags KW_REQ_TLS and KW_REQ_LOOPBACK, for
 * a listener of the proxy is not known to be on loopback. What is required: method, path, address and scheme, each once;
 * the host where hosts are told apart. Where both families of fields tell of something they must agree.
 *
 * The address is the right-most hop of X-Forwarded-For that is not one of our proxies; where all are, the left-most. Hops
 * to its right must be addresses ("192.0.2.1", "192.0.2.1:443", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443");
 * what stands to its left is the client's own tale, and is not looked at.
 *
 * A peer that is not believed sets KW_REQ_UNTRUSTED_PEER, and the request stays as it was but for its source, which is
 * the peer. What cannot be read sets KW_REQ_FORWARDED_AMBIGUOUS; whatever could be is in the request, for the record. */
KW_API void kw_forwarded_read(const struct kw_trust *trust, const uint8_t peer[16],
                              const struct kw_forwarded *forwarded, struct kw_request *request);

#ifdef __cplusplus
}
#endif

#endif
