/* latency.c - see latency.h. */
#include "watch/latency.h"

enum { PARTS_BITS = 2, PARTS = 1 << PARTS_BITS };

/* The number of a bucket is that of its octave, and of its part of it: the two bits below the highest. */
uint8_t latency_bucket(uint32_t ns)
{
    if (ns < PARTS)
        return (uint8_t)ns;
    unsigned octave = 31 - (unsigned)__builtin_clz(ns),
             part = ns >> (octave - PARTS_BITS) & (PARTS - 1);
    return (uint8_t)((octave - 1) * PARTS + part);
}

uint32_t latency_middle(uint8_t bucket)
{
    if (bucket < PARTS)
        return bucket;
    unsigned shift = bucket / PARTS - 1;
    uint32_t low = (uint32_t)(PARTS + bucket % PARTS) << shift;
    return low + (((uint32_t)1 << shift) - 1) / 2;
}

uint64_t latency_count(const struct latency *l)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < LATENCY_BUCKETS; i++)
        sum += l->n[i];
    return sum;
}

uint32_t latency_within(const struct latency *l, unsigned percent)
{
    uint64_t all = latency_count(l), sum = 0;
    uint64_t wanted = all - all / 100 * (100 - percent) - all % 100 * (100 - percent) / 100;

    for (size_t i = 0; i < LATENCY_BUCKETS; i++) {
        sum += l->n[i];
        if (sum >= wanted && sum > 0) {
            uint32_t middle = latency_middle((uint8_t)i);
            return middle < l->most_ns ? middle : l->most_ns;
        }
    }
    return 0;
}
