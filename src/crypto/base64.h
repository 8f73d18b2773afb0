/* base64.h - bytes as base64 (RFC 4648, 4) and back, strictly. */
#ifndef CRYPTO_BASE64_H
#define CRYPTO_BASE64_H

#include <stdint.h>

#include "base/macro.h"
#include "base/str.h"

/* Characters for so many bytes, with padding and without a terminator. */
#define BASE64_LEN(n) (((n) + 2) / 3 * 4)

/* Writes BASE64_LEN(n) characters and a terminator. */
void base64_put(const void *bytes, size_t n, char *out);

/* Reads at most max bytes; out has room for the next multiple of three above. KW_ESYNTAX for anything but what base64_put
 * writes (no blanks, padding where it belongs, and nothing behind it), or longer. */
enum kw_err base64_get(struct str text, size_t max, uint8_t *out, size_t *n) MUST_USE;

#endif
