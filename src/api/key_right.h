/* key_right.h - what a caller may do to a key, beyond what its route asks for. */
#ifndef API_KEY_RIGHT_H
#define API_KEY_RIGHT_H

#include "core/grant.h"
#include "server/call.h"

/* Any change of a key: one of production needs the scope keys:production as well (403). */
enum kw_err key_right_touch(struct call *c, const struct grant *g) MUST_USE;

/* What a new or changed key may become (403 scope_missing, step_up_required). A production key that moves money or may do
 * everything, and addresses that are let in, need a fresh one-time password of a member. before NULL: it is new. */
enum kw_err key_right_become(struct call *c, const struct grant *before,
                             const struct grant *after) MUST_USE;

/* The same of what it may spend: `loosens` says whether it may then do something that it may not now. */
enum kw_err key_right_spend(struct call *c, const struct grant *g, bool loosens) MUST_USE;

#endif
