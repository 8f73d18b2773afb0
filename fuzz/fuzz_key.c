/* fuzz_key.c - what key_parse takes, key_print writes again; what it refuses, it leaves no trace
 * of. */
#include "core/key.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct str text = {(const char *)data, n}, brand = STR("mk");
    struct key key = {.id = STR("untouched")};
    char again[KEY_MAX];

    if (key_parse(text, brand, &key) != KW_OK) {
        MUST(key.environment == KW_NO_ENVIRONMENT && str_eq(key.id, STR("untouched")));
        return 0;
    }
    MUST(key_id_ok(key.id) && key.id.p >= text.p && key.id.p + key.id.n <= text.p + text.n);
    struct str secret = {text.p + text.n - KEY_CHECK_LEN - KEY_SECRET_LEN, KEY_SECRET_LEN};
    size_t len = key_print(brand, key.environment, key.id, secret, again);
    MUST(str_eq((struct str){again, len}, text));
    return 0;
}
