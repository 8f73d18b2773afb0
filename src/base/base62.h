/* base62.h - numbers as digits, upper-case and lower-case letters. */
#ifndef BASE_BASE62_H
#define BASE_BASE62_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

bool base62_only(struct str s);

/* Writes v as exactly n characters, most significant first; the value must fit (v < 62^n). */
void base62_put(uint32_t v, char *out, size_t n);

/* Turns random bytes into random characters without bias: bytes of 248 and more are rejected.
 * Writes at most n characters to out and returns how many; call again with fresh bytes for the
 * rest. */
size_t base62_draw(const uint8_t *random, size_t n_random, char *out, size_t n);

#endif
