/* mime.h - text as mail carries it: seven bits, short lines, nothing in it that mail would take for its own. */
#ifndef NOTIFY_MIME_H
#define NOTIFY_MIME_H

#include "base/buf.h"

/* A word of a header (RFC 2047, 4.2, "Q", as 5 (3) has it for the names of people): as it is where it consists of ASCII
 * letters, digits and blanks, else encoded, in words of at most 75 characters on a line each. `text` is UTF-8; whatever it
 * holds, a line that it did not begin never ends in it. */
void mime_word(struct buf *out, struct str text);

/* A body in quoted-printable (RFC 2045, 6.7): its lines end with LF, those of the result with CRLF. */
void mime_body(struct buf *out, struct str text);

#endif
