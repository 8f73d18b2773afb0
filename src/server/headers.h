/* headers.h - the headers of a request that we read, each at most once. */
#ifndef SERVER_HEADERS_H
#define SERVER_HEADERS_H

#include <microhttpd.h>

#include <keyward/keyward.h>

#include "json/problem.h"

/* A header by its name, in any letter case. {NULL, 0}: it has not come. It came twice: 400 bad_header. */
enum kw_err header_once(struct MHD_Connection *connection, const char *name, struct problem *p,
                        struct str *out) MUST_USE;

/* The first `max` of a header that may come again; returns how many there are, max at most. */
size_t header_all(struct MHD_Connection *connection, const char *name, size_t max,
                  struct kw_str *out);

/* The value of one cookie, as it was sent. {NULL, 0}: it has not come. It came twice, or in two headers: 400 bad_header.
 * RFC 6265, 4.2: names in exactly this letter case, a "; " between two. */
enum kw_err header_cookie(struct MHD_Connection *connection, const char *name, struct problem *p,
                          struct str *out) MUST_USE;

/* What stands behind "Bearer " in Authorization (RFC 6750, 2.1). {NULL, 0}: there is no such header. Another scheme: 401. */
enum kw_err header_bearer(struct MHD_Connection *connection, struct problem *p,
                          struct str *out) MUST_USE;

#endif
