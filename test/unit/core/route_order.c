/* route_order.c - which of several lines decides: the compiled policy against a judge that tries
 * every line. */
#include <stdio.h>
#include <stdlib.h>

#include "core/route_table.h"
#include "suite.h"

static char fit_of(struct str want)
{
    if (str_eq(want, STR("**")))
        return '1';
    return want.n > 0 && want.p[0] == '{' ? '2' : '3';
}

/* How a pattern fits, segment by segment, as digits: a greater text is a more specific fit. */
static bool fits(struct str pattern, struct str path, struct buf *how)
{
    struct str want, have;

    for (;;) {
        bool more = route_segment(&pattern, &want), more_path = route_segment(&path, &have);
        if (!more || !more_path)
            return more == more_path;
        char fit = fit_of(want);
        buf_add(how, &fit, 1);
        if (fit == '1')
            return true;
        if (fit == '2' ? have.n == 0 : !str_eq(want, have))
            return false;
    }
}

static bool is_greater(struct str a, struct str b)
{
    int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

    return order > 0 || (order == 0 && a.n > b.n);
}

static uint32_t judge_slowly(const struct route *routes, uint32_t n, struct str method,
                             struct str path)
{
    AUTO(buf_deinit) struct buf best = BUF_MAX(64), how = BUF_MAX(64);
    uint32_t number = 0;

    buf_str(&best, STR("0"));
    for (uint32_t i = 0; i < n; i++) {
        struct str has, pattern;
        assert_true(str_cut(routes[i].text, ' ', &has, &pattern));
        bool same = str_eq(has, method),
             as_get = str_eq(method, STR("HEAD")) && str_eq(has, STR("GET"));
        how.n = 0;
        if (!(same || as_get) || !fits(pattern, path, &how))
            continue;
        buf_str(&how, same ? STR("2") : STR("1"));
        if (is_greater(buf_view(&how), buf_view(&best))) {
            best.n = 0;
            buf_str(&best, buf_view(&how));
            number = i + 1;
        }
    }
    return number;
}

static size_t random_path(char *to, bool is_pattern)
{
    static const char *const segments[] = {"/a", "/b", "/ab", "/", "/{x}", "/**"};
    size_t n = 0;

    for (long left = 1 + random() % 4; left > 0; left--) {
        const char *s = segments[random() % (is_pattern ? 6 : 3)];
        for (; *s != '\0'; s++)
            to[n++] = *s;
    }
    if (!is_pattern && random() % 4 == 0)
        to[n++] = '/';
    return n;
}

static void route_judge_agrees_with_a_judge_that_tries_every_line(void **state)
{
    static const char *const methods[] = {"GET ", "HEAD ", "POST "};
    struct route routes[12];
    char texts[12][40], path[40], why[160];
    size_t bad;

    (void)state;
    srandom(2);
    for (int round = 0; round < 20000; round++) {
        AUTO(buf_deinit) struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
        uint32_t n = 0;
        for (int tries = 0; tries < 12; tries++) { /* only those that compile beside the others stay */
            size_t len = (size_t)snprintf(texts[n], 8, "%s", methods[random() % 3]);
            len += random_path(texts[n] + len, true);
            routes[n] = (struct route){KW_CLASS_READ, {texts[n], len}};
            table.n = 0;
            n += route_compile(routes, n + 1, &table, &bad, why) == KW_OK;
        }
        table.n = 0;
        assert_ok(route_compile(routes, n, &table, &bad, why));
        for (int i = 0; i < 20; i++) {
            struct str s = {path, random_path(path, false)};
            struct str method = str_trim(str_from(methods[random() % 3]));
            assert_int_equal(route_judge(buf_view(&table), method, s).number,
                             judge_slowly(routes, n, method, s));
        }
    }
}

int main(void)
{
    SUITE_TEST(route_judge_agrees_with_a_judge_that_tries_every_line);
    return suite_run("core/route_order");
}
