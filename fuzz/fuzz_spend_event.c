/* fuzz_spend_event.c - a spend that is taken off the record is the same bytes when it is written again. */
#include "core/spend_event.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct spend_event e = {.n = 77};
    uint8_t again[SPEND_EVENT_MAX];

    enum kw_err err = spend_event_decode((struct str){(const char *)data, n}, &e);
    if (err != KW_OK) {
        MUST((err == KW_EDAMAGED || err == KW_EFORMAT) && e.n == 77);
        return 0;
    }
    MUST(n <= SPEND_EVENT_MAX && e.what != SPEND_DID_NOTHING);
    /* A text that is no UTF-8 is cut, and was not written by us. */
    MUST(spend_event_encode(&e, again) <= n);
    return 0;
}
