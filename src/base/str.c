/* str.c - see str.h. */
#include "base/str.h"

bool str_cut(struct str s, char c, struct str *head, struct str *rest)
{
    const char *at = s.n == 0 ? NULL : memchr(s.p, c, s.n);

    if (at == NULL)
        return false;
    *head = (struct str){s.p, (size_t)(at - s.p)};
    *rest = (struct str){at + 1, s.n - head->n - 1};
    return true;
}

bool str_only(struct str s, const char *chars)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\0' || strchr(chars, s.p[i]) == NULL)
            return false;
    return true;
}

size_t str_index(struct str s, const char *const *first, size_t stride, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *word;
        memcpy(&word, (const char *)first + i * stride, sizeof word);
        if (word != NULL && str_eq(s, str_from(word)))
            return i;
    }
    return n;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    while (s.n > 0 && is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

enum kw_err str_u64(struct str s, uint64_t max, uint64_t *out)
{
    uint64_t value = 0;

    if (s.n == 0 || !str_only(s, "0123456789") || (s.n > 1 && s.p[0] == '0'))
        return KW_ESYNTAX;
    for (size_t i = 0; i < s.n; i++)
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(s.p[i] - '0'), &value))
            return KW_ERANGE;
    if (value > max)
        return KW_ERANGE;
    *out = value;
    return KW_OK;
}
