/* freeze_in.h - what is to be frozen or thawed, as it is asked for, and whether the caller may. */
#ifndef API_FREEZE_IN_H
#define API_FREEZE_IN_H

#include "core/grant.h"
#include "server/call.h"

struct freeze_asked {
    enum freeze frozen;
    struct str why; /* borrows from the body; {NULL, 0}: none was given */
};

/* {"frozen":"nothing|transact|all","reason":"…"}. 400. */
enum kw_err freeze_in(struct call *c, struct freeze_asked *out) MUST_USE;

/* Puts what is asked for in the place of what there is; *is_new: it says anything new. Freezing is for whoever may change the
 * thing; what an operator froze, no account undoes: 403 rank. */
enum kw_err freeze_apply(struct call *c, const struct freeze_asked *asked, enum freeze *frozen,
                         struct freeze_note *note, bool *is_new) MUST_USE;

/* Whether it lets anything pass that was frozen before. */
static inline bool freeze_is_less(enum freeze after, enum freeze before)
{
    return ((unsigned)after & (unsigned)before) != (unsigned)before;
}

#endif
