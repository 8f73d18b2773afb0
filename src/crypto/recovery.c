/* recovery.c - see recovery.h. */
#include "crypto/recovery.h"

#include <openssl/crypto.h>

#include "crypto/digest.h"
#include "crypto/random.h"

enum { GROUP = 4 };

static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";

enum kw_err recovery_make(char out[RECOVERY_TEXT_LEN + 1])
{
    uint8_t raw[RECOVERY_CHARS]; /* five bits of each: 32 divides 256, so no digit is likelier */
    size_t n = 0;

    TRY(random_bytes(raw, sizeof raw));
    for (size_t i = 0; i < sizeof raw; i++) {
        if (i > 0 && i % GROUP == 0)
            out[n++] = '-';
        out[n++] = digits[raw[i] % 32];
    }
    out[n] = '\0';
    OPENSSL_cleanse(raw, sizeof raw);
    return KW_OK;
}

/* The digit that somebody meant who read it from paper. */
static char meant(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c + ('a' - 'A'));
    if (c == '0')
        return 'o';
    if (c == '1')
        return 'l';
    if (c == '8')
        return 'b';
    return c;
}

enum kw_err recovery_digest(struct str text, struct digest *out)
{
    char plain[RECOVERY_CHARS];
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        char c = meant(text.p[i]);
        if (c == ' ' || c == '-')
            continue;
        if (n == sizeof plain || c == '\0' || strchr(digits, c) == NULL)
            return KW_ESYNTAX;
        plain[n++] = c;
    }
    if (n != sizeof plain)
        return KW_ESYNTAX;
    digest_of((struct str){plain, n}, out);
    OPENSSL_cleanse(plain, sizeof plain);
    return KW_OK;
}
