/* route.c - the route policy: every line means what it says, and a damaged table opens nothing. */
#include "core/route.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/route_table.h"
#include "suite.h"

static const struct route policy[] = {
    {KW_CLASS_PUBLIC, STR_INIT("GET /public/**")},
    {KW_CLASS_TRANSACT, STR_INIT("POST /pay/**")},
    {KW_CLASS_READ, STR_INIT("GET /pay/x")},
    {KW_CLASS_READ, STR_INIT("GET /wallet/deposit/status/{reference}")},
    {KW_CLASS_MANAGE, STR_INIT("GET /wallet/deposit/status/all")},
    {KW_CLASS_TRANSACT, STR_INIT("POST /wallet/deposit")},
    {KW_CLASS_DENY, STR_INIT("POST /wallet/deposit/{kind}")},
    {KW_CLASS_TRANSACT, STR_INIT("POST /wallet/deposit/authorize")},
    {KW_CLASS_DENY, STR_INIT("HEAD /secret")},
    {KW_CLASS_READ, STR_INIT("GET /secret")},
    {KW_CLASS_READ, STR_INIT("GET /a/{b}/c")},
    {KW_CLASS_MANAGE, STR_INIT("GET /a/b/**")},
    {KW_CLASS_READ, STR_INIT("GET /a/{b}/{c}/d")},
    {KW_CLASS_MANAGE, STR_INIT("PROPFIND /dav/**")},
    {KW_CLASS_PUBLIC, STR_INIT("OPTIONS /**")},
    {KW_CLASS_READ, STR_INIT("GET /slash/")},
    {KW_CLASS_PUBLIC, STR_INIT("GET /")},
    {KW_CLASS_READ, STR_INIT("GET /caf\xc3\xa9 au lait")},
};

static void compile(const struct route *routes, size_t n, struct buf *out)
{
    size_t bad = 0;
    char why[160] = "";

    *out = BUF_MAX(ROUTE_TABLE_MAX);
    if (route_compile(routes, n, out, &bad, why) != KW_OK)
        fail_msg("route %zu: %s", bad, why);
    assert_ok(route_table_check(buf_view(out)));
}

