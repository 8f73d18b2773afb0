/* scanner_keys.h - the public keys by which GitHub signs what its secret scanning has found. */
#ifndef SERVER_SCANNER_KEYS_H
#define SERVER_SCANNER_KEYS_H

#include "crypto/ecdsa.h"
#include "json/problem.h"

/* The file is the answer of GitHub's call /meta/public_keys/secret_scanning as it was fetched by the operator: nothing is
 * fetched from here. {"public_keys":[{"key_identifier":"…","key":"-----BEGIN PUBLIC KEY-----…","is_current":true}]} It is read
 * anew for each report, so that new keys need no restart. */
enum { SCANNER_KEYS_MAX = 64, SCANNER_KEY_ID_MAX = 128, SCANNER_WHY_MAX = 200 };

/* Whether the file can be used: why is a sentence for the operator. KW_ENOTFOUND, KW_EPERM (others may write it), KW_EFORMAT,
 * KW_EFULL, KW_EIO, KW_ENOMEM. */
enum kw_err scanner_keys_check(const char *path, char why[SCANNER_WHY_MAX]) MUST_USE;

/* Whether the key of that id has signed the message. KW_EDAMAGED: it has not, or there is none of that id. Errors as above. */
enum kw_err scanner_keys_verify(const char *path, struct str id, struct str message,
                                struct str signature) MUST_USE;

#endif
