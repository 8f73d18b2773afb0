/* whole.c - see whole.h. */
#include "engine/whole.h"

bool str_is_whole(struct kw_str s)
{
    return s.n == 0 || (s.p != NULL && s.n <= KW_STR_MAX);
}

static bool list_is_whole(const struct kw_str *strings, size_t n)
{
    if (n > 0 && (strings == NULL || n > KW_LIST_MAX))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!str_is_whole(strings[i]))
            return false;
    return true;
}

bool request_is_whole(const struct kw_request *r)
{
    return r != NULL && str_is_whole(r->method) && str_is_whole(r->target) &&
           str_is_whole(r->agent) && str_is_whole(r->key_header) &&
           list_is_whole(r->keys, r->n_keys) && list_is_whole(r->bearers, r->n_bearers) &&
           list_is_whole(r->cookies, r->n_cookies);
}
