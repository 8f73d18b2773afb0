/* headers.c - see headers.h. */
#include "server/headers.h"

#include <strings.h>

struct header { /* looked for by name */
    const char *name;
    struct str value;
    int times;
};

static enum MHD_Result see_header(void *ctx, enum MHD_ValueKind kind, const char *name,
                                  size_t name_n, const char *value, size_t value_n)
{
    struct header *h = ctx;

    (void)kind;
    if (name_n == strlen(h->name) && strncasecmp(name, h->name, name_n) == 0) {
        h->value = (struct str){value == NULL ? "" : value, value_n};
        h->times++;
    }
    return MHD_YES;
}

enum kw_err header_once(struct MHD_Connection *connection, const char *name, struct problem *p,
                        struct str *out)
{
    struct header h = {.name = name, .value = {NULL, 0}};

    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, see_header, &h);
    if (h.times > 1)
        return problem_say(p, 400, "bad_header", "The header %s came twice", name);
    *out = h.value;
    return KW_OK;
}

struct headers { /* looked for by name */
    const char *name;
    size_t n, max;
    struct kw_str *out;
};

static enum MHD_Result see_one_of(void *ctx, enum MHD_ValueKind kind, const char *name,
                                  size_t name_n, const char *value, size_t value_n)
{
    struct headers *h = ctx;

    (void)kind;
    if (name_n == strlen(h->name) && strncasecmp(name, h->name, name_n) == 0 && h->n < h->max)
        h->out[h->n++] = (struct kw_str){value == NULL ? "" : value, value_n};
    return MHD_YES;
}

size_t header_all(struct MHD_Connection *connection, const char *name, size_t max, struct kw_str *out)
{
    struct headers h = {.name = name, .max = max, .out = out};

    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, see_one_of, &h);
    return h.n;
}

enum kw_err header_cookie(struct MHD_Connection *connection, const char *name, struct problem *p,
                          struct str *out)
{
    struct str rest = {NULL, 0}, value = {NULL, 0};

    TRY(header_once(connection, "Cookie", p, &rest));
    while (rest.n > 0) {
        struct str pair = rest, key, text;
        if (!str_cut(rest, ';', &pair, &rest))
            rest = (struct str){NULL, 0};
        if (!str_cut(str_trim(pair), '=', &key, &text) || !str_eq(key, str_from(name)))
            continue;
        if (value.p != NULL)
            return problem_say(p, 400, "bad_header", "The cookie %s came twice", name);
        value = text;
    }
    *out = value;
    return KW_OK;
}

enum kw_err header_bearer(struct MHD_Connection *connection, struct problem *p, struct str *out)
{
    struct str header = {NULL, 0}, scheme, text;

    TRY(header_once(connection, "Authorization", p, &header));
    *out = (struct str){NULL, 0};
    if (header.p == NULL)
        return KW_OK;
    if (!str_cut(header, ' ', &scheme, &text) || scheme.n != 6 ||
        strncasecmp(scheme.p, "Bearer", 6) != 0)
        return problem_say(p, 401, "unauthenticated",
                           "Send a management token as Authorization: Bearer");
    *out = str_trim(text);
    return KW_OK;
}
