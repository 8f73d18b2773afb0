/* router.h - which handler answers which method and path, and who may ask. */
#ifndef SERVER_ROUTER_H
#define SERVER_ROUTER_H

#include "server/call.h"

/* CALLER_ADMIN: on admin.sock alone, root, the user that keyward serve runs as, or a member of
 * admin_group. CALLER_BACKEND: these, and on http.sock one of authorize_users. CALLER_ANYONE:
 * whoever can reach either socket, which is, by way of nginx and http.sock, the world. */
enum caller { CALLER_ADMIN = 0, CALLER_BACKEND = 1, CALLER_ANYONE = 2 };

enum body_kind { BODY_NONE = 0, BODY_OBJECT = 1 };

struct api_route {
    const char *method, *path; /* "{id}" stands for any one non-empty segment */
    enum body_kind body;
    enum caller caller;
    call_handler *handler;
};

extern const struct api_route api_routes[]; /* ends with a method of NULL */

/* The route of a method and path, and what stood for {id}. KW_ENOTFOUND: no route has this path.
 * KW_EINVAL: some have, but with other methods, which are then in allow ("GET, POST"). */
enum { ROUTER_ALLOW_MAX = 64 };
enum kw_err router_find(struct str method, struct str path, const struct api_route **route,
                        struct str *id, char allow[ROUTER_ALLOW_MAX]) MUST_USE;

#endif
