/* address.h - client addresses, and the rules that say from where a key may be used. */
#ifndef CORE_ADDRESS_H
#define CORE_ADDRESS_H

#include <keyward/keyward.h>

#include "base/str.h"

enum { ADDRESS_TEXT_MAX = 46, ADDRESS_RULE_TEXT_MAX = 96, ADDRESS_RULES_MAX = 64 };

struct address { /* IPv6; IPv4 as ::ffff:a.b.c.d, so that both spellings are one address */
    uint8_t b[16];
};

/* A bit per class that a rule names. All three: the rule names none. */
enum { ADDRESS_READ = 1, ADDRESS_TRANSACT = 2, ADDRESS_MANAGE = 4, ADDRESS_EVERY_CLASS = 7 };

struct address_rule {
    struct address net; /* bits behind the prefix are zero */
    uint8_t prefix;     /* 0 to 128; of IPv4 96 + its own */
    uint8_t classes;
};

/* "192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1". Exact: no zone, no port, no brackets, no leading
 * zeros in IPv4. KW_ESYNTAX. */
enum kw_err address_parse(struct str text, struct address *out);

/* Writes the canonical form (RFC 5952; IPv4 as dotted quad), not terminated; returns its length. */
size_t address_print(const struct address *a, char out[ADDRESS_TEXT_MAX]);

/* "10.8.0.0/16", "2001:db8::/32", a lone address, each with an optional "=class,class" behind it.
 * KW_ESYNTAX; KW_ERANGE for a prefix that is too long or bits set behind it ("10.8.0.1/16": a
 * typing error more often than not). */
enum kw_err address_rule_parse(struct str text, struct address_rule *out);

/* Writes a rule in the form that address_rule_parse reads; returns its length. */
size_t address_rule_print(const struct address_rule *r, char out[ADDRESS_RULE_TEXT_MAX]);

/* Whether rules let an address ask for a class. No rules: yes. Rules that name the class decide
 * alone where there are any ("10.8.0.0/16=transact": transactions only through the VPN); otherwise
 * the rules that name no class; otherwise, as all rules are about other classes, yes. A route of
 * KW_CLASS_UNLISTED must pass as each of the three classes; rules are not about KW_CLASS_PUBLIC
 * (yes), and nobody may ask for KW_CLASS_DENY (no). */
bool address_allowed(const struct address_rule *rules, size_t n, const struct address *a,
                     enum kw_class c);

/* Whether `inner` lets no address ask for a class that `outer` does not. False too where one network of
 * `inner` lies in several of `outer` together. */
bool address_rules_within(const struct address_rule *inner, size_t n_inner,
                          const struct address_rule *outer, size_t n_outer);

/* The network that failures are counted against: an IPv4 address itself, the /64 of an IPv6
 * address. */
struct address address_source(const struct address *a);

#endif
