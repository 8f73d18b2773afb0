/* random.c - see random.h. */
#include "crypto/random.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "base/base62.h"

enum kw_err random_bytes(void *out, size_t n)
{
    return n <= INT_MAX && RAND_priv_bytes(out, (int)n) == 1 ? KW_OK : KW_EIO;
}

enum kw_err random_base62(char *out, size_t n)
{
    uint8_t raw[64];

    for (size_t done = 0; done < n;) {
        TRY(random_bytes(raw, sizeof raw));
        done += base62_draw(raw, sizeof raw, out + done, n - done);
    }
    OPENSSL_cleanse(raw, sizeof raw);
    return KW_OK;
}
