/* random.h - unpredictable bytes. */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include "base/str.h"

enum kw_err random_bytes(void *out, size_t n) MUST_USE;  /* KW_EIO: nothing usable in out */
enum kw_err random_base62(char *out, size_t n) MUST_USE; /* n characters, not terminated */

#endif
