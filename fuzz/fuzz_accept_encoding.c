/* fuzz_accept_encoding.c - whoever is sent gzip has named it, or anything; and a refusal in front of all else counts. */
#include "fuzz.h"
#include "server/accept_encoding.h"

enum { TEXT_MAX = 512 };

static bool has_letter_g_or_star(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == 'g' || s.p[i] == 'G' || s.p[i] == '*')
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char refusal[] = "gzip;q=0,";
    struct str header = {(const char *)data, n};
    char text[TEXT_MAX];

    if (accept_encoding_gzip(header))
        MUST(has_letter_g_or_star(header));
    if (n > TEXT_MAX - sizeof refusal)
        return 0;
    memcpy(text, refusal, sizeof refusal - 1);
    if (n > 0)
        memcpy(text + sizeof refusal - 1, data, n); /* of nothing, data may be NULL */
    MUST(!accept_encoding_gzip((struct str){text, sizeof refusal - 1 + n}));
    return 0;
}
