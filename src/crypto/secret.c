/* secret.c - see secret.h. */
#include "crypto/secret.h"

#include <openssl/crypto.h>

bool digest_eq(const struct digest *a, const struct digest *b)
{
    return CRYPTO_memcmp(a->b, b->b, DIGEST_LEN) == 0;
}

void digest_wipe(struct digest *d)
{
    OPENSSL_cleanse(d, sizeof *d);
}

void secret_wipe(struct secret *s)
{
    OPENSSL_cleanse(s, sizeof *s);
}

void secret_text_wipe(struct secret_text *s)
{
    OPENSSL_cleanse(s, sizeof *s);
}
