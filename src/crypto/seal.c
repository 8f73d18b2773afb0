/* seal.c - see seal.h. */
#include "crypto/seal.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <stdlib.h>

static void kdf_ctx_freep(EVP_KDF_CTX **ctx)
{
    EVP_KDF_CTX_free(*ctx);
}

static void kdf_freep(EVP_KDF **kdf)
{
    EVP_KDF_free(*kdf);
}

enum kw_err seal_subkey(const struct secret *master, struct str purpose, struct secret *out)
{
    AUTO(kdf_freep) EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    AUTO(kdf_ctx_freep) EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char[]){"SHA256"}, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, UNCONST(master->b), SECRET_LEN),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, UNCONST(purpose.p), purpose.n),
        OSSL_PARAM_construct_end(),
    };

    if (ctx == NULL || EVP_KDF_derive(ctx, out->b, SECRET_LEN, params) <= 0)
        return KW_ENOMEM;
    return KW_OK;
}

struct sealer {
    EVP_MAC_CTX *ctx;
};

void sealer_free(struct sealer *s)
{
    if (s == NULL)
        return;
    EVP_MAC_CTX_free(s->ctx);
    free(s);
}

void sealer_freep(struct sealer **s)
{
    sealer_free(*s);
}

static void mac_freep(EVP_MAC **mac)
{
    EVP_MAC_free(*mac);
}

enum kw_err sealer_new(const struct secret *key, struct sealer **out)
{
    AUTO(mac_freep) EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    AUTO(sealer_freep) struct sealer *s = calloc(1, sizeof *s);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SHA256"}, 0),
        OSSL_PARAM_construct_end(),
    };

    if (s == NULL || mac == NULL)
        return KW_ENOMEM;
    s->ctx = EVP_MAC_CTX_new(mac);
    if (s->ctx == NULL || !EVP_MAC_init(s->ctx, key->b, SECRET_LEN, params))
        return KW_ENOMEM;
    *out = STEAL(s);
    return KW_OK;
}

enum kw_err sealer_mac(struct sealer *s, struct str a, struct str b, struct digest *out)
{
    size_t n;

    /* Without a key, init starts a new message under the key of before. */
    if (!EVP_MAC_init(s->ctx, NULL, 0, NULL) || !EVP_MAC_update(s->ctx, (const uint8_t *)a.p, a.n) ||
        !EVP_MAC_update(s->ctx, (const uint8_t *)b.p, b.n) ||
        !EVP_MAC_final(s->ctx, out->b, &n, DIGEST_LEN) || n != DIGEST_LEN)
        return KW_ENOMEM;
    return KW_OK;
}
