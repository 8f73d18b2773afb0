/* sign.h - Ed25519 signatures (RFC 8032): the record is signed here and verified elsewhere. */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "crypto/secret.h"

enum { SIGNATURE_LEN = 64, PUBLIC_KEY_LEN = 32 };

struct signer;   /* holds the private key; one thread at a time */
struct verifier; /* holds the public key; one thread at a time */

/* A signer from its 32 private bytes (RFC 8032 section 5.1.5). KW_ENOMEM. */
enum kw_err signer_new(const struct secret *seed, struct signer **out) MUST_USE;
void signer_free(struct signer *s);
void signer_freep(struct signer **s);
enum kw_err signer_sign(struct signer *s, struct str message,
                        uint8_t signature[SIGNATURE_LEN]) MUST_USE;
enum kw_err signer_public(const struct signer *s, uint8_t public_key[PUBLIC_KEY_LEN]) MUST_USE;

/* Any 32 bytes are taken for a key. KW_ENOMEM. */
enum kw_err verifier_new(const uint8_t public_key[PUBLIC_KEY_LEN], struct verifier **out) MUST_USE;
void verifier_free(struct verifier *v);
void verifier_freep(struct verifier **v);

/* KW_OK: the signature is the key's. KW_EDAMAGED: it is not. KW_ENOMEM. */
enum kw_err verifier_check(struct verifier *v, struct str message,
                           const uint8_t signature[SIGNATURE_LEN]) MUST_USE;

#endif