static const struct judged {
    const char *why;
    struct str method, path;
    enum kw_class want;
    uint32_t number;
} judged[] = {
    {"below", STR_INIT("GET"), STR_INIT("/public/x"), KW_CLASS_PUBLIC, 1},
    {"far below", STR_INIT("GET"), STR_INIT("/public/x/y/z"), KW_CLASS_PUBLIC, 1},
    {"right below", STR_INIT("GET"), STR_INIT("/public/"), KW_CLASS_PUBLIC, 1},
    {"not the folder itself", STR_INIT("GET"), STR_INIT("/public"), KW_CLASS_UNLISTED, 0},
    {"not a longer name", STR_INIT("GET"), STR_INIT("/publicx/y"), KW_CLASS_UNLISTED, 0},
    {"not a shorter name", STR_INIT("GET"), STR_INIT("/publi/y"), KW_CLASS_UNLISTED, 0},
    {"another method", STR_INIT("POST"), STR_INIT("/public/x"), KW_CLASS_UNLISTED, 0},
    {"literal before all below", STR_INIT("GET"), STR_INIT("/pay/x"), KW_CLASS_READ, 3},
    {"the method decides which lines count", STR_INIT("POST"), STR_INIT("/pay/x"),
     KW_CLASS_TRANSACT, 2},
    {"B5 upper case is another path", STR_INIT("POST"), STR_INIT("/PAY/x"), KW_CLASS_UNLISTED, 0},
    {"B5 a trailing slash is another path", STR_INIT("GET"), STR_INIT("/pay/x/"), KW_CLASS_UNLISTED,
     0},
    {"a route with a trailing slash", STR_INIT("GET"), STR_INIT("/slash/"), KW_CLASS_READ, 16},
    {"and without", STR_INIT("GET"), STR_INIT("/slash"), KW_CLASS_UNLISTED, 0},
    {"the root", STR_INIT("GET"), STR_INIT("/"), KW_CLASS_PUBLIC, 17},
    {"a parameter", STR_INIT("GET"), STR_INIT("/wallet/deposit/status/r-1"), KW_CLASS_READ, 4},
    {"B8 a parameter with a space", STR_INIT("GET"), STR_INIT("/wallet/deposit/status/a b"),
     KW_CLASS_READ, 4},
    {"a parameter is not empty", STR_INIT("GET"), STR_INIT("/wallet/deposit/status/"),
     KW_CLASS_UNLISTED, 0},
    {"a parameter is one segment", STR_INIT("GET"), STR_INIT("/wallet/deposit/status/a/b"),
     KW_CLASS_UNLISTED, 0},
    {"literal before parameter", STR_INIT("GET"), STR_INIT("/wallet/deposit/status/all"),
     KW_CLASS_MANAGE, 5},
    {"the braces are no literal", STR_INIT("GET"), STR_INIT("/wallet/deposit/status/{reference}"),
     KW_CLASS_READ, 4},
    {"an exception from a deny", STR_INIT("POST"), STR_INIT("/wallet/deposit/authorize"),
     KW_CLASS_TRANSACT, 8},
    {"a deny", STR_INIT("POST"), STR_INIT("/wallet/deposit/other"), KW_CLASS_DENY, 7},
    {"the left-most difference decides", STR_INIT("GET"), STR_INIT("/a/b/c"), KW_CLASS_MANAGE, 12},
    {"back to the parameter", STR_INIT("GET"), STR_INIT("/a/x/c"), KW_CLASS_READ, 11},
    {"two parameters", STR_INIT("GET"), STR_INIT("/a/x/y/d"), KW_CLASS_READ, 13},
    {"two parameters, nothing behind", STR_INIT("GET"), STR_INIT("/a/x/y"), KW_CLASS_UNLISTED, 0},
    {"a literal with UTF-8 and spaces", STR_INIT("GET"), STR_INIT("/caf\xc3\xa9 au lait"),
     KW_CLASS_READ, 18},
    {"B14 HEAD as GET", STR_INIT("HEAD"), STR_INIT("/pay/x"), KW_CLASS_READ, 3},
    {"B14 HEAD as GET below", STR_INIT("HEAD"), STR_INIT("/public/x"), KW_CLASS_PUBLIC, 1},
    {"B14 HEAD listed itself", STR_INIT("HEAD"), STR_INIT("/secret"), KW_CLASS_DENY, 9},
    {"B14 GET beside it", STR_INIT("GET"), STR_INIT("/secret"), KW_CLASS_READ, 10},
    {"B12 get", STR_INIT("get"), STR_INIT("/public/x"), KW_CLASS_DENY, 0},
    {"B12 TRACE", STR_INIT("TRACE"), STR_INIT("/public/x"), KW_CLASS_DENY, 0},
    {"B12 CONNECT", STR_INIT("CONNECT"), STR_INIT("/public/x"), KW_CLASS_DENY, 0},
    {"B12 no method", STR_INIT(""), STR_INIT("/public/x"), KW_CLASS_DENY, 0},
    {"B12 a space behind", STR_INIT("GET "), STR_INIT("/public/x"), KW_CLASS_DENY, 0},
    {"B12 NUL behind", STR_INIT("PROPFIND\0"), STR_INIT("/dav/x"), KW_CLASS_DENY, 0},
    {"B12 a long method", STR_INIT("GETGETGETGETGETGETGET"), STR_INIT("/public/x"), KW_CLASS_DENY, 0},
    {"B12 a method that the policy lists", STR_INIT("PROPFIND"), STR_INIT("/dav/x"),
     KW_CLASS_MANAGE, 14},
    {"B12 the same on another path", STR_INIT("PROPFIND"), STR_INIT("/pay/x"), KW_CLASS_UNLISTED, 0},
    {"B13 OPTIONS where it is open", STR_INIT("OPTIONS"), STR_INIT("/pay/x"), KW_CLASS_PUBLIC, 15},
    {"all below the root", STR_INIT("OPTIONS"), STR_INIT("/"), KW_CLASS_PUBLIC, 15},
    {"an empty path", STR_INIT("GET"), STR_INIT(""), KW_CLASS_DENY, 0},
    {"a path without its slash", STR_INIT("GET"), STR_INIT("public/x"), KW_CLASS_DENY, 0},
    {"an asterisk", STR_INIT("OPTIONS"), STR_INIT("*"), KW_CLASS_DENY, 0},
};

static void route_judge_finds_the_most_specific_line(void **state)
{
    const struct judged *row = *state;
    struct buf table;

    compile(policy, COUNT_OF(policy), &table);
    struct route_match match = route_judge(buf_view(&table), row->method, row->path);
    assert_int_equal(match.c, row->want);
    assert_int_equal(match.number, row->number);
    buf_deinit(&table);
}

