/* trusted.h - the time that can be trusted: what was saved, and the boot clock since; the wall clock is followed in small
 * steps only. */
#ifndef SYNC_TRUSTED_H
#define SYNC_TRUSTED_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define TRUSTED_OFF_US \
    ((int64_t)2 * 86400 * 1000000) /* a machine may be off for so long, and nobody doubts its clock */

enum {
    TRUSTED_JUMP_US = 10 * 1000 * 1000, /* more than this between two looks is a jump */
    TRUSTED_STEP_US = 5 * 1000,         /* a look follows by so much at most */
};

/* Whoever can set the wall clock could let expired keys live again, or open the next quota window. So a jump moves
 * nothing: it is told, and waits until trusted_accept, or until the wall clock is back. After a start of the machine nothing
 * says how long it was off: then the wall clock is believed, except that time never goes back behind what was saved.
 * That belief is good enough for a decision, which the next one mends, and not for what is gone for good: a clock whose battery is empty, or
 * whose year is wrong, is a start away. So what is ahead of all that is known by more than TRUSTED_OFF_US is doubted: whoever destroys
 * takes doubt_us off. Only trusted_accept ends the doubt; starts do not.
 *
 * Time comes in: boot_us by CLOCK_BOOTTIME, wall_us by CLOCK_REALTIME.
 * Threads   One at a time; the caller holds a lock. trusted_now_us alone: any, at any time. */
struct trusted {
    char path[PATH_MAX];       /* empty: nothing is saved */
    char boot[33];             /* the kernel's boot id in hex */
    _Atomic int64_t offset_us; /* trusted time minus boot clock; relaxed: nothing else depends on it */
    int64_t ahead_us;          /* wall clock minus trusted time, at the last look */
    int64_t doubt_us; /* trusted time minus what is known to have been, since; 0: no doubt */
    bool jumped;
    uint64_t next_save_us;
};

/* path NULL: begins at the wall clock. A file that is not ours counts as none; then known_us is all that is known: a time that has
 * been, 0: none, and nothing is doubted. */
void trusted_open(struct trusted *t, const char *path, int64_t known_us, uint64_t boot_us,
                  int64_t wall_us);

/* A look at the wall clock, every 100 ms; saves every 10 s. */
void trusted_look(struct trusted *t, uint64_t boot_us, int64_t wall_us);

int64_t trusted_now_us(const struct trusted *t, uint64_t boot_us);

void trusted_accept(struct trusted *t, uint64_t boot_us, int64_t wall_us);
void trusted_save(struct trusted *t, uint64_t boot_us);

#endif
