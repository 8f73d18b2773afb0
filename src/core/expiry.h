/* expiry.h - when a key is to end, as it is asked for. */
#ifndef CORE_EXPIRY_H
#define CORE_EXPIRY_H

#include "base/str.h"

enum { EXPIRY_DAYS_MAX = 3653 }; /* ten years */

#define EXPIRY_FORMS "\"90d\", \"2030-01-31\", \"2030-01-31T12:00:00Z\" or \"never\""

/* "90d": that many days from now; a moment (see moment.h); "never", which is 0. KW_ESYNTAX for
 * another form; KW_ERANGE for what is not in the future, or more than EXPIRY_DAYS_MAX away. Whole
 * seconds. */
enum kw_err expiry_parse(struct str text, int64_t now_ms, int64_t *out_ms);

#endif