static void route_judge_without_a_policy_lists_nothing(void **state)
{
    struct buf table;

    (void)state;
    compile(NULL, 0, &table);
    struct str tables[] = {{NULL, 0}, buf_view(&table)};
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        assert_int_equal(route_judge(tables[i], STR("GET"), STR("/x")).c, KW_CLASS_UNLISTED);
        assert_int_equal(route_judge(tables[i], STR("OPTIONS"), STR("/")).c, KW_CLASS_UNLISTED);
        assert_int_equal(route_judge(tables[i], STR("TRACE"), STR("/x")).c, KW_CLASS_DENY);
        assert_int_equal(route_judge(tables[i], STR("GET"), STR("")).c, KW_CLASS_DENY);
    }
    assert_ok(route_table_check(tables[0]));
    buf_deinit(&table);
}

static const struct reject {
    const char *why;
    struct route route;
    enum kw_err want;
} rejects[] = {
    {"empty", {KW_CLASS_READ, STR_INIT("")}, KW_ESYNTAX},
    {"a method alone", {KW_CLASS_READ, STR_INIT("GET")}, KW_ESYNTAX},
    {"a path alone", {KW_CLASS_READ, STR_INIT("/x")}, KW_ESYNTAX},
    {"no path", {KW_CLASS_READ, STR_INIT("GET ")}, KW_ESYNTAX},
    {"no method", {KW_CLASS_READ, STR_INIT(" /x")}, KW_ESYNTAX},
    {"two spaces", {KW_CLASS_READ, STR_INIT("GET  /x")}, KW_ESYNTAX},
    {"a method in lower case", {KW_CLASS_READ, STR_INIT("get /x")}, KW_ESYNTAX},
    {"a method of 17 letters", {KW_CLASS_READ, STR_INIT("ABCDEFGHIJKLMNOPQ /x")}, KW_ESYNTAX},
    {"any method", {KW_CLASS_READ, STR_INIT("* /x")}, KW_ESYNTAX},
    {"no slash in front", {KW_CLASS_READ, STR_INIT("GET x")}, KW_ESYNTAX},
    {"a query", {KW_CLASS_READ, STR_INIT("GET /x?y")}, KW_ESYNTAX},
    {"dot-dot", {KW_CLASS_READ, STR_INIT("GET /x/../y")}, KW_ESYNTAX},
    {"two slashes", {KW_CLASS_READ, STR_INIT("GET /x//y")}, KW_ESYNTAX},
    {"two slashes before all below", {KW_CLASS_READ, STR_INIT("GET /x//**")}, KW_ESYNTAX},
    {"encoded", {KW_CLASS_READ, STR_INIT("GET /a%20b")}, KW_ESYNTAX},
    {"not UTF-8", {KW_CLASS_READ, STR_INIT("GET /\xff")}, KW_ESYNTAX},
    {"all below in the middle", {KW_CLASS_READ, STR_INIT("GET /a/**/b")}, KW_ESYNTAX},
    {"all below twice", {KW_CLASS_READ, STR_INIT("GET /a/**/**")}, KW_ESYNTAX},
    {"one star", {KW_CLASS_READ, STR_INIT("GET /a/*")}, KW_ESYNTAX},
    {"three stars", {KW_CLASS_READ, STR_INIT("GET /a/***")}, KW_ESYNTAX},
    {"stars behind a name", {KW_CLASS_READ, STR_INIT("GET /a**")}, KW_ESYNTAX},
    {"a parameter without a name", {KW_CLASS_READ, STR_INIT("GET /a/{}")}, KW_ESYNTAX},
    {"a parameter that is not closed", {KW_CLASS_READ, STR_INIT("GET /a/{b")}, KW_ESYNTAX},
    {"a parameter that is not opened", {KW_CLASS_READ, STR_INIT("GET /a/b}")}, KW_ESYNTAX},
    {"a parameter in a segment", {KW_CLASS_READ, STR_INIT("GET /a/x{b}")}, KW_ESYNTAX},
    {"two parameters in a segment", {KW_CLASS_READ, STR_INIT("GET /a/{b}{c}")}, KW_ESYNTAX},
    {"a parameter with a slash", {KW_CLASS_READ, STR_INIT("GET /a/{b/c}")}, KW_ESYNTAX},
    {"no class", {KW_CLASS_UNLISTED, STR_INIT("GET /a")}, KW_ESYNTAX},
    {"the same again", {KW_CLASS_READ, STR_INIT("POST /pay/**")}, KW_EEXISTS},
    {"the same, its parameter called otherwise", {KW_CLASS_READ, STR_INIT("GET /a/{x}/c")}, KW_EEXISTS},
};

