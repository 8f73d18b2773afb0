/* hex.c - see hex.h. */
#include "base/hex.h"

static const char digits[] = "0123456789abcdef";

void hex_put(const void *bytes, size_t n, char *out)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
}

enum kw_err hex_get(struct str text, void *bytes, size_t n)
{
    uint8_t *p = bytes;

    if (text.n != 2 * n || !str_only(text, digits))
        return KW_ESYNTAX;
    for (size_t i = 0; i < n; i++) {
        size_t high = (size_t)(strchr(digits, text.p[2 * i]) - digits);
        size_t low = (size_t)(strchr(digits, text.p[2 * i + 1]) - digits);
        p[i] = (uint8_t)(high << 4 | low);
    }
    return KW_OK;
}
