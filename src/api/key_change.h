/* key_change.h - a key of a call is changed as a body says, wherever that body comes from. */
#ifndef API_KEY_CHANGE_H
#define API_KEY_CHANGE_H

#include "core/grant.h"
#include "server/call.h"

/* Where a step leads the key; 409 where it leads nowhere any more. */
enum kw_err key_change_step(struct call *c, const struct grant *g, enum key_step step,
                            enum key_state *to) MUST_USE;

/* Changes the key of the path by a body of PATCH, if it is of the version of If-Match and the caller may; answers with the key. */
enum kw_err key_change(struct call *c, const json_t *body) MUST_USE;

#endif
