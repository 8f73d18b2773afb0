/* latency.h - how long decisions took, in buckets of which each is a quarter of an octave. */
#ifndef WATCH_LATENCY_H
#define WATCH_LATENCY_H

#include "base/str.h"

/* The numbers stand in usage.db. Up to 8 ns each has its own; from there on each octave has four, so that the middle of one is
 * at most an eighth away from what lies in it. */
enum { LATENCY_BUCKETS = 124 };

uint8_t latency_bucket(uint32_t ns);

/* The middle of a bucket, in ns. */
uint32_t latency_middle(uint8_t bucket);

struct latency {
    uint64_t n[LATENCY_BUCKETS]; /* decisions */
    uint32_t most_ns;            /* the longest, exactly */
};

uint64_t latency_count(const struct latency *l);

/* How long so many in a hundred (1 to 100) took at most, as exactly as the buckets are, and never more than the longest; 0 where
 * there is none. */
uint32_t latency_within(const struct latency *l, unsigned percent);

#endif
