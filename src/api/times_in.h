/* times_in.h - "from" and "until" of a query: a stretch of time, as people write it. */
#ifndef API_TIMES_IN_H
#define API_TIMES_IN_H

#include "server/call.h"

/* Microseconds since 1970; what is not given is left as it is. 400, naming the parameter. */
enum kw_err times_in(struct call *c, int64_t *from_us, int64_t *until_us) MUST_USE;

#endif
