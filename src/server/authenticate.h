/* authenticate.h - finds out who makes a call: by its socket, its session, or its token. */
#ifndef SERVER_AUTHENTICATE_H
#define SERVER_AUTHENTICATE_H

#include <microhttpd.h>
#include <sys/types.h>

#include "server/router.h"

/* The socket that a request came by. Zero is the one on which nobody is known by his uid. */
enum door_kind { DOOR_HTTP = 0, DOOR_ADMIN = 1 };
struct door {
    enum door_kind kind;
    gid_t admin_group;     /* of DOOR_ADMIN; PEER_NO_GROUP: none */
    const uid_t *backends; /* of DOOR_HTTP: who may ask for decisions by his uid; borrowed */
    size_t n_backends;
};

/* Fills in the caller, and where he is, and refuses him where the route is not for him:
 *   400 ambiguous_credentials   a session and a token
 *   401 unauthenticated   nobody is known
 *   403 permission        on admin.sock, a user who may not administer
 *   403 scope_missing     he is known and may not do this
 *   403 members_only      the route is about who is signed in, and he is not by a session
 *   403 cross_site        a browser was made to send this by another site's page
 *   403 csrf_token        a session changes something without the token that only a page of ours knows */
enum kw_err authenticate(struct call *call, struct MHD_Connection *connection,
                         const struct door *door, const struct api_route *route) MUST_USE;

#endif
