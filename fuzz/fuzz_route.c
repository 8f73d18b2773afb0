/* fuzz_route.c - a policy of one line each: a literal line answers for its own path, and a damaged
 * table only denies. */
#include "core/route_table.h"
#include "fuzz.h"

enum { LINES = 64 };

static size_t lines_of(struct str text, struct route routes[LINES])
{
    size_t n = 0;

    for (bool more = true; more && n < LINES; n++) {
        routes[n] =
            (struct route){.c = (enum kw_class)(KW_CLASS_READ + n % KW_CLASS_DENY), .text = text};
        more = str_cut(text, '\n', &routes[n].text, &text);
    }
    return n;
}

static void judge_all(struct str table, const struct route *routes, size_t n, bool damaged)
{
    for (size_t i = 0; i < n; i++) {
        struct str method, path;
        MUST(str_cut(routes[i].text, ' ', &method, &path));
        bool literal = memchr(path.p, '{', path.n) == NULL && memchr(path.p, '*', path.n) == NULL;
        struct route_match match = route_judge(table, method, path);
        MUST((damaged && match.c == KW_CLASS_DENY) || !literal ||
             (match.number == i + 1 && match.c == routes[i].c));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    AUTO(buf_deinit) struct buf table = BUF_MAX(ROUTE_TABLE_MAX);
    struct str text = {(const char *)data, n};
    struct route routes[LINES];
    size_t bad = SIZE_MAX;
    char why[160] = "";

    MUST(route_judge(text, STR("GET"), STR("/")).c == (n == 0 ? KW_CLASS_UNLISTED : KW_CLASS_DENY));
    size_t n_lines = lines_of(text, routes);
    if (route_compile(routes, n_lines, &table, &bad, why) != KW_OK) {
        MUST(bad < n_lines && why[0] != '\0' && table.n == 0);
        return 0;
    }
    MUST(route_table_check(buf_view(&table)) == KW_OK);
    judge_all(buf_view(&table), routes, n_lines, false);
    for (size_t i = n % 7; i < table.n; i += 7) {
        table.p[i] = (char)(table.p[i] ^ (1 << i % 8));
        MUST(route_table_check(buf_view(&table)) == KW_EDAMAGED);
        judge_all(buf_view(&table), routes, n_lines, true);
        table.p[i] = (char)(table.p[i] ^ (1 << i % 8));
    }
    return 0;
}
