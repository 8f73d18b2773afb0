/* password.c - see password.h. libargon2 wipes its blocks by itself (FLAG_clear_internal_memory is 1 unless somebody sets it),
 * leaves the password to its owner, and compares in constant time. */
#include "crypto/password.h"

#include <argon2.h>
#include <openssl/crypto.h>

#include "crypto/random.h"

enum {
    MEMORY_KIB = 19456,
    PASSES = 2,
    LANES = 1,
    SALT_LEN = 16,
    HASH_LEN = 32,
    MEMORY_KIB_MAX = 65536,
    PASSES_MAX = 10,
    LANES_MAX = 4,
};

#define PARAMETERS "$argon2id$v=19$m=19456,t=2,p=1$"

static enum kw_err err_of(int result)
{
    return result == ARGON2_MEMORY_ALLOCATION_ERROR ? KW_ENOMEM : KW_EFORMAT;
}

enum kw_err password_hash(struct str password, char out[PASSWORD_HASH_MAX + 1])
{
    uint8_t salt[SALT_LEN];
    char encoded[PASSWORD_HASH_MAX + 1];

    if (password.n > PASSWORD_BYTES_MAX)
        return KW_ERANGE;
    TRY(random_bytes(salt, sizeof salt));
    int result = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.p, password.n, salt,
                                       sizeof salt, HASH_LEN, encoded, sizeof encoded);
    if (result != ARGON2_OK)
        return KW_ENOMEM;
    memcpy(out, encoded, sizeof encoded);
    return KW_OK;
}

/* "m=19456" up to the delimiter. */
static enum kw_err read_parameter(struct str *s, const char *name, char end, uint64_t max)
{
    struct str label, digits;
    uint64_t value;

    if (!str_take(s, 2, &label) || !str_eq(label, str_from(name)) || !str_cut(*s, end, &digits, s))
        return KW_EFORMAT;
    return str_u64(digits, max, &value) == KW_OK && value > 0 ? KW_OK : KW_EFORMAT;
}

/* What it costs is read before it is paid. The rest of the form is libargon2's to check. */
static enum kw_err check_cost(struct str encoded)
{
    struct str head;

    if (encoded.n > PASSWORD_HASH_MAX || memchr(encoded.p, '\0', encoded.n) != NULL ||
        !str_starts(encoded, STR("$argon2id$v=19$")) || !str_take(&encoded, 15, &head))
        return KW_EFORMAT;
    TRY(read_parameter(&encoded, "m=", ',', MEMORY_KIB_MAX));
    TRY(read_parameter(&encoded, "t=", ',', PASSES_MAX));
    return read_parameter(&encoded, "p=", '$', LANES_MAX);
}

enum kw_err password_verify(struct str encoded, struct str password, bool *matches)
{
    char terminated[PASSWORD_HASH_MAX + 1] = {0};

    if (encoded.n == 0)
        return KW_EFORMAT;
    TRY(check_cost(encoded));
    if (password.n > PASSWORD_BYTES_MAX) {
        *matches = false;
        return KW_OK;
    }
    memcpy(terminated, encoded.p, encoded.n);
    int result = argon2id_verify(terminated, password.p, password.n);
    if (result != ARGON2_OK && result != ARGON2_VERIFY_MISMATCH)
        return err_of(result);
    *matches = result == ARGON2_OK;
    return KW_OK;
}

bool password_needs_rehash(struct str encoded)
{
    size_t n = argon2_encodedlen(PASSES, MEMORY_KIB, LANES, SALT_LEN, HASH_LEN, Argon2_id) - 1;

    return encoded.n != n || !str_starts(encoded, STR(PARAMETERS));
}

struct str password_dummy(void)
{
    return STR(PARAMETERS "a2V5d2FyZCBub2JvZHkhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}
