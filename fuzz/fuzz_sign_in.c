/* fuzz_sign_in.c - a sign-in that is taken is the same bytes when it is written again. */
#include "fuzz.h"
#include "record/sign_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct sign_in s = {.summed = 77};
    uint8_t again[SIGN_IN_MAX];

    enum kw_err err = sign_in_decode((struct str){(const char *)data, n}, &s);
    if (err != KW_OK) {
        MUST((err == KW_EDAMAGED || err == KW_EFORMAT) && s.summed == 77 && s.what == SIGN_IN_NONE);
        return 0;
    }
    MUST(n <= SIGN_IN_MAX && s.what != SIGN_IN_NONE && (unsigned)s.what < SIGN_IN_N_WHATS);
    MUST((unsigned)s.why < SIGN_IN_N_WHYS && s.email.n <= SIGN_IN_EMAIL_MAX);
    MUST(sign_in_encode(&s, again) == n && memcmp(again, data, n) == 0);
    return 0;
}
