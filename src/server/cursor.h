/* cursor.h - where a list goes on, as text that tells nothing. */
#ifndef SERVER_CURSOR_H
#define SERVER_CURSOR_H

#include "server/call.h"

/* A place in a list is a slot, or a place in the record: it would tell how much there is of other accounts'. So it is sealed,
 * together with the name of the list and the account that the caller sees, and goes on only with these. */

enum { CURSOR_PLACE_MAX = 16, CURSOR_TEXT_MAX = 2 * (CURSOR_PLACE_MAX + BOX_OVERHEAD) };

/* Seals n bytes, at most CURSOR_PLACE_MAX, into text, terminated. KW_ENOMEM, KW_EIO. */
enum kw_err cursor_seal(const struct call *c, const char *list, const void *place, size_t n,
                        char text[CURSOR_TEXT_MAX + 1]) MUST_USE;

/* Reads "cursor" of the query into a place of n bytes, which stays as it is where there is none. KW_ENOMEM; any other text
 * than cursor_seal made for this list and account: 400, which names it. */
enum kw_err cursor_read(struct call *c, const char *list, void *place, size_t n) MUST_USE;

#endif