static void route_compile_rejects(void **state)
{
    const struct reject *row = *state;
    struct route routes[COUNT_OF(policy) + 2];
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    size_t bad = 0;
    char why[160] = "";

    memcpy(routes, policy, sizeof policy);
    routes[COUNT_OF(policy)] = row->route;
    routes[COUNT_OF(policy) + 1] = (struct route){KW_CLASS_READ, STR("GET /fine")};
    buf_str(&table, STR("before"));
    assert_err(route_compile(routes, COUNT_OF(routes), &table, &bad, why), row->want);
    assert_int_equal(bad, COUNT_OF(policy));
    assert_true(strlen(why) > 0);
    assert_str(buf_view(&table), STR("before"));
    buf_deinit(&table);
}

static void route_compile_rejects_what_is_too_long(void **state)
{
    char text[600], why[160] = "";
    struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    struct route route = {KW_CLASS_READ, {text, ROUTE_TEXT_MAX}};
    size_t bad = 1;

    (void)state;
    int n = snprintf(text, sizeof text, "GET /");
    memset(text + n, 'a', sizeof text - (size_t)n);
    assert_ok(route_compile(&route, 1, &table, &bad, why));
    route.text.n++;
    assert_err(route_compile(&route, 1, &table, &bad, why), KW_ERANGE);
    assert_int_equal(bad, 0);
    buf_deinit(&table);
}

static void route_compile_takes_64_segments_and_no_more(void **state)
{
    enum { METHOD = sizeof "GET " - 1, SEGMENT = sizeof "/a" - 1 };
    char text[METHOD + SEGMENT * (ROUTE_SEGMENTS_MAX + 1) + 1] = "GET ", why[160] = "";
    size_t n = METHOD, bad = 1;
    struct buf table;

    (void)state;
    while (n + SEGMENT < sizeof text)
        n += (size_t)snprintf(text + n, sizeof text - n, "/a");
    struct route route = {KW_CLASS_READ, {text, n - SEGMENT}};
    compile(&route, 1, &table);
    struct str path = {text + METHOD, n - METHOD - SEGMENT};
    assert_int_equal(route_judge(buf_view(&table), STR("GET"), path).c, KW_CLASS_READ);
    path.n += SEGMENT;
    assert_int_equal(route_judge(buf_view(&table), STR("GET"), path).c, KW_CLASS_UNLISTED);
    route.text.n += SEGMENT;
    assert_err(route_compile(&route, 1, &table, &bad, why), KW_ERANGE);
    buf_deinit(&table);
}

static void B9_a_thousand_segments_cost_no_more_than_the_policy_is_deep(void **state)
{
    static char path[KW_PATH_MAX];
    struct buf table;

    (void)state;
    for (size_t i = 0; i < sizeof path; i++)
        path[i] = i % 2 == 0 ? '/' : 'a';
    compile(policy, COUNT_OF(policy), &table);
    struct str s = {path, sizeof path};
    assert_int_equal(route_judge(buf_view(&table), STR("GET"), s).c, KW_CLASS_UNLISTED);
    assert_int_equal(route_judge(buf_view(&table), STR("OPTIONS"), s).c, KW_CLASS_PUBLIC);
    buf_deinit(&table);
}

/* 4,096 routes below one node: enough for hashes of 32 bits to be searched, and the maximum. */
static void route_compile_takes_4096_routes_and_no_more(void **state)
{
    static struct route routes[ROUTE_MAX + 1];
    static char texts[ROUTE_MAX + 1][32];
    char why[160] = "";
    struct buf table;
    size_t bad = 0;

    (void)state;
    for (size_t i = 0; i <= ROUTE_MAX; i++) {
        int n = snprintf(texts[i], sizeof texts[i], "GET /item%zu", i);
        routes[i] = (struct route){KW_CLASS_READ, {texts[i], (size_t)n}};
    }
    compile(routes, ROUTE_MAX, &table);
    for (size_t i = 0; i <= ROUTE_MAX; i++) {
        struct str path = {routes[i].text.p + 4, routes[i].text.n - 4};
        struct route_match match = route_judge(buf_view(&table), STR("GET"), path);
        assert_int_equal(match.number, i < ROUTE_MAX ? i + 1 : 0);
        assert_int_equal(match.c, i < ROUTE_MAX ? KW_CLASS_READ : KW_CLASS_UNLISTED);
    }
    assert_err(route_compile(routes, ROUTE_MAX + 1, &table, &bad, why), KW_ERANGE);
    assert_int_equal(bad, ROUTE_MAX);
    buf_deinit(&table);
}

