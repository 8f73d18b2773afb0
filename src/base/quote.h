/* quote.h - text as a JSON string (RFC 8259 section 7), whatever bytes are in it. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/str.h"

/* Writes s with its quotes: controls, DEL, '"', '\' and U+2028, U+2029 escaped, each byte that is
 * not part of valid UTF-8 as U+FFFD. What does not fit into cap bytes is cut, but the string is
 * always closed and terminated (cap >= 3). Returns the length without the terminator. */
size_t quote_json(struct str s, char *out, size_t cap);

#endif
