/* http.h - HTTP/1.1 on a unix socket: takes calls apart, has them handled, answers. */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include <sys/types.h>

#include "server/server.h"

/* One thread of its own serves all connections, one call after the other. libmicrohttpd parses
 * leniently: only local administrators and nginx, which sends clean requests, reach the socket. */
struct http;

struct http_options {
    struct server *server; /* borrows */
    int fd;                /* listening; taken when http_start succeeds */
    gid_t admin_group;     /* PEER_NO_GROUP: none */
};

enum kw_err http_start(const struct http_options *options, struct http **out) MUST_USE;
void http_quiesce(struct http *h); /* no new connections */
void http_stop(struct http *h);    /* waits for the call in hand, then closes all; takes NULL */

#endif
