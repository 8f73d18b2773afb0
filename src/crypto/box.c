/* box.c - see box.h. */
#include "crypto/box.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include "crypto/random.h"

struct box {
    struct secret key;
    EVP_CIPHER *cipher;
};

void box_free(struct box *b)
{
    if (b == NULL)
        return;
    secret_wipe(&b->key);
    EVP_CIPHER_free(b->cipher);
    free(b);
}

void box_freep(struct box **b)
{
    box_free(*b);
}

enum kw_err box_new(const struct secret *key, struct box **out)
{
    AUTO(box_freep) struct box *b = calloc(1, sizeof *b);

    if (b == NULL)
        return KW_ENOMEM;
    b->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (b->cipher == NULL)
        return KW_ENOMEM;
    b->key = *key;
    *out = STEAL(b);
    return KW_OK;
}

static void ctx_freep(EVP_CIPHER_CTX **ctx)
{
    EVP_CIPHER_CTX_free(*ctx); /* wipes the key schedule */
}

/* One way or the other, everything but the tag. */
static enum kw_err run(EVP_CIPHER_CTX *ctx, struct str aad, struct str in, void *out)
{
    int n;

    if (aad.n > INT_MAX || in.n > INT_MAX)
        return KW_ERANGE;
    if (aad.n > 0 && !EVP_CipherUpdate(ctx, NULL, &n, (const uint8_t *)aad.p, (int)aad.n))
        return KW_ENOMEM;
    if (in.n > 0 && !EVP_CipherUpdate(ctx, out, &n, (const uint8_t *)in.p, (int)in.n))
        return KW_ENOMEM;
    return KW_OK;
}

enum kw_err box_seal(const struct box *b, struct str aad, struct str plain, uint8_t *out)
{
    AUTO(ctx_freep) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t *text = out + BOX_NONCE_LEN, *tag = text + plain.n;
    int n;

    TRY(random_bytes(out, BOX_NONCE_LEN));
    if (ctx == NULL || !EVP_EncryptInit_ex2(ctx, b->cipher, b->key.b, out, NULL))
        return KW_ENOMEM;
    TRY(run(ctx, aad, plain, text));
    if (!EVP_EncryptFinal_ex(ctx, tag, &n) ||
        !EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, BOX_TAG_LEN, tag))
        return KW_ENOMEM;
    return KW_OK;
}

/* Nothing of `out` may be looked at before the tag was. */
static enum kw_err check_tag(EVP_CIPHER_CTX *ctx, const char *tag, void *out, size_t n_out)
{
    uint8_t none[1];
    int n;

    if (!EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, BOX_TAG_LEN, UNCONST(tag)) ||
        EVP_DecryptFinal_ex(ctx, none, &n) <= 0) {
        OPENSSL_cleanse(out, n_out);
        return KW_EDAMAGED;
    }
    return KW_OK;
}

enum kw_err box_open(const struct box *b, struct str aad, struct str sealed, void *out)
{
    AUTO(ctx_freep) EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    struct str nonce, text;

    if (sealed.n < BOX_OVERHEAD)
        return KW_EDAMAGED;
    size_t n = sealed.n - BOX_OVERHEAD;
    if (!str_take(&sealed, BOX_NONCE_LEN, &nonce) || !str_take(&sealed, n, &text))
        return KW_EDAMAGED;
    if (ctx == NULL || !EVP_DecryptInit_ex2(ctx, b->cipher, b->key.b, (const uint8_t *)nonce.p, NULL))
        return KW_ENOMEM;
    TRY(run(ctx, aad, text, out));
    return check_tag(ctx, sealed.p, out, n);
}
