/* fuzz_config.c - a configuration is read whole, within its bounds, or refused with a sentence. */
#include "config/config.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct config c = {.brand = "kept"};
    char why[CONFIG_WHY_MAX] = "";

    if (config_read((struct str){(const char *)data, n}, "/base", &c, why) != KW_OK) {
        MUST(why[0] != '\0' && str_eq(str_from(c.brand), STR("kept")));
        return 0;
    }
    MUST(key_brand_check(str_from(c.brand)) == KW_OK);
    MUST(c.etc_dir[0] == '/' && c.state_dir[0] == '/' && c.run_dir[0] == '/');
    MUST(c.ring_slots[0] == 0 || (c.ring_slots[0] & (c.ring_slots[0] - 1)) == 0);
    return 0;
}