static void route_compile_says_when_the_table_would_be_too_large(void **state)
{
    struct buf table = BUF_MAX(64);
    char why[160] = "";
    size_t bad = 0;

    (void)state;
    assert_err(route_compile(policy, COUNT_OF(policy), &table, &bad, why), KW_ERANGE);
    assert_int_equal(table.n, 0);
    buf_deinit(&table);
}

static void route_compile_takes_64_further_methods_and_no_more(void **state)
{
    static struct route routes[ROUTE_MORE_METHODS_MAX + 1];
    static char texts[ROUTE_MORE_METHODS_MAX + 1][16];
    char why[160] = "";
    struct buf table;
    size_t bad = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(routes); i++) {
        int n = snprintf(texts[i], sizeof texts[i], "M%c%c /x", (char)('A' + i / 26),
                         (char)('A' + i % 26));
        routes[i] = (struct route){KW_CLASS_READ, {texts[i], (size_t)n}};
    }
    compile(routes, ROUTE_MORE_METHODS_MAX, &table);
    for (size_t i = 0; i < ROUTE_MORE_METHODS_MAX; i++)
        assert_int_equal(route_judge(buf_view(&table), (struct str){texts[i], 3}, STR("/x")).number,
                         i + 1);
    assert_int_equal(route_judge(buf_view(&table), STR("MCM"), STR("/x")).c, KW_CLASS_DENY);
    assert_err(route_compile(routes, COUNT_OF(routes), &table, &bad, why), KW_ERANGE);
    assert_int_equal(bad, ROUTE_MORE_METHODS_MAX);
    buf_deinit(&table);
}

/* ---- segments of one hash ---- */

static struct {
    uint32_t hash, i;
} seen[1 << 18];

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, sizeof seen[0]);
}

/* Two names, of four letters and more, whose hashes are the same. */
static void find_two_alike(char a[16], char b[16])
{
    for (uint32_t i = 0; i < COUNT_OF(seen); i++) {
        seen[i].hash =
            route_hash((struct str){a, (size_t)snprintf(a, 16, "s%u-%08x", i, i * 2654435761u)});
        seen[i].i = i;
    }
    qsort(seen, COUNT_OF(seen), sizeof seen[0], by_hash);
    for (size_t i = 1; i < COUNT_OF(seen); i++)
        if (seen[i - 1].hash == seen[i].hash) {
            snprintf(a, 16, "s%u-%08x", seen[i - 1].i, seen[i - 1].i * 2654435761u);
            snprintf(b, 16, "s%u-%08x", seen[i].i, seen[i].i * 2654435761u);
            return;
        }
    fail_msg("no two names of one hash");
}

static void route_judge_tells_segments_of_one_hash_apart(void **state)
{
    char a[16], b[16], texts[2][32];
    struct route routes[2];
    struct buf table;

    (void)state;
    find_two_alike(a, b);
    for (size_t i = 0; i < 2; i++) {
        int n = snprintf(texts[i], sizeof texts[i], "GET /%s", i == 0 ? a : b);
        routes[i] = (struct route){i == 0 ? KW_CLASS_READ : KW_CLASS_MANAGE, {texts[i], (size_t)n}};
    }
    for (size_t n = 1; n <= 2; n++) {
        compile(routes, n, &table);
        for (uint32_t i = 0; i < 2; i++) {
            struct str path = {texts[i] + 4, strlen(texts[i]) - 4};
            assert_int_equal(route_judge(buf_view(&table), STR("GET"), path).number,
                             i < n ? i + 1 : 0);
        }
        buf_deinit(&table);
    }
}

int main(void)
{
    SUITE_ROWS(route_judge_finds_the_most_specific_line, judged);
    SUITE_TEST(route_judge_without_a_policy_lists_nothing);
    SUITE_ROWS(route_compile_rejects, rejects);
    SUITE_TEST(route_compile_rejects_what_is_too_long);
    SUITE_TEST(route_compile_takes_64_segments_and_no_more);
    SUITE_TEST(B9_a_thousand_segments_cost_no_more_than_the_policy_is_deep);
    SUITE_TEST(route_compile_takes_4096_routes_and_no_more);
    SUITE_TEST(route_compile_says_when_the_table_would_be_too_large);
    SUITE_TEST(route_compile_takes_64_further_methods_and_no_more);
    SUITE_TEST(route_judge_tells_segments_of_one_hash_apart);
    return suite_run("core/route");
}
