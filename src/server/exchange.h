/* exchange.h - one HTTP request on its way to a call: what is refused before a handler sees it. */
#ifndef SERVER_EXCHANGE_H
#define SERVER_EXCHANGE_H

#include "server/authenticate.h"

/* A body up to here is read to its end, though not kept, so that its sender can read the refusal. */
enum { EXCHANGE_BODY_MAX = 16 * JSON_BODY_MAX };

struct exchange {
    struct call call;
    struct MHD_Connection *connection; /* borrows both */
    const struct door *door;
    bool is_waiting;
    const struct api_route *route;
    bool is_framed; /* where its body ends is beyond doubt */
    struct buf body;
    size_t excess; /* bytes of the body that were dropped */
    char request_id[CALL_REQUEST_ID_LEN + 1];
    char allow[ROUTER_ALLOW_MAX]; /* with 405 */
};

enum kw_err exchange_new(struct server *server, struct exchange **out) MUST_USE;
void exchange_free(struct exchange *x); /* takes NULL */

/* What can be said before the body has come: headers, the route, who asks, query. What is wrong is in
 * the call as its problem, and is answered when the body has come, which is dropped: a sender that is
 * cut off while it sends (nginx is one) does not read the answer. An error: to be answered at once,
 * and the connection to be closed, since nobody can tell where the body ends. */
enum kw_err exchange_begin(struct exchange *x, struct MHD_Connection *connection, struct str method,
                           struct str path, const struct door *door) MUST_USE;

void exchange_add(struct exchange *x, const char *bytes, size_t n); /* a piece of the body */

/* The body, and the handler, unless it is refused already. On an error the problem is in the call. */
enum kw_err exchange_finish(struct exchange *x) MUST_USE;

/* Whether the handler needs work of another thread (struct call_wait) before there is an answer. exchange_start hands it
 * over; with an error, which is then in the call, done is never called. exchange_go_on is for when it was, or when there
 * was an error: afterwards there is an answer. */
bool exchange_waits(const struct exchange *x);
enum kw_err exchange_start(struct exchange *x, call_done *done, void *ctx) MUST_USE;
enum kw_err exchange_go_on(struct exchange *x) MUST_USE;

#endif
