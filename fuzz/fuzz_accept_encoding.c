/* fuzz_accept_encoding.c - whoever is sent brotli has named it, and whoever is sent gzip that, or anything; and a refusal in front of all else counts. */
#include "fuzz.h"
#include "server/accept_encoding.h"

enum { TEXT_MAX = 512 };

static bool has_one_of(struct str s, const char *bytes)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\0' && strchr(bytes, s.p[i]) != NULL)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char refusal[] = "gzip;q=0,br;q=0,";
    struct str header = {(const char *)data, n};
    char text[TEXT_MAX];

    if (accept_encoding_gzip(header))
        MUST(has_one_of(header, "gG*"));
    if (accept_encoding_br(header))
        MUST(has_one_of(header, "bB"));
    if (n > TEXT_MAX - sizeof refusal)
        return 0;
    memcpy(text, refusal, sizeof refusal - 1);
    if (n > 0)
        memcpy(text + sizeof refusal - 1, data, n); /* of nothing, data may be NULL */
    header = (struct str){text, sizeof refusal - 1 + n};
    MUST(!accept_encoding_gzip(header) && !accept_encoding_br(header));
    return 0;
}
