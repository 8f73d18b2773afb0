/* authority.c - see authority.h. */
#include "core/authority.h"

enum { HOST_MAX = 253, PORT_MAX = 65535 }; /* RFC 1035, 2.3.4 */

/* Words with one point between each two, none of which begins or ends with '-'. */
static bool is_name(struct str s)
{
    char before = '.';

    if (s.n == 0 || s.n > HOST_MAX || !str_only(s, "abcdefghijklmnopqrstuvwxyz0123456789-."))
        return false;
    for (size_t i = 0; i < s.n; i++) {
        bool is_joint = s.p[i] == '.' || (s.p[i] == '-' && before == '.');
        if (is_joint && (before == '.' || before == '-'))
            return false;
        before = s.p[i];
    }
    return before != '.' && before != '-';
}

static enum kw_err read_port(struct str text, unsigned *out)
{
    uint64_t port;

    if (str_u64(text, PORT_MAX, &port) != KW_OK || port == 0)
        return KW_ERANGE;
    *out = (unsigned)port;
    return KW_OK;
}

/* Behind the '[': the address, and what follows its ']'. */
static enum kw_err read_brackets(struct str text, struct authority *a, struct str *rest)
{
    if (!str_cut(text, ']', &a->host, rest) || a->host.n < 2 || a->host.n > HOST_MAX ||
        !str_only(a->host, "0123456789abcdef:."))
        return KW_ESYNTAX;
    return rest->n == 0 || rest->p[0] == ':' ? KW_OK : KW_ESYNTAX;
}

enum kw_err authority_parse(struct str text, struct authority *out)
{
    struct authority a = {.host = text};
    struct str port = {NULL, 0}, bracket;

    if (str_starts(text, STR("["))) {
        TRY(read_brackets((struct str){text.p + 1, text.n - 1}, &a, &port));
        if (port.n > 0)
            str_take(&port, 1, &bracket);
        else
            port.p = NULL;
    } else {
        str_cut(text, ':', &a.host, &port);
        if (!is_name(a.host))
            return KW_ESYNTAX;
    }
    if (port.p != NULL)
        TRY(read_port(port, &a.port));
    a.is_loopback = str_eq(a.host, STR("localhost")) || str_eq(a.host, STR("127.0.0.1")) ||
                    str_eq(a.host, STR("::1"));
    *out = a;
    return KW_OK;
}

enum kw_err authority_of_url(struct str url, struct str *scheme, struct authority *out)
{
    struct str before, slashes, rest;

    if (!str_cut(url, ':', &before, &rest) || !str_take(&rest, 2, &slashes) ||
        !str_eq(slashes, STR("//")))
        return KW_ESYNTAX;
    TRY(authority_parse(rest, out));
    *scheme = before;
    return KW_OK;
}
