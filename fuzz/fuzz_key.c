/* fuzz_key.c - what parses as a key is, byte for byte, what printing its parts gives; what does not leaves no trace. */
#include "core/key.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void demand(bool truth)
{
    if (!truth)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const struct str brand = {"mk", 2}, text = {(const char *)bytes, n};
    struct key key = {0};
    char again[KEY_MAX];

    if (key_parse(text, brand, &key) != KW_OK) {
        demand(key.environment == KW_NO_ENVIRONMENT && key.id.p == NULL);
        return 0;
    }
    struct str secret = {text.p + n - KEY_SECRET_LEN - KEY_CHECK_LEN, KEY_SECRET_LEN};
    size_t n_again = key_print(brand, key.environment, key.id, secret, again);
    demand(str_eq((struct str){again, n_again}, text));
    return 0;
}
