/* query.c - see query.h. */
#include "server/query.h"

#include "base/utf8.h"

enum { SHOWN_MAX = 40 }; /* bytes of a name that we do not know */

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool decode_one(struct str *rest, char *out)
{
    struct str c, hex;

    if (!str_take(rest, 1, &c))
        return false;
    *out = c.p[0];
    if (c.p[0] != '%')
        return true;
    if (!str_take(rest, 2, &hex) || digit_of(hex.p[0]) < 0 || digit_of(hex.p[1]) < 0)
        return false;
    *out = (char)(digit_of(hex.p[0]) << 4 | digit_of(hex.p[1]));
    return true;
}

static bool decode(struct query *q, struct str raw, struct str *out)
{
    char *begin = q->text + q->used;
    size_t n = 0, room = sizeof q->text - q->used;

    for (struct str rest = raw; rest.n > 0; n++)
        if (n == room || !decode_one(&rest, begin + n))
            return false;
    *out = (struct str){begin, n};
    if (!utf8_printable(*out))
        return false;
    q->used += n;
    return true;
}

enum kw_err query_add(struct query *q, struct str name, struct str value, struct problem *p)
{
    struct str n, v;

    if (q->n == QUERY_PARAMETERS_MAX)
        return problem_say(p, 400, "bad_query", "The query has more than %d parameters",
                           QUERY_PARAMETERS_MAX);
    if (!decode(q, name, &n) || !decode(q, value, &v))
        return problem_say(
            p, 400, "bad_query",
            "The query cannot be read: it is too long, not text, or wrongly encoded");
    for (size_t i = 0; i < q->n; i++)
        if (str_eq(q->parameters[i].name, n))
            return problem_say(p, 400, "bad_query", "A parameter of the query is given twice");
    q->parameters[q->n].name = n;
    q->parameters[q->n].value = v;
    q->n++;
    return KW_OK;
}

static bool is_on(const char *const *names, struct str name)
{
    for (; *names != NULL; names++)
        if (str_eq(str_from(*names), name))
            return true;
    return false;
}

enum kw_err query_only(const struct query *q, const char *const *names, struct problem *p)
{
    for (size_t i = 0; i < q->n; i++) {
        struct str name = q->parameters[i].name;
        if (is_on(names, name))
            continue;
        name = utf8_cut(name, SHOWN_MAX);
        return problem_say(p, 400, "unknown_parameter", "The query knows no parameter \"%.*s\"",
                           (int)name.n, name.p);
    }
    return KW_OK;
}

struct str query_get(const struct query *q, const char *name)
{
    for (size_t i = 0; i < q->n; i++)
        if (str_eq(q->parameters[i].name, str_from(name)))
            return q->parameters[i].value;
    return (struct str){NULL, 0};
}
