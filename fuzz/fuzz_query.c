/* fuzz_query.c - parameters are decoded to printable text, each name once, or refused. */
#include "base/utf8.h"
#include "fuzz.h"
#include "server/query.h"

/* As the server does it: at '&', then at '='. */
static struct str next_parameter(struct str *rest, struct str *value)
{
    struct str one = *rest, name;

    if (!str_cut(*rest, '&', &one, rest))
        *rest = (struct str){NULL, 0};
    name = one;
    *value = (struct str){NULL, 0};
    str_cut(one, '=', &name, value);
    return name;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str rest = {(const char *)data, n};
    struct query q = {.n = 0};

    while (rest.n > 0) {
        struct problem p = {0};
        struct str value, name = next_parameter(&rest, &value);
        size_t before = q.n;
        bool added = query_add(&q, name, value, &p) == KW_OK;
        MUST(added ? q.n == before + 1 : q.n == before && p.status == 400);
    }
    MUST(q.n <= QUERY_PARAMETERS_MAX && q.used <= QUERY_BYTES_MAX);
    for (size_t i = 0; i < q.n; i++) {
        MUST(utf8_printable(q.parameters[i].name) && utf8_printable(q.parameters[i].value));
        for (size_t j = 0; j < i; j++)
            MUST(!str_eq(q.parameters[i].name, q.parameters[j].name));
    }
    return 0;
}
