/* sign.c - see sign.h. */
#include "crypto/sign.h"

#include <openssl/evp.h>
#include <stdlib.h>

struct signer {
    EVP_PKEY *key;
};

struct verifier {
    EVP_PKEY *key;
};

static void md_ctx_freep(EVP_MD_CTX **ctx)
{
    EVP_MD_CTX_free(*ctx);
}

void signer_free(struct signer *s)
{
    if (s == NULL)
        return;
    EVP_PKEY_free(s->key);
    free(s);
}

void signer_freep(struct signer **s)
{
    signer_free(*s);
}

enum kw_err signer_new(const struct secret *seed, struct signer **out)
{
    AUTO(signer_freep) struct signer *s = calloc(1, sizeof *s);

    if (s == NULL)
        return KW_ENOMEM;
    s->key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed->b, SECRET_LEN);
    if (s->key == NULL)
        return KW_ENOMEM;
    *out = STEAL(s);
    return KW_OK;
}

enum kw_err signer_sign(struct signer *s, struct str message, uint8_t signature[SIGNATURE_LEN])
{
    AUTO(md_ctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    size_t n = SIGNATURE_LEN;

    if (ctx == NULL || !EVP_DigestSignInit(ctx, NULL, NULL, NULL, s->key) ||
        !EVP_DigestSign(ctx, signature, &n, (const uint8_t *)message.p, message.n))
        return KW_ENOMEM;
    return KW_OK;
}

enum kw_err signer_public(const struct signer *s, uint8_t public_key[PUBLIC_KEY_LEN])
{
    size_t n = PUBLIC_KEY_LEN;

    return EVP_PKEY_get_raw_public_key(s->key, public_key, &n) == 1 ? KW_OK : KW_ENOMEM;
}

void verifier_free(struct verifier *v)
{
    if (v == NULL)
        return;
    EVP_PKEY_free(v->key);
    free(v);
}

void verifier_freep(struct verifier **v)
{
    verifier_free(*v);
}

enum kw_err verifier_new(const uint8_t public_key[PUBLIC_KEY_LEN], struct verifier **out)
{
    AUTO(verifier_freep) struct verifier *v = calloc(1, sizeof *v);

    if (v == NULL)
        return KW_ENOMEM;
    v->key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public_key, PUBLIC_KEY_LEN);
    if (v->key == NULL)
        return KW_ENOMEM;
    *out = STEAL(v);
    return KW_OK;
}

static enum kw_err check_once(const struct verifier *v, struct str message,
                              const uint8_t signature[SIGNATURE_LEN])
{
    AUTO(md_ctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    if (ctx == NULL || !EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, v->key))
        return KW_ENOMEM;
    int ok = EVP_DigestVerify(ctx, signature, SIGNATURE_LEN, (const uint8_t *)message.p, message.n);
    return ok == 1 ? KW_OK : KW_EDAMAGED;
}

/* OpenSSL answers "no" for want of memory too: such an answer counts when it is given twice. */
enum kw_err verifier_check(struct verifier *v, struct str message,
                           const uint8_t signature[SIGNATURE_LEN])
{
    enum kw_err err = check_once(v, message, signature);

    return err == KW_EDAMAGED ? check_once(v, message, signature) : err;
}
