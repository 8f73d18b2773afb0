/* utf8.h - whether bytes are text (RFC 3629). */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include "base/str.h"

/* Valid UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF. */
bool utf8_valid(struct str s);

/* Valid, and nothing in it that could move a cursor or break a line: no C0 or C1 control, no DEL,
 * no U+2028, U+2029, no byte order mark, no bidirectional control. */
bool utf8_printable(struct str s);

#endif
