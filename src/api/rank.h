/* rank.h - who may touch whom: nobody gives what he has not, and nobody touches who is above him. */
#ifndef API_RANK_H
#define API_RANK_H

#include "server/call.h"

/* Whether the caller may make somebody this, or do something to who is: 403 rank. A token has to have every scope that goes
 * with it: one for inviting people makes nobody who can do more than it. */
enum kw_err rank_covers(struct call *c, enum role role, bool is_operator) MUST_USE;

#endif
