/* password.h - argon2id (RFC 9106): what is kept of a password, and whether a password is the one. */
#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include <stdbool.h>

#include "base/str.h"

/* 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet): tens of milliseconds of one processor. The password
 * is taken as the bytes that were sent, without Unicode normalisation; which passwords may be is core/password.h.
 *
 * Threads   Any; each call has 19 MiB of its own while it runs, and wipes them. */
enum {
    PASSWORD_BYTES_MAX = 512, /* 128 characters of at most 4 bytes */
    PASSWORD_HASH_MAX = 160,  /* of an encoded hash; MEMBER_PASSWORD_MAX */
};

/* $argon2id$v=19$m=19456,t=2,p=1$salt$hash of a password, with a fresh salt; terminated. KW_ERANGE: longer than
 * PASSWORD_BYTES_MAX, nothing was computed. KW_ENOMEM; KW_EIO: no random bytes. */
enum kw_err password_hash(struct str password, char out[PASSWORD_HASH_MAX + 1]) MUST_USE;

/* Whether an encoded hash is this password's; compared in constant time. A password longer than PASSWORD_BYTES_MAX is
 * nobody's, at no cost. KW_EFORMAT: not a hash as above, or one that asks for more than 64 MiB, 10 passes or 4 lanes:
 * whoever could write one into the store must not stop the server with it. KW_ENOMEM. */
enum kw_err password_verify(struct str encoded, struct str password, bool *matches) MUST_USE;

/* Whether a hash was made with other parameters than password_hash uses now (or is none): make it anew when its password
 * is next at hand. */
bool password_needs_rehash(struct str encoded);

/* An encoded hash that no password is known to match, of the same cost: to be verified for an e-mail that nobody has, so
 * that the time does not tell. */
struct str password_dummy(void);

#endif
