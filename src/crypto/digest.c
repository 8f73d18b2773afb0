/* digest.c - see digest.h. Fetching an EVP algorithm costs more than hashing a key, so it is
 * fetched once per process, and each thread keeps a context. */
#include "crypto/digest.h"

#include <openssl/evp.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_end;
static EVP_MD *sha256;
static __thread EVP_MD_CTX *context;

static void free_context(void *ctx)
{
    EVP_MD_CTX_free(ctx);
}

static void fetch(void)
{
    if (pthread_key_create(&thread_end, free_context) == 0)
        sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}

static enum kw_err make_context(void)
{
    pthread_once(&once, fetch);
    if (sha256 == NULL)
        return KW_ENOMEM;
    EVP_MD_CTX *fresh = EVP_MD_CTX_new();
    if (fresh == NULL || !EVP_DigestInit_ex2(fresh, sha256, NULL) ||
        pthread_setspecific(thread_end, fresh) != 0) {
        EVP_MD_CTX_free(fresh);
        return KW_ENOMEM;
    }
    context = fresh;
    return KW_OK;
}

enum kw_err digest_of_two(struct str a, struct str b, struct digest *out)
{
    if (context == NULL)
        TRY(make_context());
    if (!EVP_DigestInit_ex2(context, NULL, NULL) || !EVP_DigestUpdate(context, a.p, a.n) ||
        (b.n > 0 && !EVP_DigestUpdate(context, b.p, b.n)) ||
        !EVP_DigestFinal_ex(context, out->b, NULL))
        return KW_ENOMEM;
    return KW_OK;
}

enum kw_err digest_of(struct str text, struct digest *out)
{
    return digest_of_two(text, (struct str){0}, out);
}
