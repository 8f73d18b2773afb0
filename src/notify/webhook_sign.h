/* webhook_sign.h - the signatures of a delivery: Standard Webhooks, and Monei's. */
#ifndef NOTIFY_WEBHOOK_SIGN_H
#define NOTIFY_WEBHOOK_SIGN_H

#include "crypto/secret.h"

/* A secret is 32 random bytes, and is shown as whsec_ and their base64. Two sign while one takes the other's place. */
enum { WEBHOOK_SIGNATURE_MAX = 96, WEBHOOK_MONEI_MAX = 2 * DIGEST_LEN + 1 };

struct webhook_signatures {
    char standard[WEBHOOK_SIGNATURE_MAX]; /* v1,…, and with an old secret a blank and v1,… of it */
    char monei[WEBHOOK_MONEI_MAX];        /* hex */
};

/* The text of a secret, as its receiver is given it. */
void webhook_secret_print(const struct secret *secret, struct secret_text *out);

/* Signs "id.time_s.body" with the bytes of each secret, in base64 (webhook-signature), and the body alone with the text
 * of the new one, as whsec_…, in hex (x-monei-signature, which has room for one). old NULL: there is none. KW_ENOMEM. */
enum kw_err webhook_sign(const struct secret *secret, const struct secret *old, struct str id,
                         int64_t time_s, struct str body, struct webhook_signatures *out) MUST_USE;

#endif
