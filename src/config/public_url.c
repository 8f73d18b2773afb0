/* public_url.c - see public_url.h. */
#include "config/public_url.h"

#include <stdio.h>

#include "core/authority.h"

enum kw_err public_url_check(struct str url)
{
    struct authority a;
    struct str scheme;

    if (url.n > PUBLIC_URL_MAX)
        return KW_ERANGE;
    TRY(authority_of_url(url, &scheme, &a));
    bool is_safe = str_eq(scheme, STR("https")) || (str_eq(scheme, STR("http")) && a.is_loopback);
    return is_safe ? KW_OK : KW_ESYNTAX;
}

void public_url_link(const char *url, const char *text, char out[PUBLIC_LINK_MAX + 1])
{
    out[0] = '\0';
    if (url[0] != '\0')
        snprintf(out, PUBLIC_LINK_MAX + 1, "%s/accept#%s", url, text);
}
