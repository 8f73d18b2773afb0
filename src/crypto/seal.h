/* seal.h - HMAC-SHA-256 under subkeys of the master key: what only the key's holder can have
 * written. */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "crypto/secret.h"

/* The subkey of a purpose, by HKDF-SHA-256 (RFC 5869); the purpose is its info ("keyward row seal
 * v1"). */
enum kw_err seal_subkey(const struct secret *master, struct str purpose, struct secret *out) MUST_USE;

/* A keyed HMAC that is used again and again: keyed once, copied for each seal. One thread at a
 * time. */
struct sealer;
enum kw_err sealer_new(const struct secret *key, struct sealer **out) MUST_USE; /* KW_ENOMEM */
void sealer_free(struct sealer *s);
void sealer_freep(struct sealer **s);

/* The seal of a and b, one behind the other: the caller makes sure that their border is
 * unambiguous. */
enum kw_err sealer_mac(struct sealer *s, struct str a, struct str b, struct digest *out) MUST_USE;

#endif
