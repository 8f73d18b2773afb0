/* quote.h - text as a JSON string (RFC 8259 section 7), whatever bytes are in it. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/str.h"

enum { QUOTE_PIECE_MAX = 12 };

/* The character at *i as it stands between the quotes; moves *i behind it and returns its length. '"', '\' and all that
 * is not utf8_printable are escaped; a byte that is not part of valid UTF-8 becomes U+FFFD. The caller has seen that
 * *i < s.n. */
size_t quote_next(struct str s, size_t *i, char out[QUOTE_PIECE_MAX]);

/* Writes s with its quotes. What does not fit into cap bytes is cut, but the string is always
 * closed and terminated (cap >= 3). Returns the length without the terminator. */
size_t quote_json(struct str s, char *out, size_t cap);

#endif
