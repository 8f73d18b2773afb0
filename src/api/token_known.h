/* token_known.h - the token that a call is about: read, and found by its text. */
#ifndef API_TOKEN_KNOWN_H
#define API_TOKEN_KNOWN_H

#include "core/key.h"
#include "server/call.h"

/* The body is {"token": …} and nothing else; borrowed from it. */
enum kw_err token_read(struct call *c, struct str *out) MUST_USE;

/* Whether a text has the form of a token; *id is its family's, and borrows. */
bool token_has_form(const struct call *c, struct str text, enum key_letter letter, struct str *id);

/* Whether a text is that of a digest; in constant time. */
bool token_is(struct str text, const uint8_t there[GRANT_DIGEST_LEN]);

/* The family of which a text is an access token, current or before, or the refresh token. KW_ENOTFOUND: none. */
enum kw_err token_find(struct call *c, struct str text, struct family *out) MUST_USE;

#endif
