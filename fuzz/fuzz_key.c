/* fuzz_key.c - what key_parse takes, key_print writes again; what it refuses, it leaves no trace of; and nothing is both a
 * key and a management token. */
#include "core/key.h"
#include "fuzz.h"

static struct str secret_of(struct str text)
{
    return (struct str){text.p + text.n - KEY_CHECK_LEN - KEY_SECRET_LEN, KEY_SECRET_LEN};
}

static bool is_admin(struct str text, struct str brand)
{
    struct str id = STR("untouched");
    char again[KEY_ADMIN_MAX];

    if (key_parse_admin(text, brand, &id) != KW_OK) {
        MUST(str_eq(id, STR("untouched")));
        return false;
    }
    size_t len = key_print_admin(brand, id, secret_of(text), again);
    MUST(key_id_ok(id) && str_eq((struct str){again, len}, text));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct str text = {(const char *)data, n}, brand = STR("mk");
    struct key key = {.id = STR("untouched")};
    char again[KEY_MAX];
    bool admin = is_admin(text, brand);

    if (key_parse(text, brand, &key) != KW_OK) {
        MUST(key.environment == KW_NO_ENVIRONMENT && str_eq(key.id, STR("untouched")));
        return 0;
    }
    MUST(!admin);
    MUST(key_id_ok(key.id) && key.id.p >= text.p && key.id.p + key.id.n <= text.p + text.n);
    size_t len = key_print(brand, key.environment, key.id, secret_of(text), again);
    MUST(str_eq((struct str){again, len}, text));
    return 0;
}
