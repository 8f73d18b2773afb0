/* address.c - client addresses and the rules about them: exact in form, never wider than written.
 */
#include "core/address.h"

#include <stdlib.h>

#include "suite.h"

static struct address parsed(struct str text)
{
    struct address a;

    assert_ok(address_parse(text, &a));
    return a;
}

static const struct form {
    const char *why;
    struct str text, printed;
} forms[] = {
    {"IPv4", STR_INIT("192.0.2.1"), STR_INIT("192.0.2.1")},
    {"all zero", STR_INIT("0.0.0.0"), STR_INIT("0.0.0.0")},
    {"the last one", STR_INIT("255.255.255.255"), STR_INIT("255.255.255.255")},
    {"C14 the v4-mapped form", STR_INIT("::ffff:192.0.2.1"), STR_INIT("192.0.2.1")},
    {"C14 the v4-mapped form in hex", STR_INIT("::FFFF:c000:201"), STR_INIT("192.0.2.1")},
    {"C14 the v4-mapped form in full", STR_INIT("0:0:0:0:0:ffff:192.0.2.1"), STR_INIT("192.0.2.1")},
    {"IPv6", STR_INIT("2001:db8::1"), STR_INIT("2001:db8::1")},
    {"the loopback", STR_INIT("::1"), STR_INIT("::1")},
    {"any", STR_INIT("::"), STR_INIT("::")},
    {"RFC 5952 4.1: no leading zeros", STR_INIT("2001:0db8::0001"), STR_INIT("2001:db8::1")},
    {"RFC 5952 4.2.2: one zero stays", STR_INIT("2001:db8::1:1:1:1:1"),
     STR_INIT("2001:db8:0:1:1:1:1:1")},
    {"RFC 5952 4.2.3: the longest run", STR_INIT("2001:0:0:1:0:0:0:1"), STR_INIT("2001:0:0:1::1")},
    {"RFC 5952 4.2.3: of two the first", STR_INIT("2001:db8:0:0:1:0:0:1"),
     STR_INIT("2001:db8::1:0:0:1")},
    {"RFC 5952 4.3: lower case", STR_INIT("2001:DB8::A"), STR_INIT("2001:db8::a")},
    {"the longest", STR_INIT("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
     STR_INIT("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")},
};

static void C14_address_prints_in_one_form(void **state)
{
    const struct form *row = *state;
    char buf[ADDRESS_TEXT_MAX];
    struct address a = parsed(row->text);

    assert_str(((struct str){buf, address_print(&a, buf)}), row->printed);
}

static const struct reject {
    const char *why;
    struct str text;
} rejects[] = {
    {"nothing", {NULL, 0}},
    {"empty", STR_INIT("")},
    {"a name", STR_INIT("localhost")},
    {"a letter", STR_INIT("a")},
    {"three parts", STR_INIT("10.0.0")},
    {"five parts", STR_INIT("10.0.0.0.1")},
    {"a part too large", STR_INIT("10.0.0.256")},
    {"a leading zero, octal to some", STR_INIT("10.0.0.010")},
    {"hex", STR_INIT("0x0a.0.0.1")},
    {"one number", STR_INIT("167772161")},
    {"a port", STR_INIT("10.0.0.1:80")},
    {"a space in front", STR_INIT(" 10.0.0.1")},
    {"a space behind", STR_INIT("10.0.0.1 ")},
    {"NUL behind", STR_INIT("10.0.0.1\0")},
    {"NUL and more", STR_INIT("10.0.0.1\0.2")},
    {"a sign", STR_INIT("+10.0.0.1")},
    {"a prefix", STR_INIT("10.0.0.0/8")},
    {"brackets", STR_INIT("[::1]")},
    {"brackets and a port", STR_INIT("[::1]:80")},
    {"a zone", STR_INIT("fe80::1%eth0")},
    {"two gaps", STR_INIT("2001::db8::1")},
    {"nine groups", STR_INIT("1:2:3:4:5:6:7:8:9")},
    {"seven groups", STR_INIT("1:2:3:4:5:6:7")},
    {"a group of five", STR_INIT("2001:0db80::1")},
    {"a colon at the end", STR_INIT("2001:db8:1:2:3:4:5:")},
    {"three colons", STR_INIT(":::")},
    {"no hex", STR_INIT("2001:db8::g")},
    {"a v4 part in the middle", STR_INIT("::1.2.3.4:1")},
    {"a v4 part with a leading zero", STR_INIT("::ffff:10.0.0.010")},
    {"46 characters", STR_INIT("0000:0000:0000:0000:0000:0000:255.255.255.2555")},
};

static void C10_address_parse_rejects(void **state)
{
    const struct reject *row = *state;
    struct address a = {{1}};

    assert_err(address_parse(row->text, &a), KW_ESYNTAX);
    assert_int_equal(a.b[0], 1);
}

static void address_parse_of_print_is_the_same(void **state)
{
    char buf[ADDRESS_TEXT_MAX];
    struct address a;

    (void)state;
    srandom(1);
    for (int round = 0; round < 100000; round++) {
        for (size_t i = 0; i < sizeof a.b; i++)
            a.b[i] = (uint8_t)(random() % 3 == 0 ? random() : random() % 2 * 255);
        if (round % 4 == 0)
            memcpy(a.b, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);
        struct address again = parsed((struct str){buf, address_print(&a, buf)});
        assert_memory_equal(&again, &a, sizeof a);
    }
}

static const struct rule_form {
    const char *why;
    struct str text;
    enum kw_err want;
    struct str printed;
} rule_forms[] = {
    {"a network", STR_INIT("10.8.0.0/16"), KW_OK, STR_INIT("10.8.0.0/16")},
    {"an address", STR_INIT("192.0.2.1"), KW_OK, STR_INIT("192.0.2.1")},
    {"an address as a network", STR_INIT("192.0.2.1/32"), KW_OK, STR_INIT("192.0.2.1")},
    {"all of IPv4", STR_INIT("0.0.0.0/0"), KW_OK, STR_INIT("0.0.0.0/0")},
    {"all", STR_INIT("::/0"), KW_OK, STR_INIT("::/0")},
    {"an IPv6 network", STR_INIT("2001:db8::/32"), KW_OK, STR_INIT("2001:db8::/32")},
    {"an odd prefix", STR_INIT("2001:db8:8000::/33"), KW_OK, STR_INIT("2001:db8:8000::/33")},
    {"C14 a v4-mapped network", STR_INIT("::ffff:10.0.0.0/104"), KW_OK, STR_INIT("10.0.0.0/8")},
    {"a class", STR_INIT("10.8.0.0/16=transact"), KW_OK, STR_INIT("10.8.0.0/16=transact")},
    {"two classes", STR_INIT("10.8.0.0/16=manage,transact"), KW_OK,
     STR_INIT("10.8.0.0/16=transact,manage")},
    {"all three classes are none", STR_INIT("10.8.0.1=read,transact,manage"), KW_OK,
     STR_INIT("10.8.0.1")},
    {"the longest", STR_INIT("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127=transact,manage"), KW_OK,
     STR_INIT("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127=transact,manage")},
    {"empty", STR_INIT(""), KW_ESYNTAX, {NULL, 0}},
    {"no address", STR_INIT("/8"), KW_ESYNTAX, {NULL, 0}},
    {"no prefix", STR_INIT("10.0.0.0/"), KW_ESYNTAX, {NULL, 0}},
    {"a prefix with a leading zero", STR_INIT("10.0.0.0/08"), KW_ESYNTAX, {NULL, 0}},
    {"a negative prefix", STR_INIT("10.0.0.0/-1"), KW_ESYNTAX, {NULL, 0}},
    {"a netmask", STR_INIT("10.0.0.0/255.0.0.0"), KW_ESYNTAX, {NULL, 0}},
    {"two prefixes", STR_INIT("10.0.0.0/8/8"), KW_ESYNTAX, {NULL, 0}},
    {"a prefix too long", STR_INIT("10.0.0.0/33"), KW_ERANGE, {NULL, 0}},
    {"an IPv6 prefix too long", STR_INIT("::/129"), KW_ERANGE, {NULL, 0}},
    {"a prefix beyond 64 bits", STR_INIT("10.0.0.0/99999999999999999999"), KW_ERANGE, {NULL, 0}},
    {"bits behind the prefix", STR_INIT("10.8.0.1/16"), KW_ERANGE, {NULL, 0}},
    {"one bit behind the prefix", STR_INIT("2001:db8:8000::/32"), KW_ERANGE, {NULL, 0}},
    {"no class", STR_INIT("10.8.0.0/16="), KW_ESYNTAX, {NULL, 0}},
    {"an unknown class", STR_INIT("10.8.0.0/16=write"), KW_ESYNTAX, {NULL, 0}},
    {"a class that no rule is about", STR_INIT("10.8.0.0/16=public"), KW_ESYNTAX, {NULL, 0}},
    {"a class twice", STR_INIT("10.8.0.0/16=read,read"), KW_ESYNTAX, {NULL, 0}},
    {"a comma at the end", STR_INIT("10.8.0.0/16=read,"), KW_ESYNTAX, {NULL, 0}},
    {"spaces", STR_INIT("10.8.0.0/16 = read"), KW_ESYNTAX, {NULL, 0}},
};

static void address_rule_parse_is_exact(void **state)
{
    const struct rule_form *row = *state;
    struct address_rule rule = {.prefix = 77}, again;
    char buf[ADDRESS_RULE_TEXT_MAX];

    assert_err(address_rule_parse(row->text, &rule), row->want);
    if (row->want != KW_OK) {
        assert_int_equal(rule.prefix, 77);
        return;
    }
    struct str text = {buf, address_rule_print(&rule, buf)};
    assert_str(text, row->printed);
    assert_ok(address_rule_parse(text, &again));
    assert_memory_equal(&again, &rule, sizeof rule);
}

static const struct asked {
    const char *why;
    const char *rules[4];
    struct str address;
    const char *allowed; /* r, t, m, u: read, transact, manage, unlisted */
} asked[] = {
    {"no rules", {NULL}, STR_INIT("192.0.2.1"), "rtmu"},
    {"inside", {"10.8.0.0/16"}, STR_INIT("10.8.255.255"), "rtmu"},
    {"outside", {"10.8.0.0/16"}, STR_INIT("10.9.0.0"), ""},
    {"C14 inside, v4-mapped", {"10.8.0.0/16"}, STR_INIT("::ffff:10.8.0.1"), "rtmu"},
    {"C14 outside, v4-mapped", {"10.8.0.0/16"}, STR_INIT("::ffff:10.9.0.1"), ""},
    {"C14 a rule that is v4-mapped", {"::ffff:10.8.0.0/112"}, STR_INIT("10.8.0.1"), "rtmu"},
    {"one of several", {"10.8.0.0/16", "192.0.2.1"}, STR_INIT("192.0.2.1"), "rtmu"},
    {"none of several", {"10.8.0.0/16", "192.0.2.1"}, STR_INIT("192.0.2.2"), ""},
    {"all of IPv4 is not IPv6", {"0.0.0.0/0"}, STR_INIT("2001:db8::1"), ""},
    {"all of IPv4", {"0.0.0.0/0"}, STR_INIT("203.0.113.9"), "rtmu"},
    {"all", {"::/0"}, STR_INIT("203.0.113.9"), "rtmu"},
    {"an IPv6 network", {"2001:db8::/32"}, STR_INIT("2001:db8:ffff::1"), "rtmu"},
    {"beside an IPv6 network", {"2001:db8::/33"}, STR_INIT("2001:db8:8000::1"), ""},
    {"the VPN for transact only: inside", {"10.8.0.0/16=transact"}, STR_INIT("10.8.0.1"), "rtmu"},
    {"the VPN for transact only: outside", {"10.8.0.0/16=transact"}, STR_INIT("192.0.2.1"), "rm"},
    {"the VPN for transact and manage: outside",
     {"10.8.0.0/16=transact,manage"},
     STR_INIT("192.0.2.1"),
     "r"},
    {"a general rule beside a special one: general",
     {"192.0.2.0/24", "10.8.0.0/16=transact"},
     STR_INIT("192.0.2.1"),
     "rm"},
    {"a general rule beside a special one: special",
     {"192.0.2.0/24", "10.8.0.0/16=transact"},
     STR_INIT("10.8.0.1"),
     "t"},
    {"a general rule beside a special one: neither",
     {"192.0.2.0/24", "10.8.0.0/16=transact"},
     STR_INIT("203.0.113.9"),
     ""},
    {"special rules for all classes: unlisted needs each",
     {"10.8.0.0/16=transact", "10.8.0.0/16=manage", "10.8.1.0/24=read"},
     STR_INIT("10.8.0.1"),
     "tm"},
    {"special rules for all classes: in each",
     {"10.8.0.0/16=transact", "10.8.0.0/16=manage", "10.8.1.0/24=read"},
     STR_INIT("10.8.1.1"),
     "rtmu"},
};

static void C14_address_allowed_as_the_rules_say(void **state)
{
    static const enum kw_class order[] = {KW_CLASS_READ, KW_CLASS_TRANSACT, KW_CLASS_MANAGE,
                                          KW_CLASS_UNLISTED};
    const struct asked *row = *state;
    struct address_rule rules[4];
    struct address a = parsed(row->address);
    size_t n = 0;

    for (; n < 4 && row->rules[n] != NULL; n++)
        assert_ok(address_rule_parse(str_from(row->rules[n]), &rules[n]));
    for (size_t i = 0; i < COUNT_OF(order); i++)
        assert_int_equal(address_allowed(rules, n, &a, order[i]),
                         strchr(row->allowed, "rtmu"[i]) != NULL);
    assert_true(address_allowed(rules, n, &a, KW_CLASS_PUBLIC));
    assert_false(address_allowed(rules, n, &a, KW_CLASS_DENY));
}

/* Not what address_rule_parse makes, but what a damaged record may hold. */
static void address_allowed_is_not_widened_by_impossible_rules(void **state)
{
    struct address a = parsed(STR("192.0.2.1"));
    struct address_rule nothing = {.prefix = 128},
                        beyond = {.net = a, .prefix = 129, .classes = ADDRESS_EVERY_CLASS};

    (void)state;
    assert_false(address_allowed(&nothing, 1, &a, KW_CLASS_READ));
    assert_false(address_allowed(&beyond, 1, &a, KW_CLASS_READ));
}

/* ---- one list within another ---- */

static const struct lists {
    const char *why;
    struct str inner, outer; /* rules with blanks between them */
    bool within;
} lists[] = {
    {"none in none", STR_INIT(""), STR_INIT(""), true},
    {"some in none", STR_INIT("10.0.0.0/8"), STR_INIT(""), true},
    {"none in some", STR_INIT(""), STR_INIT("10.0.0.0/8"), false},
    {"the same", STR_INIT("10.0.0.0/8"), STR_INIT("10.0.0.0/8"), true},
    {"a smaller network", STR_INIT("10.1.0.0/16"), STR_INIT("10.0.0.0/8"), true},
    {"a larger network", STR_INIT("10.0.0.0/8"), STR_INIT("10.1.0.0/16"), false},
    {"another network", STR_INIT("11.0.0.0/8"), STR_INIT("10.0.0.0/8"), false},
    {"one of two", STR_INIT("10.0.0.0/8"), STR_INIT("192.0.2.7 10.0.0.0/8"), true},
    {"one more", STR_INIT("192.0.2.7 10.0.0.0/8"), STR_INIT("10.0.0.0/8"), false},
    {"all of IPv4 in all", STR_INIT("0.0.0.0/0"), STR_INIT("::/0"), true},
    {"IPv6 in all of IPv4", STR_INIT("2001:db8::/32"), STR_INIT("0.0.0.0/0"), false},
    {"two halves of it", STR_INIT("10.0.0.0/8"), STR_INIT("10.0.0.0/9 10.128.0.0/9"), false},
    {"a rule for one class more", STR_INIT("10.0.0.0/8 10.1.0.0/16=transact"),
     STR_INIT("10.0.0.0/8"), true},
    {"a rule for one class less", STR_INIT("10.0.0.0/8"),
     STR_INIT("10.0.0.0/8 10.1.0.0/16=transact"), false},
    {"a rule for one class opens it elsewhere", STR_INIT("10.0.0.0/8 11.0.0.0/8=manage"),
     STR_INIT("10.0.0.0/8"), false},
    {"for one class only", STR_INIT("10.0.0.0/8=transact"), STR_INIT(""), true},
    {"for one class only, the others are open", STR_INIT("10.0.0.0/8=transact"),
     STR_INIT("10.0.0.0/8"), false},
    {"the same in two rules", STR_INIT("10.0.0.0/8=read 10.0.0.0/8=transact,manage"),
     STR_INIT("10.0.0.0/8"), true},
};

static size_t rules_of(struct str text, struct address_rule out[4])
{
    struct str one;
    size_t n = 0;

    for (bool more = text.n > 0; more; n++) {
        more = str_cut(text, ' ', &one, &text);
        assert_ok(address_rule_parse(more ? one : text, &out[n]));
    }
    return n;
}

static void one_list_lies_within_another(void **state)
{
    const struct lists *row = *state;
    struct address_rule inner[4], outer[4];

    size_t n_inner = rules_of(row->inner, inner), n_outer = rules_of(row->outer, outer);
    assert_int_equal(address_rules_within(inner, n_inner, outer, n_outer), row->within);
}

static size_t any_rules(unsigned *seed, struct address_rule out[4])
{
    size_t n = (size_t)(rand_r(seed) % 4);

    for (size_t i = 0; i < n; i++) {
        unsigned prefix = 125 + (unsigned)rand_r(seed) % 4, last = (unsigned)rand_r(seed) % 8;
        out[i] =
            (struct address_rule){.prefix = (uint8_t)prefix, .classes = (uint8_t)(rand_r(seed) % 8)};
        out[i].net.b[15] = (uint8_t)(last >> (128 - prefix) << (128 - prefix));
    }
    return n;
}

/* Over all of eight addresses: what a list within another lets in, the other does too. */
static void a_list_within_another_lets_in_nobody_else(void **state)
{
    struct address_rule inner[4], outer[4];
    unsigned seed = 1, n_within = 0;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        size_t n_inner = any_rules(&seed, inner), n_outer = any_rules(&seed, outer);
        if (!address_rules_within(inner, n_inner, outer, n_outer))
            continue;
        n_within++;
        for (unsigned last = 0; last < 8; last++) {
            const struct address a = {.b = {[15] = (uint8_t)last}};
            for (enum kw_class c = KW_CLASS_UNLISTED; c <= KW_CLASS_MANAGE; c++)
                assert_true(!address_allowed(inner, n_inner, &a, c) ||
                            address_allowed(outer, n_outer, &a, c));
        }
    }
    assert_in_range(n_within, 10000, 90000);
}

