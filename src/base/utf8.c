/* utf8.c - see utf8.h. */
#include "base/utf8.h"

bool utf8_next(struct str s, size_t *i, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)s.p[*i];
    size_t len = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

    if (len == 0 || first > 0xf4 || s.n - *i < len)
        return false;
    uint32_t c = len == 1 ? first : first & (0x7fu >> len);
    for (size_t k = 1; k < len; k++) {
        unsigned char more = (unsigned char)s.p[*i + k];
        if ((more & 0xc0) != 0x80)
            return false;
        c = c << 6 | (more & 0x3f);
    }
    if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return false;
    *i += len;
    *out = c;
    return true;
}

static bool moves_cursor(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

bool utf8_valid(struct str s)
{
    uint32_t c;

    for (size_t i = 0; i < s.n;)
        if (!utf8_next(s, &i, &c))
            return false;
    return true;
}

bool utf8_printable(struct str s)
{
    uint32_t c;

    for (size_t i = 0; i < s.n;)
        if (!utf8_next(s, &i, &c) || moves_cursor(c))
            return false;
    return true;
}

struct str utf8_cut(struct str s, size_t max)
{
    if (s.n <= max)
        return s;
    while (max > 0 && ((unsigned char)s.p[max] & 0xc0) == 0x80)
        max--;
    return (struct str){s.p, max};
}
