/* tally.h - what is counted while keyward serve runs, for /metrics. */
#ifndef SERVER_TALLY_H
#define SERVER_TALLY_H

#include <stdatomic.h>

#include "core/warning.h"

enum { TALLY_BOUNDS = 14 };

/* Any thread may add and read: each number is relaxed, as nothing else depends on it. Zeroed memory is an empty one. */
struct tally {
    _Atomic uint64_t decisions[EVENT_GAP + 1][KW_N_REASONS]; /* on the record since the start */
    _Atomic uint64_t warnings[N_WARNINGS];                   /* of these, too */
    _Atomic uint64_t revocations[TALLY_BOUNDS + 1]; /* by how long they took; the last: longer */
    _Atomic uint64_t revocations_us;                /* all of them together */
};

/* Upper ends of `revocations`, in microseconds. */
extern const uint64_t tally_bounds_us[TALLY_BOUNDS];

void tally_event(struct tally *t, const struct event *e);
void tally_revocation(struct tally *t, uint64_t took_us);

static inline uint64_t tally_read(const _Atomic uint64_t *n)
{
    return atomic_load_explicit(n, memory_order_relaxed);
}

#endif
