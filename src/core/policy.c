/* policy.c - see policy.h. */
#include "core/policy.h"

#include "core/permission.h"

enum kw_err policy_read(struct str document, struct route routes[ROUTE_MAX], size_t *n)
{
    struct str line, name;
    size_t count = 0;

    while (str_cut(document, '\n', &line, &document)) {
        struct route r;
        if (count == ROUTE_MAX)
            return KW_ERANGE;
        if (!str_cut(line, ' ', &name, &r.text))
            return KW_ESYNTAX;
        TRY(class_parse(name, &r.c));
        routes[count++] = r;
    }
    if (document.n > 0)
        return KW_ESYNTAX;
    *n = count;
    return KW_OK;
}

void policy_add(struct buf *document, const struct route *r)
{
    if (r->text.n > 0 && memchr(r->text.p, '\n', r->text.n) != NULL)
        document->failed = true;
    buf_printf(document, "%s ", class_name(r->c));
    buf_str(document, r->text);
    buf_str(document, STR("\n"));
}

enum kw_err policy_compile(struct str document, struct buf *out)
{
    struct route routes[ROUTE_MAX];
    size_t n, bad;
    char why[160];

    TRY(policy_read(document, routes, &n));
    return route_compile(routes, n, out, &bad, why);
}
