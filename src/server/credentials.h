/* credentials.h - from a session's cookie or a management token to what its holder may do now. */
#ifndef SERVER_CREDENTIALS_H
#define SERVER_CREDENTIALS_H

#include "server/call.h"

/* What a member may do is looked up with each call: a role that was taken is gone at once. All fill in *out, or leave it as
 * it is. KW_ENOTFOUND: unknown, wrong, ended, revoked, expired, or its member is not active any more. */

/* The session of a cookie, which is seen by that, and its copy, for the token against forgery: wipe it. */
enum kw_err credential_session(struct call *call, struct str cookie, struct session *session,
                               struct caller *out) MUST_USE;

/* The management token of a text. Its use is noted; that it does not hold is put on the record. */
enum kw_err credential_token(struct call *call, struct str text, struct caller *out) MUST_USE;

/* A member, as he is in the store. */
enum kw_err credential_member(const struct member *m, struct caller *out) MUST_USE;

#endif
