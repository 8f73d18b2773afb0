/* digest.c - see digest.h. EVP of OpenSSL 3.0 allocates and frees its state with every digest, and a decision
 * allocates nothing; so this is the plain interface to the same code (docs/decisions/0007-plain-sha256.md). */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.h"

#include <openssl/sha.h>

void digest_of_two(struct str a, struct str b, struct digest *out)
{
    SHA256_CTX context UNINIT;

    SHA256_Init(&context);
    SHA256_Update(&context, a.p, a.n);
    SHA256_Update(&context, b.p, b.n);
    SHA256_Final(out->b, &context);
}

void digest_of(struct str text, struct digest *out)
{
    SHA256_CTX context UNINIT;

    SHA256_Init(&context);
    SHA256_Update(&context, text.p, text.n);
    SHA256_Final(out->b, &context);
}
