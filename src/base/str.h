/* str.h - text from outside: a pointer and a length, never a terminator. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/macro.h"

struct str { /* borrows; {NULL, 0} is the empty string */
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){("" literal), sizeof(literal) - 1})

/* The same, to initialise what is static. */
#define STR_INIT(literal)                 \
    {                                     \
        ("" literal), sizeof(literal) - 1 \
    }

static inline struct str str_from(const char *terminated)
{
    return (struct str){terminated, terminated == NULL ? 0 : strlen(terminated)};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

/* Splits s at the first c: *head before it, *rest behind it. False, and nothing written, when there
 * is none. Either pointer may be that of s itself. */
bool str_cut(struct str s, char c, struct str *head, struct str *rest);

/* Takes n bytes from the front of *s into *head. False, and nothing written, when there are fewer.
 */
static inline bool str_take(struct str *s, size_t n, struct str *head)
{
    if (s->n < n)
        return false;
    *head = (struct str){s->p, n};
    *s = n == 0 ? *s : (struct str){s->p + n, s->n - n};
    return true;
}

/* Whether s consists of the given characters only (ASCII, terminated). The empty string does. */
bool str_only(struct str s, const char *chars);

/* Which word of a table s is, from 0; n: none. The words are terminated, and lie `stride` bytes apart; a gap is NULL, which nothing
 * is. STR_IN is for an array of words, STR_IN_BY for one of structs with a word in them; COUNT_OF the array: none. */
size_t str_index(struct str s, const char *const *first, size_t stride, size_t n);
#define STR_IN(s, words) str_index((s), &(words)[0], sizeof(words)[0], COUNT_OF(words))
#define STR_IN_BY(s, table, member) \
    str_index((s), &(table)[0].member, sizeof(table)[0], COUNT_OF(table))

/* s without spaces, tabs, CR and LF at its ends. */
struct str str_trim(struct str s);

/* The decimal number that is all of s: digits only, no sign, no space, no leading zero but "0"
 * itself. KW_ESYNTAX, or KW_ERANGE above max. */
enum kw_err str_u64(struct str s, uint64_t max, uint64_t *out);

#endif
