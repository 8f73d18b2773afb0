/* utf8.h - whether bytes are text (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/* Reads one character of valid UTF-8 at *i (which is inside of s) and moves *i behind it. False,
 * and nothing changed, when there is none. */
bool utf8_next(struct str s, size_t *i, uint32_t *out);

/* Valid UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF. */
bool utf8_valid(struct str s);

/* Valid, and nothing in it that could move a cursor or break a line: no C0 or C1 control, no DEL,
 * no U+2028, U+2029, no byte order mark, no bidirectional control. */
bool utf8_printable(struct str s);

/* The beginning of s, at most max bytes, that does not end inside of a character. */
struct str utf8_cut(struct str s, size_t max);

#endif
