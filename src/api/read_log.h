/* read_log.h - puts on the record that a call reads it. */
#ifndef API_READ_LOG_H
#define API_READ_LOG_H

#include "record/reading.h"
#include "server/call.h"

/* Who, from where, with which request id, and the parameters of the query but for where a list goes on; they have been read, so each is what
 * it should be, and what looks like a credential is redacted all the same. Of one session (or token, or user of admin.sock) those alike but
 * for their times are there once in ten minutes; an export (but its pages behind the first), one explained, a policy tried each time. `more` is a parameter that stands in the path;
 * NULL: none. 429: he has had 60 put on the record within a minute, and is to be shown nothing. */
enum kw_err read_log(struct call *c, enum reading_what what, const char *more) MUST_USE;

#endif
