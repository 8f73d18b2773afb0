/* fuzz_exposure.c - in what is redacted there is no credential any more, and nothing else is lost.
 */
#include "core/exposure.h"
#include "fuzz.h"

static void check(struct str text, struct str brand)
{
    const struct str header = STR("x-api-key");
    size_t cap = 3 * text.n + 16;
    char *out = malloc(cap), *again = malloc(cap);

    MUST(out != NULL && again != NULL);
    struct str once = {out, exposure_redact(text, brand, header, out, cap)};
    MUST(once.n <= cap && !exposure_found(once, brand));
    MUST(exposure_found(text, brand) || exposure_query_names(text, header) ||
         memmem(text.p, text.n, "?", 1) != NULL || str_eq(once, text));
    MUST(str_eq(once, (struct str){again, exposure_redact(once, brand, header, again, cap)}));
    size_t n = exposure_redact(text, brand, header, again, text.n / 2);
    MUST(n <= text.n / 2 && (n == 0 || memcmp(again, out, n) == 0));
    free(out);
    free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct str text = {data == NULL ? "" : (const char *)data, n};

    check(text, STR("mk"));
    check(text, (struct str){NULL, 0});
    return 0;
}
