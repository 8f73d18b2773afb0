/* mint.c - see mint.h. */
#include "jobs/mint.h"

#include "base/base62.h"
#include "base/pack.h"
#include "crypto/digest.h"
#include "crypto/random.h"

enum what { WHAT_REFRESH = 1, WHAT_ACCESS = 2 };

/* As many blocks as are needed until none of its bytes has to be rejected any more: two, as a rule. */
static enum kw_err derive(const struct mint *m, enum what what, const struct family *f,
                          struct str from, char out[KEY_SECRET_LEN])
{
    AUTO(digest_wipe) struct digest block = {.b = {0}};
    uint8_t head[2 + FAMILY_NONCE_LEN];
    size_t n = 0;

    memcpy(head + 2, f->nonce, sizeof f->nonce);
    head[0] = (uint8_t)what;
    for (uint8_t i = 0; n < KEY_SECRET_LEN; i++) {
        head[1] = i;
        TRY(sealer_mac(m->sealer, (struct str){(const char *)head, sizeof head}, from, &block));
        n += base62_draw(block.b, sizeof block.b, out + n, KEY_SECRET_LEN - n);
    }
    return KW_OK;
}

static void print(const struct mint *m, enum key_letter letter, const struct family *f,
                  const struct secret_text *secret, struct secret_text *out)
{
    out->n = key_print_token(m->brand, letter, f->environment, str_from(f->id),
                             secret_text_view(secret), out->p);
}

enum kw_err mint_first(const struct mint *m, struct family *f, struct secret_text *refresh)
{
    AUTO(secret_text_wipe) struct secret_text secret = {.n = KEY_SECRET_LEN};

    TRY(random_base62(f->id, KW_KEY_ID_LEN));
    TRY(random_bytes(f->nonce, sizeof f->nonce));
    TRY(random_base62(secret.p, secret.n));
    print(m, KEY_REFRESH, f, &secret, refresh);
    return KW_OK;
}

static enum kw_err follow(const struct mint *m, enum what what, enum key_letter letter,
                          const struct family *f, const struct secret_text *from,
                          struct secret_text *out)
{
    AUTO(secret_text_wipe) struct secret_text secret = {.n = KEY_SECRET_LEN};

    TRY(derive(m, what, f, secret_text_view(from), secret.p));
    print(m, letter, f, &secret, out);
    return KW_OK;
}

enum kw_err mint_next(const struct mint *m, const struct family *f,
                      const struct secret_text *refresh, struct secret_text *out)
{
    return follow(m, WHAT_REFRESH, KEY_REFRESH, f, refresh, out);
}

enum kw_err mint_access(const struct mint *m, const struct family *f,
                        const struct secret_text *refresh, struct secret_text *out)
{
    return follow(m, WHAT_ACCESS, KEY_ACCESS, f, refresh, out);
}

static void digest(const struct secret_text *text, uint8_t out[GRANT_DIGEST_LEN])
{
    AUTO(digest_wipe) struct digest d = {.b = {0}};

    digest_of(secret_text_view(text), &d);
    memcpy(out, d.b, GRANT_DIGEST_LEN);
}

enum kw_err mint_pair(const struct mint *m, const struct family *f,
                      const struct secret_text *refresh, struct family_pair *out)
{
    AUTO(secret_text_wipe) struct secret_text access = {.n = 0};

    TRY(mint_access(m, f, refresh, &access));
    digest(refresh, out->refresh_digest);
    digest(&access, out->access_digest);
    return KW_OK;
}

static bool is_current(const struct family *f, const struct secret_text *text)
{
    AUTO(digest_wipe) struct digest d = {.b = {0}}, there = {.b = {0}};

    digest_of(secret_text_view(text), &d);
    memcpy(there.b, f->refresh_digest, sizeof there.b);
    return digest_eq(&d, &there);
}

enum kw_err mint_age(const struct mint *m, const struct family *f, const struct secret_text *text,
                     uint32_t *out)
{
    AUTO(secret_text_wipe) struct secret_text at = *text, next = {.n = 0};

    for (uint32_t age = 0; age <= f->refreshes && age <= FAMILY_ANCESTORS; age++) {
        if (is_current(f, &at)) {
            *out = age;
            return KW_OK;
        }
        TRY(mint_next(m, f, &at, &next));
        at = next;
    }
    return KW_ENOTFOUND;
}
