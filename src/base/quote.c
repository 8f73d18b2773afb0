/* quote.c - see quote.h. */
#include "base/quote.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/utf8.h"

static const struct str replacement = STR_INIT("\xef\xbf\xbd"); /* U+FFFD */

static size_t put(struct str s, char *out)
{
    memcpy(out, s.p, s.n);
    return s.n;
}

size_t quote_next(struct str s, size_t *i, char out[QUOTE_PIECE_MAX])
{
    size_t from = *i;
    uint32_t c;

    if (!utf8_next(s, i, &c)) {
        ++*i;
        return put(replacement, out);
    }
    struct str raw = {s.p + from, *i - from};
    if (c == '"' || c == '\\')
        return (size_t)snprintf(out, QUOTE_PIECE_MAX, "\\%c", (char)c);
    if (!utf8_printable(raw)) /* all that move a cursor are below U+10000 */
        return (size_t)snprintf(out, QUOTE_PIECE_MAX, "\\u%04" PRIx32, c);
    return put(raw, out);
}

size_t quote_json(struct str s, char *out, size_t cap)
{
    size_t n = 0;

    out[n++] = '"';
    for (size_t i = 0; i < s.n;) {
        char piece[QUOTE_PIECE_MAX];
        size_t len = quote_next(s, &i, piece);
        if (n + len + 2 > cap)
            break;
        memcpy(out + n, piece, len);
        n += len;
    }
    out[n++] = '"';
    out[n] = '\0';
    return n;
}
