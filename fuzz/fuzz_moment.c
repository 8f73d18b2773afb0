/* fuzz_moment.c - a moment that can be read prints as a text that reads as the same moment. */
#include "core/expiry.h"
#include "core/moment.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    char printed[MOMENT_LEN + 1];
    int64_t ms = -1, again = -1, expiry = -1;

    if (expiry_parse(text, 0, &expiry) == KW_OK)
        MUST(expiry >= 0 && expiry <= EXPIRY_DAYS_MAX * (int64_t)86400000);
    if (moment_parse(text, &ms) != KW_OK) {
        MUST(ms == -1);
        return 0;
    }
    moment_print(ms, printed);
    MUST(moment_parse(str_from(printed), &again) == KW_OK && again == ms);
    return 0;
}
