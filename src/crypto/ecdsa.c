/* ecdsa.c - see ecdsa.h. */
#include "crypto/ecdsa.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "crypto/base64.h"

static void key_freep(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void bio_freep(BIO **bio)
{
    BIO_free(*bio);
}

static void md_ctx_freep(EVP_MD_CTX **ctx)
{
    EVP_MD_CTX_free(*ctx);
}

static bool is_p256(const EVP_PKEY *key)
{
    char group[32] = "";

    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof group,
                                          NULL) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

/* Without a password prompt: a public key has none, and whatever asks for one is no such key. */
static int no_password(char *buf, int size, int rwflag, void *u)
{
    (void)buf;
    (void)size;
    (void)rwflag;
    (void)u;
    return 0;
}

static enum kw_err read_key(struct str pem, EVP_PKEY **out)
{
    if (pem.n == 0 || pem.n > ECDSA_PEM_MAX)
        return KW_EFORMAT;
    AUTO(bio_freep) BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    if (bio == NULL)
        return KW_ENOMEM;
    AUTO(key_freep) EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, no_password, NULL);
    if (key == NULL || !is_p256(key))
        return KW_EFORMAT;
    *out = STEAL(key);
    return KW_OK;
}

enum kw_err ecdsa_check_key(struct str pem)
{
    AUTO(key_freep) EVP_PKEY *key = NULL;

    return read_key(pem, &key);
}

enum kw_err ecdsa_check(struct str pem, struct str message, struct str signature)
{
    uint8_t der[ECDSA_SIGNATURE_MAX];
    AUTO(key_freep) EVP_PKEY *key = NULL;
    size_t n;

    TRY(read_key(pem, &key));
    if (signature.n > ECDSA_SIGNATURE_MAX ||
        base64_get(signature, ECDSA_SIGNATURE_MAX, der, &n) != KW_OK)
        return KW_EDAMAGED;
    AUTO(md_ctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx == NULL || EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) != 1)
        return KW_ENOMEM;
    int ok = EVP_DigestVerify(ctx, der, n, (const uint8_t *)message.p, message.n);
    return ok == 1 ? KW_OK : KW_EDAMAGED;
}
