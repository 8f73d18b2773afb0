/* totp.c - see totp.h. */
#include "crypto/totp.h"

#include <liboath/oath.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "crypto/random.h"

enum { TOTP_STEP_MS = TOTP_STEP_S * 1000 };

enum kw_err totp_secret_make(struct totp_secret *out)
{
    return random_bytes(out->b, sizeof out->b);
}

void totp_secret_wipe(struct totp_secret *s)
{
    OPENSSL_cleanse(s, sizeof *s);
}

/* Whether the code of a step is this one, without saying by the time where they differ. */
static enum kw_err is_code_of(const struct totp_secret *s, uint64_t step, struct str code, bool *is)
{
    char want[TOTP_DIGITS + 1];

    if (oath_hotp_generate((const char *)s->b, sizeof s->b, step, TOTP_DIGITS, false,
                           OATH_HOTP_DYNAMIC_TRUNCATION, want) != OATH_OK)
        return KW_ENOMEM;
    *is = CRYPTO_memcmp(want, code.p, TOTP_DIGITS) == 0;
    OPENSSL_cleanse(want, sizeof want);
    return KW_OK;
}

enum kw_err totp_verify(const struct totp_secret *s, struct str code, int64_t now_ms,
                        uint64_t after_step, uint64_t *step)
{
    uint64_t found = 0, now_step = now_ms < 0 ? 0 : (uint64_t)now_ms / TOTP_STEP_MS;
    bool is = false;

    if (code.n != TOTP_DIGITS || !str_only(code, "0123456789")) {
        *step = 0;
        return KW_OK;
    }
    for (uint64_t i = now_step == 0 ? 0 : now_step - 1; i <= now_step + 1; i++) {
        TRY(is_code_of(s, i, code, &is));
        if (is && i > after_step)
            found = i;
    }
    *step = found;
    return KW_OK;
}

enum kw_err totp_base32(const struct totp_secret *s, char out[TOTP_BASE32_LEN + 1])
{
    char *text;
    size_t n;

    if (oath_base32_encode((const char *)s->b, sizeof s->b, &text, &n) != OATH_OK)
        return KW_ENOMEM;
    memcpy(out, text, TOTP_BASE32_LEN); /* 20 bytes are 32 digits and no padding */
    out[TOTP_BASE32_LEN] = '\0';
    OPENSSL_cleanse(text, n);
    free(text);
    return KW_OK;
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~", c) != NULL);
}

/* Behind *n, percent-encoded; *n is beyond the end when it does not fit. */
static void add_encoded(struct str s, char out[TOTP_URI_MAX], size_t *n)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.n; i++) {
        uint8_t byte = (uint8_t)s.p[i];
        if (*n + 3 >= TOTP_URI_MAX) {
            *n = TOTP_URI_MAX;
        } else if (is_unreserved(s.p[i])) {
            out[(*n)++] = s.p[i];
        } else {
            out[(*n)++] = '%';
            out[(*n)++] = hex[byte >> 4];
            out[(*n)++] = hex[byte & 15];
        }
    }
}

static void add_plain(struct str s, char out[TOTP_URI_MAX], size_t *n)
{
    if (*n + s.n >= TOTP_URI_MAX) {
        *n = TOTP_URI_MAX;
        return;
    }
    memcpy(out + *n, s.p, s.n);
    *n += s.n;
}

enum kw_err totp_uri(const struct totp_secret *s, struct str issuer, struct str email,
                     char out[TOTP_URI_MAX])
{
    char secret[TOTP_BASE32_LEN + 1];
    size_t n = 0;

    TRY(totp_base32(s, secret));
    add_plain(STR("otpauth://totp/"), out, &n);
    add_encoded(issuer, out, &n);
    add_plain(STR(":"), out, &n);
    add_encoded(email, out, &n);
    add_plain(STR("?secret="), out, &n);
    add_plain(str_from(secret), out, &n);
    add_plain(STR("&issuer="), out, &n);
    add_encoded(issuer, out, &n);
    add_plain(STR("&algorithm=SHA1&digits=6&period=30"), out, &n);
    OPENSSL_cleanse(secret, sizeof secret);
    if (n >= TOTP_URI_MAX) {
        OPENSSL_cleanse(out, TOTP_URI_MAX);
        return KW_ERANGE;
    }
    out[n] = '\0';
    return KW_OK;
}
