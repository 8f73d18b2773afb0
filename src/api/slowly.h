/* slowly.h - a call that takes long is answered in a thread of its own, while its connection rests and all others are served. */
#ifndef API_SLOWLY_H
#define API_SLOWLY_H

#include "server/call.h"

/* `work` is the handler, and has the call to itself; it asks worker_is_over now and then. 503 busy, with Retry-After: too many
 * wait. */
enum kw_err slowly(struct call *c, call_handler *work) MUST_USE;

/* The same where something is to be changed by what was found: `then` is called in the thread that answers, after who asks has been looked
 * at once more. What `work` leaves in c->answer, with no status, is for it. */
enum kw_err slowly_then(struct call *c, call_handler *work, call_handler *then) MUST_USE;

#endif
