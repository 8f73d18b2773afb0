/* webhook_sign.c - see webhook_sign.h. */
#include "notify/webhook_sign.h"

#include <assert.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/hex.h"
#include "crypto/base64.h"
#include "crypto/mac.h"

#define PREFIX "whsec_"
#define SCHEME "v1,"

enum { PREFIX_LEN = sizeof PREFIX - 1, SCHEME_LEN = sizeof SCHEME - 1, HEAD_MAX = 128 };

static_assert(2 * (SCHEME_LEN + BASE64_LEN(DIGEST_LEN)) + 2 <= WEBHOOK_SIGNATURE_MAX,
              "two signatures and the blank between them fit");
static_assert(PREFIX_LEN + BASE64_LEN(SECRET_LEN) < SECRET_TEXT_MAX, "a secret's text fits");

void webhook_secret_print(const struct secret *secret, struct secret_text *out)
{
    memcpy(out->p, PREFIX, PREFIX_LEN);
    base64_put(secret->b, SECRET_LEN, out->p + PREFIX_LEN);
    out->n = PREFIX_LEN + BASE64_LEN(SECRET_LEN);
}

/* Appends one signature to those that are there. */
static enum kw_err sign_standard(const struct secret *secret, struct str text, char *out)
{
    struct digest mac;
    size_t n = strlen(out);

    TRY(mac_of((struct str){(const char *)secret->b, SECRET_LEN}, text, &mac));
    n += (size_t)snprintf(out + n, WEBHOOK_SIGNATURE_MAX - n, "%s" SCHEME, n == 0 ? "" : " ");
    base64_put(mac.b, DIGEST_LEN, out + n);
    return KW_OK;
}

static enum kw_err sign_monei(const struct secret *secret, struct str body, char *out)
{
    AUTO(secret_text_wipe) struct secret_text text = {.n = 0};
    struct digest mac;

    webhook_secret_print(secret, &text);
    TRY(mac_of(secret_text_view(&text), body, &mac));
    hex_put(mac.b, DIGEST_LEN, out);
    out[WEBHOOK_MONEI_MAX - 1] = '\0';
    return KW_OK;
}

enum kw_err webhook_sign(const struct secret *secret, const struct secret *old, struct str id,
                         int64_t time_s, struct str body, struct webhook_signatures *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(body.n + HEAD_MAX);
    struct webhook_signatures s = {.standard = ""};

    buf_printf(&text, "%.*s.%lld.", (int)id.n, id.p, (long long)time_s);
    buf_str(&text, body);
    if (text.failed)
        return KW_ENOMEM;
    TRY(sign_standard(secret, buf_view(&text), s.standard));
    if (old != NULL)
        TRY(sign_standard(old, buf_view(&text), s.standard));
    TRY(sign_monei(secret, body, s.monei));
    *out = s;
    return KW_OK;
}
