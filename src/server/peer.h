/* peer.h - who is at the other end of a unix socket, as the kernel knows it. */
#ifndef SERVER_PEER_H
#define SERVER_PEER_H

#include <sys/types.h>

#include "base/str.h"

enum { PEER_NO_GROUP = -1 };

/* The user id of a connection's other end, when it connected. KW_EPERM: the kernel does not tell.
 */
enum kw_err peer_uid(int fd, uid_t *out) MUST_USE;

/* Whether the other end may administer: it is root, or this process's own user, or was, when it
 * connected, a member of the group (PEER_NO_GROUP: there is none). */
bool peer_is_admin(int fd, gid_t group);

#endif
