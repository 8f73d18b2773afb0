/* digest.h - SHA-256 (FIPS 180-4). */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "crypto/secret.h"

/* The digest of text. KW_ENOMEM on a thread's first call only: its context is made then and kept
 * until the thread ends. Any thread. */
enum kw_err digest_of(struct str text, struct digest *out) MUST_USE;

/* The digest of two pieces, one behind the other: a link of a hash chain. */
enum kw_err digest_of_two(struct str a, struct str b, struct digest *out) MUST_USE;

#endif
