/* member_out.h - a member as JSON: what others of his account may see. */
#ifndef API_MEMBER_OUT_H
#define API_MEMBER_OUT_H

#include "core/member.h"
#include "server/json_out.h"

json_t *member_out(const struct member *m); /* NULL: out of memory */

#endif
