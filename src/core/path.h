/* path.h - the one way to read a request's path, or a refusal. */
#ifndef CORE_PATH_H
#define CORE_PATH_H

#include <keyward/keyward.h>

#include "base/str.h"

/* Splits a request target at its first '?': *query is what follows, {NULL, 0} when there is none.
 */
void path_split(struct str target, struct str *path, struct str *query);

/* Checks that a path, as the client sent it, can be read in one way only, and decodes it once.
 * Refused (KW_ESYNTAX): not beginning with '/'; longer than KW_PATH_MAX; "//"; ';', '\', '#',
 * controls and DEL, and a '?' (path_split comes first); a segment that is "." or ".." in any
 * spelling; '%' not before two hex digits; %-encoded '/', '\', ';', '?',
 * '#', controls and DEL, and '%' when two hex digits, in any spelling, follow its encoding; what is
 * not valid UTF-8 once decoded (overlong forms and surrogates included, RFC 3629). Other characters
 * may be encoded or not. *out is the decoded path: raw itself where nothing was encoded, else in
 * buf. */
enum kw_err path_read(struct str raw, char buf[KW_PATH_MAX], struct str *out);

/* Whether a path is one that path_read can have decoded: what a policy must be written in. */
bool path_is_decoded(struct str path);

#endif
