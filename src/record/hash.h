/* hash.h - a quick hash for tables and filters; it keeps no secret. */
#ifndef RECORD_HASH_H
#define RECORD_HASH_H

#include "base/str.h"

static inline uint64_t hash_stir(uint64_t x)
{
    x = (x ^ x >> 32) * 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9u;
    return x ^ x >> 32;
}

/* The same bytes under another seed have another hash. */
static inline uint64_t hash_bytes(struct str s, uint64_t seed)
{
    uint64_t h = hash_stir(seed ^ s.n), word;

    for (; s.n >= sizeof word; s.p += sizeof word, s.n -= sizeof word) {
        memcpy(&word, s.p, sizeof word);
        h = hash_stir(h ^ word);
    }
    if (s.n == 0)
        return h;
    word = 0;
    memcpy(&word, s.p, s.n);
    return hash_stir(h ^ word);
}

#endif
