/* fuzz_reading.c - a reading that is taken is the same bytes when it is written again. */
#include "fuzz.h"
#include "record/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct reading l = {.summed = 77};
    uint8_t again[READING_MAX];

    enum kw_err err = reading_decode((struct str){(const char *)data, n}, &l);
    if (err != KW_OK) {
        MUST((err == KW_EDAMAGED || err == KW_EFORMAT) && l.summed == 77 && l.what == READING_NONE);
        return 0;
    }
    MUST(n <= READING_MAX && l.what != READING_NONE && (unsigned)l.what < READING_N_WHATS);
    MUST(l.filter.n <= READING_FILTER_MAX);
    MUST(reading_encode(&l, again) == n && memcmp(again, data, n) == 0);
    return 0;
}
