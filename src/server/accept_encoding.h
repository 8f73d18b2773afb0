/* accept_encoding.h - in which form a client takes an answer that lies there compressed. */
#ifndef SERVER_ACCEPT_ENCODING_H
#define SERVER_ACCEPT_ENCODING_H

#include "base/str.h"

/* By the Accept-Encoding it sent (RFC 9110, 12.5.3); {NULL, 0}: none. What stands there for a coding itself counts before what
 * stands for all others, "*", and of several the first. What cannot be read admits nothing: the plain answer suits everybody. */
bool accept_encoding_gzip(struct str header);

/* Brotli (RFC 7932) only by its name: whoever takes anything may not have heard of it. */
bool accept_encoding_br(struct str header);

#endif
