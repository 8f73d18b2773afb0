/* member_find.h - the member that a call is about. */
#ifndef API_MEMBER_FIND_H
#define API_MEMBER_FIND_H

#include "core/member.h"
#include "server/call.h"

/* The one whom the path names, if he is of the caller's account: 404. */
enum kw_err member_find(struct call *c, struct member *out) MUST_USE;

#endif
