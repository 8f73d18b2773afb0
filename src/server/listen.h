/* listen.h - a unix socket that only the right ones can open. */
#ifndef SERVER_LISTEN_H
#define SERVER_LISTEN_H

#include <sys/types.h>

#include "base/str.h"

/* The id of a group. KW_ENOTFOUND. */
enum kw_err listen_group(const char *name, gid_t *out) MUST_USE;

/* The id of a user. KW_ENOTFOUND. */
enum kw_err listen_user(const char *name, uid_t *out) MUST_USE;

/* A listening socket at a path, mode 0660, of the given group (PEER_NO_GROUP of peer.h: left as it
 * is). A socket that is there already is replaced: the caller holds the lock that says nobody
 * listens on it; anything else there is KW_EEXISTS. KW_ERANGE (path too long), KW_EPERM,
 * KW_ENOTFOUND (no folder), KW_EIO. */
enum kw_err listen_unix(const char *path, gid_t group, int *fd) MUST_USE;

#endif
