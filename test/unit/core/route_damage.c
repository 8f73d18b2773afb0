/* route_damage.c - a damaged route table: the right answer or a denial, never another. */
#include <stdlib.h>

#include "core/route.h"
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

static const struct {
    struct str method, path;
} requests[] = {
    {STR_INIT("GET"), STR_INIT("/public/x")},
    {STR_INIT("POST"), STR_INIT("/pay/x")},
    {STR_INIT("GET"), STR_INIT("/pay/x")},
    {STR_INIT("GET"), STR_INIT("/wallet/deposit/status/all")},
    {STR_INIT("GET"), STR_INIT("/wallet/deposit/status/r-1")},
    {STR_INIT("POST"), STR_INIT("/wallet/deposit/authorize")},
    {STR_INIT("POST"), STR_INIT("/wallet/deposit/other")},
    {STR_INIT("HEAD"), STR_INIT("/secret")},
    {STR_INIT("GET"), STR_INIT("/a/b/c")},
    {STR_INIT("GET"), STR_INIT("/a/x/y/d")},
    {STR_INIT("PROPFIND"), STR_INIT("/dav/x")},
    {STR_INIT("OPTIONS"), STR_INIT("/nowhere")},
    {STR_INIT("GET"), STR_INIT("/nowhere")},
    {STR_INIT("GET"), STR_INIT("/")},
};

/* The right answer, or deny; never another class, nor the right one with another line. */
static void right_or_denied(struct str damaged, struct str whole)
{
    for (size_t i = 0; i < COUNT_OF(requests); i++) {
        struct route_match want = route_judge(whole, requests[i].method, requests[i].path);
        struct route_match got = route_judge(damaged, requests[i].method, requests[i].path);
        if (got.c != KW_CLASS_DENY) {
            assert_int_equal(got.c, want.c);
            assert_int_equal(got.number, want.number);
        }
    }
}

static void X11_every_byte_of_the_table_changed_to_every_value_opens_nothing(void **state)
{
    struct buf table;

    (void)state;
    compile(policy, COUNT_OF(policy), &table);
    AUTO(buf_deinit) struct buf copy = BUF_MAX(ROUTE_TABLE_MAX);
    buf_str(&copy, buf_view(&table));
    for (size_t i = 0; i < table.n; i++) {
        char was = copy.p[i];
        for (int change = 1; change < 256; change++) {
            copy.p[i] = (char)(was ^ change);
            right_or_denied(buf_view(&copy), buf_view(&table));
            assert_err(route_table_check(buf_view(&copy)), KW_EDAMAGED);
        }
        copy.p[i] = was;
    }
    assert_ok(route_table_check(buf_view(&copy)));
    buf_deinit(&table);
}

static void X11_a_table_of_another_length_opens_nothing(void **state)
{
    struct buf table;

    (void)state;
    compile(policy, COUNT_OF(policy), &table);
    size_t whole = table.n;
    buf_add(&table, "\0\0\0\0\0\0\0", 8);
    for (size_t n = 1; n <= table.n; n++) {
        if (n == whole)
            continue;
        struct str cut = {table.p, n};
        assert_err(route_table_check(cut), KW_EDAMAGED);
        for (size_t i = 0; i < COUNT_OF(requests); i++)
            assert_int_equal(route_judge(cut, requests[i].method, requests[i].path).c, KW_CLASS_DENY);
    }
    buf_deinit(&table);
}

static void X11_pieces_exchanged_open_nothing(void **state)
{
    struct buf table;

    (void)state;
    srandom(1);
    compile(policy, COUNT_OF(policy), &table);
    AUTO(buf_deinit) struct buf copy = BUF_MAX(ROUTE_TABLE_MAX);
    for (int round = 0; round < 20000; round++) {
        copy.n = 0;
        buf_str(&copy, buf_view(&table));
        size_t n = 4 * (size_t)(1 + random() % 15),
               from = 4 * ((size_t)random() % ((table.n - n) / 4));
        size_t to = 4 * ((size_t)random() % ((table.n - n) / 4));
        memcpy(copy.p + to, table.p + from, n);
        right_or_denied(buf_view(&copy), buf_view(&table));
    }
    buf_deinit(&table);
}

int main(void)
{
    SUITE_TEST(X11_every_byte_of_the_table_changed_to_every_value_opens_nothing);
    SUITE_TEST(X11_a_table_of_another_length_opens_nothing);
    SUITE_TEST(X11_pieces_exchanged_open_nothing);
    return suite_run("core/route_damage");
}
