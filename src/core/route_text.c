/* route_text.c - see route_text.h. */
#include "core/route_text.h"

#include <stdio.h>

#include "core/path.h"

static enum kw_err refuse(char *why, enum kw_err err, const char *text)
{
    snprintf(why, ROUTE_WHY_MAX, "%s", text);
    return err;
}

static enum kw_err method_read(struct route_methods *methods, struct str method, uint16_t *out,
                               char *why)
{
    char name[ROUTE_METHOD_MAX] = {0};

    *out = route_known_method(method);
    if (*out != 0)
        return KW_OK;
    if (method.n == 0 || method.n > sizeof name || !str_only(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"))
        return refuse(why, KW_ESYNTAX, "a method is 1 to 16 capital letters, such as GET");
    memcpy(name, method.p, method.n);
    uint16_t k = 0;
    while (k < methods->n && memcmp(methods->names[k], name, sizeof name) != 0)
        k++;
    if (k == ROUTE_MORE_METHODS_MAX)
        return refuse(why, KW_ERANGE, "there are more than 64 methods of its own in this policy");
    memcpy(methods->names[k], name, sizeof name);
    methods->n = k == methods->n ? (uint16_t)(k + 1) : methods->n;
    *out = (uint16_t)(ROUTE_N_KNOWN + 1 + k);
    return KW_OK;
}

static enum kw_err segment_check(struct str segment, char *why)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

    if (memchr(segment.p, '*', segment.n) != NULL)
        return refuse(why, KW_ESYNTAX, "\"*\" is for \"/**\" at the end only");
    if (memchr(segment.p, '{', segment.n) == NULL && memchr(segment.p, '}', segment.n) == NULL)
        return KW_OK;
    if (segment.n > 2 && route_is_parameter(segment) && segment.p[segment.n - 1] == '}' &&
        str_only((struct str){segment.p + 1, segment.n - 2}, letters))
        return KW_OK;
    return refuse(why, KW_ESYNTAX,
                  "\"{name}\" is a whole segment, its name of letters, digits, _ and -");
}

static enum kw_err path_check(struct route_text *line, char *why)
{
    struct str segment, rest = line->path;

    line->is_literal = true;
    if (!path_is_decoded(rest))
        return refuse(
            why, KW_ESYNTAX,
            "no request can have this path: it is written decoded, from \"/\" on, without "
            "\"//\", \"..\" or a query");
    if (rest.n >= 3 && str_eq((struct str){rest.p + rest.n - 3, 3}, STR("/**"))) {
        line->below = true;
        line->path.n -= 3;
        rest.n -= 3;
    }
    while (route_segment(&rest, &segment)) {
        TRY(segment_check(segment, why));
        line->is_literal &= !route_is_parameter(segment);
        if (++line->n_segments > ROUTE_SEGMENTS_MAX)
            return refuse(why, KW_ERANGE, "the path has more than 64 segments");
    }
    return KW_OK;
}

enum kw_err route_text_read(const struct route *route, uint32_t number, struct route_methods *methods,
                            struct route_text *out, char why[ROUTE_WHY_MAX])
{
    struct route_text line = {.number = number, .c = (uint8_t)route->c};
    struct str method;

    if (route->text.n > ROUTE_TEXT_MAX)
        return refuse(why, KW_ERANGE, "longer than 512 bytes");
    if (route->c <= KW_CLASS_UNLISTED || route->c > KW_CLASS_DENY)
        return refuse(why, KW_ESYNTAX, "its class is none of read, transact, manage, public, deny");
    if (!str_cut(route->text, ' ', &method, &line.path))
        return refuse(why, KW_ESYNTAX, "not of the form \"METHOD /path\"");
    TRY(method_read(methods, method, &line.method, why));
    TRY(path_check(&line, why));
    *out = line;
    return KW_OK;
}
