/* ecdsa.h - checks signatures of others: ECDSA on P-256 with SHA-256 (FIPS 186-4). */
#ifndef CRYPTO_ECDSA_H
#define CRYPTO_ECDSA_H

#include <keyward/keyward.h>

#include "base/str.h"

enum { ECDSA_PEM_MAX = 4096, ECDSA_SIGNATURE_MAX = 128 /* characters of base64 */ };

/* Whether a text is a public key of that kind ("-----BEGIN PUBLIC KEY-----"). KW_EFORMAT: it is not; KW_ENOMEM. */
enum kw_err ecdsa_check_key(struct str pem) MUST_USE;

/* KW_OK: the signature, in base64 of its DER form, over all of the message is the key's. KW_EDAMAGED: it is not, or is none.
 * KW_EFORMAT: the key is none; KW_ENOMEM. */
enum kw_err ecdsa_check(struct str pem, struct str message, struct str signature) MUST_USE;

#endif
