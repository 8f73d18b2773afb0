/* base64.c - see base64.h. OpenSSL's own reader passes over blanks, and takes bits behind the end. */
#include "crypto/base64.h"

#include <openssl/evp.h>

#define DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

enum { GROUP = 4, GROUP_BYTES = 3 };

void base64_put(const void *bytes, size_t n, char *out)
{
    EVP_EncodeBlock((unsigned char *)out, bytes, (int)n);
}

/* The last group written again is the same: no bits are left over. */
static bool ends_well(struct str text, const uint8_t *bytes, size_t n)
{
    size_t rest = n % GROUP_BYTES == 0 ? GROUP_BYTES : n % GROUP_BYTES;
    char again[GROUP + 1];

    base64_put(bytes + n - rest, rest, again);
    return memcmp(again, text.p + text.n - GROUP, GROUP) == 0;
}

enum kw_err base64_get(struct str text, size_t max, uint8_t *out, size_t *n)
{
    size_t pad = 0;

    while (pad < 2 && pad < text.n && text.p[text.n - 1 - pad] == '=')
        pad++;
    if (text.n == 0 || text.n % GROUP != 0 || text.n / GROUP * GROUP_BYTES - pad > max ||
        !str_only((struct str){text.p, text.n - pad}, DIGITS))
        return KW_ESYNTAX;
    int read = EVP_DecodeBlock(out, (const uint8_t *)text.p, (int)text.n);
    if (read < 0 || !ends_well(text, out, (size_t)read - pad))
        return KW_ESYNTAX;
    *n = (size_t)read - pad;
    return KW_OK;
}
