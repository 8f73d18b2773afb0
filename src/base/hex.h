/* hex.h - bytes as lower-case hexadecimal digits and back. */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include <stdint.h>

#include "base/str.h"

void hex_put(const void *bytes, size_t n, char *out); /* writes 2 n characters and no terminator */

/* Reads exactly n bytes from 2 n lower-case digits. KW_ESYNTAX for anything else. */
enum kw_err hex_get(struct str text, void *bytes, size_t n);

#endif
