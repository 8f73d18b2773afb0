/* moment.h - a moment as people write it: RFC 3339, in UTC. */
#ifndef CORE_MOMENT_H
#define CORE_MOMENT_H

#include "base/str.h"

enum { MOMENT_LEN = 20 };

/* "2026-01-31T12:34:56Z", or "2026-01-31" for the first second of that day; upper-case T and Z, no
 * fractions, no other zones. KW_ESYNTAX for another form; KW_ERANGE for a day or time that does not
 * exist, or a year before 1970. */
enum kw_err moment_parse(struct str text, int64_t *out_ms);

/* Writes "2026-01-31T12:34:56Z", terminated; milliseconds are cut off. Moments outside of the years
 * 1970 to 9999 are written as the nearest of these. */
void moment_print(int64_t ms, char out[MOMENT_LEN + 1]);

#endif
