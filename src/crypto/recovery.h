/* recovery.h - codes on paper, each good once, for somebody whose authenticator is gone. */
#ifndef CRYPTO_RECOVERY_H
#define CRYPTO_RECOVERY_H

#include "crypto/secret.h"

enum {
    RECOVERY_CHARS = 24, /* 120 random bits: no need for a slow hash (ASVS 5.0.0, 6.5.2: from 112 on) */
    RECOVERY_TEXT_LEN = 29, /* six groups, xxxx-xxxx-…, of lower-case base32 (RFC 4648) */
};

/* A new code, terminated; wipe it. KW_EIO: no random bytes. */
enum kw_err recovery_make(char out[RECOVERY_TEXT_LEN + 1]) MUST_USE;

/* SHA-256 of the 24 characters in lower case. Blanks, hyphens and capitals do not matter, and 0, 1, 8 (which are no digits
 * of base32) are read as o, l, b. KW_ESYNTAX: not 24 digits of base32. Any thread. */
enum kw_err recovery_digest(struct str text, struct digest *out) MUST_USE;

#endif
