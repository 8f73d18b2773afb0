/* same_site.c - see same_site.h. */
#include "server/same_site.h"

static bool is_own_origin(const struct site_signs *s)
{
    struct str rest = s->origin;

    if (s->host.n == 0 || !str_starts(rest, STR("https://")))
        return false;
    rest.p += 8;
    rest.n -= 8;
    return str_eq(rest, s->host);
}

enum site_verdict same_site(const struct site_signs *s)
{
    bool fetched = s->fetch_site.p != NULL, has_origin = s->origin.p != NULL;

    if (!fetched && !has_origin)
        return SITE_SILENT;
    if (fetched && !str_eq(s->fetch_site, STR("same-origin")))
        return SITE_CROSS;
    return has_origin && is_own_origin(s) ? SITE_SAME : SITE_CROSS;
}

bool same_site_may_read(const struct site_signs *s)
{
    return s->fetch_site.p == NULL || str_eq(s->fetch_site, STR("same-origin")) ||
           str_eq(s->fetch_site, STR("none"));
}
