/* deadlines.h - how long a caller may take to send a request or to read its answer. */
#ifndef SERVER_DEADLINES_H
#define SERVER_DEADLINES_H

#include <stdint.h>

#include "base/macro.h"

/* libmicrohttpd only knows how long a connection was silent: a byte now and then would hold one of the few for ever. Here
 * each has so long for each step (opened → request received → answer sent → next request received …), then it is shut
 * down, by a thread of our own.
 *
 * Threads   Any. */
struct deadlines;
struct connection_clock; /* of one connection */

enum kw_err deadlines_new(unsigned max, uint64_t step_us, struct deadlines **out) MUST_USE;
void deadlines_free(struct deadlines *d); /* once no connection is open; takes NULL */

/* From when its descriptor is open; NULL: there are more than max. Stop before it is closed. Both others take NULL. */
struct connection_clock *deadlines_start(struct deadlines *d, int fd);
void deadlines_step(struct deadlines *d, struct connection_clock *c);
void deadlines_stop(struct deadlines *d, struct connection_clock *c);

#endif
