/* base62.c - see base62.h. */
#include "base/base62.h"

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

enum { LANES = 16 };

static unsigned is_foreign(unsigned char c)
{
    unsigned char letter = (unsigned char)((c | 0x20) - 'a'), digit = (unsigned char)(c - '0');

    return (letter >= 26) & (digit >= 10);
}

/* Lanes of a fixed number become vector instructions: every decision looks through a key. */
bool base62_only(struct str s)
{
    unsigned char foreign[LANES] = {0}, any = 0;
    size_t i = 0;

    for (; s.n - i >= LANES; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            foreign[k] |= (unsigned char)is_foreign((unsigned char)s.p[i + k]);
    for (; i < s.n; i++)
        any |= (unsigned char)is_foreign((unsigned char)s.p[i]);
    for (size_t k = 0; k < LANES; k++)
        any |= foreign[k];
    return any == 0;
}

void base62_put(uint32_t v, char *out, size_t n)
{
    for (size_t i = n; i-- > 0; v /= 62)
        out[i] = alphabet[v % 62];
}

size_t base62_draw(const uint8_t *random, size_t n_random, char *out, size_t n)
{
    size_t done = 0;

    for (size_t i = 0; i < n_random && done < n; i++)
        if (random[i] < 4 * 62)
            out[done++] = alphabet[random[i] % 62];
    return done;
}
