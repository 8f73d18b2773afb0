/* totp.h - the six digits that an authenticator app shows (RFC 6238: SHA-1, 30 seconds). */
#ifndef CRYPTO_TOTP_H
#define CRYPTO_TOTP_H

#include "crypto/secret.h"

enum {
    TOTP_SECRET_LEN = 20, /* RFC 4226, section 4, R6 */
    TOTP_DIGITS = 6,
    TOTP_STEP_S = 30,
    TOTP_BASE32_LEN = 32, /* of a secret */
    TOTP_URI_MAX = 1200,
};

struct totp_secret {
    uint8_t b[TOTP_SECRET_LEN];
};

enum kw_err totp_secret_make(struct totp_secret *out) MUST_USE; /* KW_EIO: no random bytes */
void totp_secret_wipe(struct totp_secret *s);                   /* for AUTO */

/* Which step a code is of, among the present one and its two neighbours, if it lies after after_step (that of the last code
 * that was taken; 0: none was): the latest one, should it be of several, so that no code is ever good for a second step.
 * *step 0: none; so it is for anything but six digits. All steps are computed and compared, whatever the code. The caller
 * keeps *step, and lets no two calls at once begin from the same after_step. KW_ENOMEM. Any thread. */
enum kw_err totp_verify(const struct totp_secret *s, struct str code, int64_t now_ms,
                        uint64_t after_step, uint64_t *step) MUST_USE;

/* What an app reads from a picture, percent-encoded (RFC 3986) and terminated; and the secret alone, for typing. Both hold
 * the secret: wipe them.
 * otpauth://totp/<issuer>:<email>?secret=…&issuer=<issuer>&algorithm=SHA1&digits=6&period=30
 * KW_ERANGE: does not fit; issuers up to 40 bytes and e-mails up to 254 always do. KW_ENOMEM. */
enum kw_err totp_uri(const struct totp_secret *s, struct str issuer, struct str email,
                     char out[TOTP_URI_MAX]) MUST_USE;
enum kw_err totp_base32(const struct totp_secret *s, char out[TOTP_BASE32_LEN + 1]) MUST_USE;

#endif
