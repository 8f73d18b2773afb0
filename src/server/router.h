/* router.h - which handler answers which method and path, and who may ask. */
#ifndef SERVER_ROUTER_H
#define SERVER_ROUTER_H

#include "server/call.h"

/* ASKER_CARRIER: whoever brings a key or a refresh token, which is judged by the call itself, and by no session or management token.
 * ASKER_SCOPE: whoever has the scope of the route. ASKER_MEMBER: a member with a session, about himself. ASKER_ANYONE:
 * whoever can reach a socket, which is, by way of nginx and http.sock, the world; whatever credential comes along is not
 * looked at. ASKER_KNOWN: an administrator of admin.sock, a session or a token, whatever they may do; no backend. */
enum asker {
    ASKER_SCOPE = 0,
    ASKER_MEMBER = 1,
    ASKER_ANYONE = 2,
    ASKER_KNOWN = 3,
    ASKER_CARRIER = 4
};

/* BODY_SIGNED: an object or a list, which its sender has signed: the handler has the bytes, and whose signature it claims.
 * BODY_MAYBE: an object, or nothing, which is an empty one. */
enum body_kind { BODY_NONE = 0, BODY_OBJECT = 1, BODY_SIGNED = 2, BODY_MAYBE = 3 };

struct api_route {
    const char *method, *path; /* "{id}" stands for any one non-empty segment */
    enum body_kind body;
    enum asker asker;
    unsigned scope; /* of ASKER_SCOPE; 0: nobody may */
    call_handler *handler;
};

extern const struct api_route api_routes[]; /* the calls; ends with a method of NULL */
extern const struct api_route page_routes[]; /* the dashboard's: all of them GET, which HEAD may stand for; as well */

/* The route of a method and path, and what stood for {id}. KW_ENOTFOUND: no route has this path.
 * KW_EINVAL: some have, but with other methods, which are then in allow ("GET, POST"). */
enum { ROUTER_ALLOW_MAX = 64 };
enum kw_err router_find(struct str method, struct str path, const struct api_route **route,
                        struct str *id, char allow[ROUTER_ALLOW_MAX]) MUST_USE;

#endif
