/* words.h - bytes that another thread or process may be writing: touched as relaxed atomic words only.
 *
 * What is read may be a mixture of before and after. Whoever reads finds out afterwards whether it counts, by a word that
 * the writer changes (C11 section 5.1.2.4: without atomics already the reading would be undefined). Shared bytes lie at a
 * multiple of WORD, and lengths are multiples of it unless said otherwise. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include "base/str.h"

enum { WORD = 4 };

/* Whether a place is one where shared bytes may lie. */
static inline bool words_at(const void *place)
{
    return (uintptr_t)place % WORD == 0;
}

void words_load(void *to, const void *shared, size_t n);

/* Of any length: the last word is filled up with zeros. */
void words_store(void *shared, const void *from, size_t n);

/* The checksum of shared bytes. */
uint32_t words_crc32c(const void *shared, size_t n);

/* Whether shared bytes are those of a text, of any length; reads up to the end of the last word. */
bool words_are(const void *shared, struct str text);

#endif
