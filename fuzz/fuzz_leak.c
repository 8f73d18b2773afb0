/* fuzz_leak.c - a leak that is taken is the same bytes when it is written again. */
#include "fuzz.h"
#include "record/leak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct leak l = {.summed = 77};
    uint8_t again[LEAK_MAX];

    enum kw_err err = leak_decode((struct str){(const char *)data, n}, &l);
    if (err != KW_OK) {
        MUST((err == KW_EDAMAGED || err == KW_EFORMAT) && l.summed == 77 && l.what == LEAK_NONE);
        return 0;
    }
    MUST(n <= LEAK_MAX && l.what != LEAK_NONE && (unsigned)l.what < LEAK_N_WHATS);
    MUST((unsigned)l.by < LEAK_N_BYS && l.url.n <= LEAK_URL_MAX);
    MUST(leak_encode(&l, again) == n && memcmp(again, data, n) == 0);
    return 0;
}