static void every_prefix_covers_what_it_says(void **state)
{
    struct address net = {{0}};

    (void)state;
    for (unsigned prefix = 0; prefix <= 128; prefix++) {
        struct address_rule rule = {
            .net = net, .prefix = (uint8_t)prefix, .classes = ADDRESS_EVERY_CLASS};
        for (unsigned bit = 0; bit < 128; bit++) {
            struct address a = net;
            a.b[bit / 8] = (uint8_t)(0x80 >> bit % 8);
            assert_int_equal(address_allowed(&rule, 1, &a, KW_CLASS_READ), bit >= prefix);
        }
    }
}

static void G4_address_source_is_the_64_of_IPv6(void **state)
{
    struct address one = parsed(STR("2001:db8:1:2:3:4:5:6")), other = parsed(STR("2001:db8:1:2::"));
    struct address next = parsed(STR("2001:db8:1:3::")), v4 = parsed(STR("192.0.2.1"));

    (void)state;
    one = address_source(&one);
    next = address_source(&next);
    assert_memory_equal(&one, &other, sizeof one);
    assert_memory_not_equal(&one, &next, sizeof one);
    struct address source = address_source(&v4);
    assert_memory_equal(&source, &v4, sizeof v4);
}

int main(void)
{
    SUITE_ROWS(C14_address_prints_in_one_form, forms);
    SUITE_ROWS(C10_address_parse_rejects, rejects);
    SUITE_TEST(address_parse_of_print_is_the_same);
    SUITE_ROWS(address_rule_parse_is_exact, rule_forms);
    SUITE_ROWS(C14_address_allowed_as_the_rules_say, asked);
    SUITE_TEST(address_allowed_is_not_widened_by_impossible_rules);
    SUITE_ROWS(one_list_lies_within_another, lists);
    SUITE_TEST(a_list_within_another_lets_in_nobody_else);
    SUITE_TEST(every_prefix_covers_what_it_says);
    SUITE_TEST(G4_address_source_is_the_64_of_IPv6);
    return suite_run("core/address");
}
