/* authorize_out.h - a decision as a backend reads it. */
#ifndef API_AUTHORIZE_OUT_H
#define API_AUTHORIZE_OUT_H

#include <keyward/keyward.h>

#include "json/json_out.h"

/* What to do, in words that the client may be told; whose key it is, once that has been proved; where its limits stand.
 * NULL: out of memory. */
json_t *authorize_out(const struct kw_decision *d, const struct kw_request *r);

#endif
