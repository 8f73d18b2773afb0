/* quote.c - see quote.h. */
#include "base/quote.h"

#include <stdio.h>

#include "base/utf8.h"

/* One character as it stands in a JSON string; returns its length. */
static size_t piece(uint32_t c, struct str raw, char out[8])
{
    if (c == '"' || c == '\\')
        return (size_t)snprintf(out, 8, "\\%c", (char)c);
    if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029)
        return (size_t)snprintf(out, 8, "\\u%04x", c);
    memcpy(out, raw.p, raw.n);
    return raw.n;
}

static size_t next_piece(struct str s, size_t *i, char out[8])
{
    size_t from = *i;
    uint32_t c;

    if (utf8_next(s, i, &c))
        return piece(c, (struct str){s.p + from, *i - from}, out);
    ++*i;
    return piece(0xfffd, STR("\xef\xbf\xbd"), out);
}

size_t quote_json(struct str s, char *out, size_t cap)
{
    size_t n = 0;

    out[n++] = '"';
    for (size_t i = 0; i < s.n;) {
        char text[8];
        size_t len = next_piece(s, &i, text);
        if (n + len + 2 > cap)
            break;
        memcpy(out + n, text, len);
        n += len;
    }
    out[n++] = '"';
    out[n] = '\0';
    return n;
}
