/* secret.c - see secret.h. */
#include "crypto/secret.h"

#include <openssl/crypto.h>

/* No branch before the end, and none that the compiler could find: what differs is gathered behind an
 * empty instruction that it cannot see through. Every decision compares twice; CRYPTO_memcmp goes
 * byte by byte. */
bool digest_eq(const struct digest *a, const struct digest *b)
{
    uint64_t x[DIGEST_LEN / 8], y[DIGEST_LEN / 8], differs = 0;

    memcpy(x, a->b, sizeof x);
    memcpy(y, b->b, sizeof y);
    for (size_t i = 0; i < COUNT_OF(x); i++)
        differs |= x[i] ^ y[i];
    __asm__("" : "+r"(differs));
    return differs == 0;
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
