/* address.c - see address.h. */
#include "core/address.h"

#include <arpa/inet.h>
#include <stdio.h>

static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff}; /* ::ffff:0:0/96 */

static const struct {
    struct str name;
    uint8_t bit;
} classes[] = {
    {STR_INIT("read"), ADDRESS_READ},
    {STR_INIT("transact"), ADDRESS_TRANSACT},
    {STR_INIT("manage"), ADDRESS_MANAGE},
};

static bool is_v4(const struct address *a)
{
    return memcmp(a->b, mapped, sizeof mapped) == 0;
}

enum kw_err address_parse(struct str text, struct address *out)
{
    char terminated[ADDRESS_TEXT_MAX];
    struct address a;

    if (text.n >= sizeof terminated || !str_only(text, "0123456789abcdefABCDEF.:"))
        return KW_ESYNTAX;
    if (text.n > 0)
        memcpy(terminated, text.p, text.n);
    terminated[text.n] = '\0';
    if (inet_pton(AF_INET, terminated, a.b + sizeof mapped) == 1)
        memcpy(a.b, mapped, sizeof mapped);
    else if (inet_pton(AF_INET6, terminated, a.b) != 1)
        return KW_ESYNTAX;
    *out = a;
    return KW_OK;
}

size_t address_print(const struct address *a, char out[ADDRESS_TEXT_MAX])
{
    if (is_v4(a))
        inet_ntop(AF_INET, a->b + sizeof mapped, out, ADDRESS_TEXT_MAX);
    else
        inet_ntop(AF_INET6, a->b, out, ADDRESS_TEXT_MAX);
    return strlen(out);
}

/* What of byte i of an address a prefix covers, as a mask. */
static unsigned covered(unsigned prefix, unsigned i)
{
    if (prefix >= 8 * (i + 1))
        return 0xff;
    return prefix <= 8 * i ? 0 : 0xff00u >> (prefix - 8 * i) & 0xff;
}

static enum kw_err prefix_parse(struct str text, bool v4, uint8_t *out)
{
    uint64_t bits;

    TRY(str_u64(text, v4 ? 32 : 128, &bits));
    *out = (uint8_t)(v4 ? bits + 96 : bits);
    return KW_OK;
}

static enum kw_err net_parse(struct str text, struct address_rule *out)
{
    struct str address = text, prefix;
    struct address_rule rule = {.prefix = 128};

    bool has_prefix = str_cut(text, '/', &address, &prefix);
    TRY(address_parse(address, &rule.net));
    bool v4 = memchr(address.p, ':', address.n) == NULL;
    if (has_prefix)
        TRY(prefix_parse(prefix, v4, &rule.prefix));
    for (unsigned i = 0; i < sizeof rule.net.b; i++)
        if ((rule.net.b[i] & ~covered(rule.prefix, i)) != 0)
            return KW_ERANGE;
    *out = rule;
    return KW_OK;
}

static uint8_t class_bit(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(classes); i++)
        if (str_eq(name, classes[i].name))
            return classes[i].bit;
    return 0;
}

/* "transact,manage", each once. */
static enum kw_err classes_parse(struct str text, uint8_t *out)
{
    struct str name;
    uint8_t set = 0;

    for (bool more = true; more;) {
        more = str_cut(text, ',', &name, &text);
        uint8_t bit = class_bit(more ? name : text);
        if (bit == 0 || (set & bit) != 0)
            return KW_ESYNTAX;
        set |= bit;
    }
    *out = set;
    return KW_OK;
}

enum kw_err address_rule_parse(struct str text, struct address_rule *out)
{
    struct str net = text, names;
    struct address_rule rule;
    uint8_t set = ADDRESS_EVERY_CLASS;

    if (str_cut(text, '=', &net, &names))
        TRY(classes_parse(names, &set));
    TRY(net_parse(net, &rule));
    rule.classes = set;
    *out = rule;
    return KW_OK;
}

/* A rule without a class would be about nothing; it counts as one that names none, which is the
 * narrower reading. */
static bool names_none(const struct address_rule *r)
{
    unsigned set = r->classes & ADDRESS_EVERY_CLASS;

    return set == 0 || set == ADDRESS_EVERY_CLASS;
}

