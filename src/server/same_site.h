/* same_site.h - whether a call that a browser sends comes from our own pages (cross-site request forgery). */
#ifndef SERVER_SAME_SITE_H
#define SERVER_SAME_SITE_H

#include "base/str.h"

/* What a browser says of where a request comes from; {NULL, 0}: it says nothing. */
struct site_signs {
    struct str fetch_site; /* Sec-Fetch-Site (W3C Fetch Metadata) */
    struct str origin;     /* Origin (RFC 6454, 7) */
    struct str host;       /* Host, as the client sent it */
};

enum site_verdict {
    SITE_CROSS = 0, /* another site's page sent it, or nobody can tell */
    SITE_SAME = 1,
    SITE_SILENT = 2, /* no browser, by all signs */
};

/* Of a request that changes something. SITE_SAME needs an Origin that is https:// and our Host, and a Sec-Fetch-Site, where
 * it is sent, of same-origin. One sign that speaks against it is enough. */
enum site_verdict same_site(const struct site_signs *s);

/* Of one that only reads, with a cookie: a page of another site is refused, a typed address is not. */
bool same_site_may_read(const struct site_signs *s);

#endif
