/* fuzz_event.c - an event that is taken is the same bytes when it is written again. */
#include "core/event.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct event e = {.count = 77};
    uint8_t again[EVENT_MAX];

    enum kw_err err = event_decode((struct str){(const char *)data, n}, &e);
    if (err != KW_OK) {
        MUST((err == KW_EDAMAGED || err == KW_EFORMAT) && e.count == 77 && e.kind == EVENT_NONE);
        return 0;
    }
    MUST(n <= EVENT_MAX && e.kind != EVENT_NONE && e.kind <= EVENT_WARNING);
    MUST((unsigned)e.reason < KW_N_REASONS);
    MUST(e.path.n <= EVENT_PATH_MAX && e.agent.n <= EVENT_AGENT_MAX && e.account.n <= KW_ACCOUNT_MAX);
    MUST(event_encode(&e, again) == n && memcmp(again, data, n) == 0);
    return 0;
}
