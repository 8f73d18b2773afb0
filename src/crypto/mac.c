/* mac.c - see mac.h. */
#include "crypto/mac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

enum kw_err mac_of(struct str key, struct str text, struct digest *out)
{
    unsigned n = 0;

    if (HMAC(EVP_sha256(), key.p, (int)key.n, (const uint8_t *)text.p, text.n, out->b, &n) == NULL ||
        n != DIGEST_LEN)
        return KW_ENOMEM;
    return KW_OK;
}
