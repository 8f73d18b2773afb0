/* digest.h - SHA-256 (FIPS 180-4). */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "crypto/secret.h"

/* The digest of text. Cannot fail, allocates nothing, any thread: a decision waits for this. */
void digest_of(struct str text, struct digest *out);

/* The digest of two pieces, one behind the other: a link of a hash chain. */
void digest_of_two(struct str a, struct str b, struct digest *out);

#endif