size_t address_rule_print(const struct address_rule *r, char out[ADDRESS_RULE_TEXT_MAX])
{
    size_t n = address_print(&r->net, out);
    char before = '=';

    if (r->prefix < 128)
        n += (size_t)snprintf(out + n, ADDRESS_RULE_TEXT_MAX - n, "/%d",
                              is_v4(&r->net) ? r->prefix - 96 : r->prefix);
    for (size_t i = 0; i < COUNT_OF(classes) && !names_none(r); i++)
        if ((r->classes & classes[i].bit) != 0) {
            n += (size_t)snprintf(out + n, ADDRESS_RULE_TEXT_MAX - n, "%c%s", before,
                                  classes[i].name.p);
            before = ',';
        }
    return n;
}

static bool matches(const struct address_rule *r, const struct address *a)
{
    unsigned differ = r->prefix > 128;

    for (unsigned i = 0; i < sizeof a->b; i++)
        differ |= (unsigned)(r->net.b[i] ^ a->b[i]) & covered(r->prefix, i);
    return differ == 0;
}

/* Whether a rule is about a class (bit 0: about all of them). */
static bool is_about(const struct address_rule *r, unsigned bit)
{
    return names_none(r) ? bit == 0 : (r->classes & bit) != 0;
}

/* Whether some rule is about the class, and whether one of those matches. */
struct verdict {
    bool any, matched;
};

static struct verdict ask(const struct address_rule *rules, size_t n, const struct address *a,
                          unsigned bit)
{
    struct verdict v = {false, false};

    for (size_t i = 0; i < n && !v.matched; i++) {
        bool about = is_about(&rules[i], bit);
        v.any |= about;
        v.matched = about && matches(&rules[i], a);
    }
    return v;
}

static bool allowed(const struct address_rule *rules, size_t n, const struct address *a, unsigned bit)
{
    struct verdict v = ask(rules, n, a, bit);

    if (!v.any)
        v = ask(rules, n, a, 0);
    return !v.any || v.matched;
}

bool address_allowed(const struct address_rule *rules, size_t n, const struct address *a,
                     enum kw_class c)
{
    if (n == 0)
        return c != KW_CLASS_DENY;
    switch (c) {
    case KW_CLASS_UNLISTED:
        return allowed(rules, n, a, ADDRESS_READ) && allowed(rules, n, a, ADDRESS_TRANSACT) &&
               allowed(rules, n, a, ADDRESS_MANAGE);
    case KW_CLASS_READ:
        return allowed(rules, n, a, ADDRESS_READ);
    case KW_CLASS_TRANSACT:
        return allowed(rules, n, a, ADDRESS_TRANSACT);
    case KW_CLASS_MANAGE:
        return allowed(rules, n, a, ADDRESS_MANAGE);
    case KW_CLASS_PUBLIC:
        return true;
    case KW_CLASS_DENY:
        return false;
    }
    return false;
}

static bool any_about(const struct address_rule *rules, size_t n, unsigned bit)
{
    for (size_t i = 0; i < n; i++)
        if (is_about(&rules[i], bit))
            return true;
    return false;
}

static bool is_in_one(const struct address_rule *r, const struct address_rule *rules, size_t n,
                      unsigned bit)
{
    for (size_t i = 0; i < n; i++)
        if (is_about(&rules[i], bit) && rules[i].prefix <= r->prefix && matches(&rules[i], &r->net))
            return true;
    return false;
}

/* The rules about the class decide, where there are any; otherwise those about all of them. */
static bool within(const struct address_rule *inner, size_t n_inner,
                   const struct address_rule *outer, size_t n_outer, unsigned bit)
{
    unsigned by_inner = any_about(inner, n_inner, bit) ? bit : 0;
    unsigned by_outer = any_about(outer, n_outer, bit) ? bit : 0;

    if (!any_about(outer, n_outer, by_outer))
        return true;
    if (!any_about(inner, n_inner, by_inner))
        return false;
    for (size_t i = 0; i < n_inner; i++)
        if (is_about(&inner[i], by_inner) && !is_in_one(&inner[i], outer, n_outer, by_outer))
            return false;
    return true;
}

bool address_rules_within(const struct address_rule *inner, size_t n_inner,
                          const struct address_rule *outer, size_t n_outer)
{
    return within(inner, n_inner, outer, n_outer, ADDRESS_READ) &&
           within(inner, n_inner, outer, n_outer, ADDRESS_TRANSACT) &&
           within(inner, n_inner, outer, n_outer, ADDRESS_MANAGE);
}

struct address address_source(const struct address *a)
{
    struct address source = *a;

    if (!is_v4(a))
        memset(source.b + 8, 0, 8);
    return source;
}
