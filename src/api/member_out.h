/* member_out.h - a member as JSON: what others of his account may see. */
#ifndef API_MEMBER_OUT_H
#define API_MEMBER_OUT_H

#include "core/member.h"
#include "server/call.h"

json_t *member_out(const struct member *m); /* NULL: out of memory */

/* The same with his last sign-in, as the answer to a call about him, which gets his version as its tag. */
enum kw_err member_answer(struct call *c, const struct member *m) MUST_USE;

#endif
