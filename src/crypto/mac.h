/* mac.h - HMAC-SHA-256 (RFC 2104) under a key of any length, once: what we sign for others. */
#ifndef CRYPTO_MAC_H
#define CRYPTO_MAC_H

#include "crypto/secret.h"

/* KW_ENOMEM. Any thread. Seals, which are made by the thousand under one key, have their own (seal.h). */
enum kw_err mac_of(struct str key, struct str text, struct digest *out) MUST_USE;

#endif
