/* words.c - see words.h. */
#include "base/words.h"

#include <stdatomic.h>

#include "base/crc32c.h"

enum { PIECE = 64 }; /* bytes looked at in one go */

static size_t piece(size_t n)
{
    return n < PIECE ? n : PIECE;
}

void words_load(void *to, const void *shared, size_t n)
{
    const _Atomic uint32_t *from = shared;
    char *p = to;

    for (size_t i = 0; i < n / WORD; i++) {
        uint32_t word = atomic_load_explicit(&from[i], memory_order_relaxed);
        memcpy(p + i * WORD, &word, WORD);
    }
}

void words_store(void *shared, const void *from, size_t n)
{
    _Atomic uint32_t *to = shared;
    const char *p = from;

    for (size_t i = 0; i < n; i += WORD) {
        uint32_t word = 0;
        memcpy(&word, p + i, n - i < WORD ? n - i : WORD);
        atomic_store_explicit(&to[i / WORD], word, memory_order_relaxed);
    }
}

uint32_t words_crc32c(const void *shared, size_t n)
{
    const char *from = shared;
    uint32_t crc = 0;

    for (size_t at = 0; at < n; at += PIECE) {
        char copy[PIECE] UNINIT;
        words_load(copy, from + at, piece(n - at));
        crc = crc32c_more(crc, copy, piece(n - at));
    }
    return crc;
}

bool words_are(const void *shared, struct str text)
{
    const char *from = shared;

    for (size_t at = 0; at < text.n; at += PIECE) {
        char copy[PIECE] UNINIT;
        size_t n = piece(text.n - at);
        words_load(copy, from + at, (n + WORD - 1) / WORD * WORD);
        if (memcmp(copy, text.p + at, n) != 0)
            return false;
    }
    return true;
}
