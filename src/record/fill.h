/* fill.h - how full the rings are, looked at from outside: without a lock, and while the recorder works. */
#ifndef RECORD_FILL_H
#define RECORD_FILL_H

#include "engine/ring.h"

struct ring_fill {
    uint32_t n_rings; /* files */
    struct {
        uint64_t slots, waiting;                 /* of all rings of this kind */
        uint64_t fullest_slots, fullest_waiting; /* of the one that is nearest to being full */
    } kind[2];                                   /* RING_PROVED, RING_UNPROVED */
};

/* Reads the headers of run/rings. One that cannot be read, or does not hold, is left out: what to do about it is the
 * recorder's. */
void ring_fill(const char *run_dir, struct ring_fill *out);

#endif
