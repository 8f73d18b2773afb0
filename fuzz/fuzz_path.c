/* fuzz_path.c - a path that is read can be read in that one way only. */
#include "base/utf8.h"
#include "core/path.h"
#include "fuzz.h"

static bool holds(struct str s, const char *part)
{
    return s.n > 0 && memmem(s.p, s.n, part, strlen(part)) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const struct str raw = {(const char *)data, n};
    struct str out = STR("untouched"), again;
    char buf[KW_PATH_MAX], other[KW_PATH_MAX];

    if (path_read(raw, buf, &out) != KW_OK) {
        MUST(str_eq(out, STR("untouched")));
        return 0;
    }
    MUST(out.n <= raw.n && out.p[0] == '/' && utf8_valid(out) && path_is_decoded(out));
    MUST(!holds(out, "//") && !holds(out, "/../") && !holds(out, "/./") && !holds(out, "\\"));
    bool encoded = memchr(raw.p, '%', raw.n) != NULL;
    MUST(encoded || out.p == raw.p);
    if (memchr(out.p, '%', out.n) == NULL) /* "100%" is read from "100%25" only */
        MUST(path_read(out, other, &again) == KW_OK && str_eq(out, again));
    return 0;
}
