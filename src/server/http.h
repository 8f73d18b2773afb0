/* http.h - HTTP/1.1 on a unix socket: takes calls apart, has them handled, answers. */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include "server/exchange.h"

/* One thread of its own serves all connections of a socket, one call after the other, and their
 * number is limited by socket: whoever fills http.sock does not keep administrators out of
 * admin.sock. libmicrohttpd parses leniently: only local administrators and nginx, which sends clean
 * requests, reach a socket. */
struct http;

struct http_options {
    struct server *server; /* borrows */
    int fd;                /* listening; taken when http_start succeeds */
    struct door door;      /* which socket it is */
};

enum kw_err http_start(const struct http_options *options, struct http **out) MUST_USE;
void http_quiesce(struct http *h); /* no new connections */
void http_stop(struct http *h);    /* waits for the call in hand, then closes all; takes NULL */

#endif
