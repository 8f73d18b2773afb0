/* recovery.h - codes on paper, each good once, for somebody whose authenticator is gone. */
#ifndef CRYPTO_RECOVERY_H
#define CRYPTO_RECOVERY_H

#include "crypto/secret.h"

enum {
    RECOVERY_CHARS = 16,    /* 80 random bits: no need for a slow hash */
    RECOVERY_TEXT_LEN = 19, /* xxxx-xxxx-xxxx-xxxx, lower-case base32 (RFC 4648) */
};

/* A new code, terminated; wipe it. KW_EIO: no random bytes. */
enum kw_err recovery_make(char out[RECOVERY_TEXT_LEN + 1]) MUST_USE;

/* SHA-256 of the 16 characters in lower case. Blanks, hyphens and capitals do not matter, and 0, 1, 8 (which are no digits
 * of base32) are read as o, l, b. KW_ESYNTAX: not 16 digits of base32. Any thread. */
enum kw_err recovery_digest(struct str text, struct digest *out) MUST_USE;

#endif
