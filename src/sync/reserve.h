/* reserve.h - room on the disk that is kept, so that what takes a right away can be saved when the disk is full. */
#ifndef SYNC_RESERVE_H
#define SYNC_RESERVE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/macro.h"

enum { RESERVE_BYTES = 8 << 20 };

/* The disk counts as full from the moment the reserve cannot be made, or was given up, to the moment it
 * has been made again. Meanwhile whoever asks `is_full` first leaves what is left to what narrows.
 *
 * Threads   One at a time; the caller holds a lock. */
struct reserve {
    char path[PATH_MAX]; /* empty: there is none, and the disk never counts as full */
    bool is_held, is_full;
    bool failed;      /* it cannot be made for another reason than room; said once */
    uint64_t next_us; /* CLOCK_BOOTTIME */
};

void reserve_init(struct reserve *r, const char *path); /* NULL: none */

/* Makes the file where it is not held, at most once a second; logs what becomes of it. Where it cannot be made for another
 * reason than room, whether the disk is full stays as it was known. */
void reserve_tend(struct reserve *r, uint64_t now_us);

/* False: it was not held, and nothing is gained. */
bool reserve_give_up(struct reserve *r, uint64_t now_us) MUST_USE;

#endif
