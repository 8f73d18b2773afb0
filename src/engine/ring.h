/* ring.h - how events wait in shared memory until the recorder has put them on the record. */
#ifndef ENGINE_RING_H
#define ENGINE_RING_H

#include <assert.h>
#include <stdalign.h>
#include <stdatomic.h>

#include "core/event.h"

/* One file per verifier, run/rings/NNN, with two rings in it: `proved` (the secret matched) and
 * `unproved`:
 *
 *     header           one page
 *     commits          8 bytes per slot: proved, then unproved
 *     slots            384 bytes each: proved, then unproved
 *
 * Made by `keyward serve`; claimed by a verifier with a write lock on its open file description
 * (F_OFD_SETLK, byte 0), which is the verifier's sign of life. Positions count up for ever; slot =
 * position % n. A verifier reserves a position by compare-and-swap on `head` while head - tail < n,
 * writes the slot, then stores position + 1 into the commit word. The recorder reads from tail on,
 * as far as it finds positions committed, and moves tail when what it has read is durable.
 * Everything in the file but what the recorder wrote itself is hostile input to it: it reads and
 * writes with pread and pwrite, and believes nothing. */
enum {
    RING_FORMAT = 1,
    RING_PAGE = 4096,
    RING_SLOT = 384,
    RING_PROVED = 0,
    RING_UNPROVED = 1,
    RING_PROVED_SLOTS = 16384, /* what `serve` makes unless told otherwise; a power of two */
    RING_UNPROVED_SLOTS = 4096,
    RING_PAIRS_MAX = 1024,
    RING_FIRST_REASONS = 26, /* that the first format had; never changes */
    RING_LATER_REASONS = 38, /* room for */
};

#define RING_MAGIC "keyward ring"
#define RING_PATH \
    "%s/rings/%03u" /* the run folder, the number of the pair; numbers have no gaps \
                     */

struct ring_header {
    /* Written by serve when it makes the file. */
    char magic[16];
    uint32_t format;
    uint32_t n_slots[2];
    uint32_t zero;
    uint64_t ring_id; /* random, not 0: names this ring in the record */
    uint64_t file_size;

    /* Written by serve. The generation of the keyring in force: a verifier whose mapping has
     * another opens the path again before it decides. */
    alignas(64) _Atomic uint64_t keyring_generation;
    _Atomic uint64_t tail[2];

    /* Written by the verifier. */
    alignas(64) _Atomic uint64_t head[2];

    /* Attempts that found their ring full, by reason; they only grow. See ring_counted. */
    alignas(64) _Atomic uint64_t counted_first[2][RING_FIRST_REASONS];
    _Atomic uint64_t counted_later[2][RING_LATER_REASONS];
};
static_assert(sizeof(struct ring_header) <= RING_PAGE, "the header is one page");
static_assert(offsetof(struct ring_header, counted_first) == 192 &&
                  offsetof(struct ring_header, counted_later) == 608,
              "where the format has them");
static_assert(KW_N_REASONS <= RING_FIRST_REASONS + RING_LATER_REASONS, "each reason has a counter");

/* The counter of a reason. Those that came after the format was fixed lie behind the rest of the header, where an older
 * file has zeros and an older program does not look. */
static inline _Atomic uint64_t *ring_counted(struct ring_header *h, int ring, enum kw_reason why)
{
    unsigned n = (unsigned)why;

    return n < RING_FIRST_REASONS ? &h->counted_first[ring][n]
                                  : &h->counted_later[ring][n - RING_FIRST_REASONS];
}

struct ring_slot {
    uint16_t len;
    uint8_t event[EVENT_MAX]; /* event_encode; its ring and position fields name this ring and this
                                 position */
    uint8_t zero[RING_SLOT - 2 - EVENT_MAX];
};
static_assert(sizeof(struct ring_slot) == RING_SLOT, "a slot is six cache lines");

/* Offsets in the file; n_slots are powers of two. */
static inline uint64_t ring_commit_offset(const uint32_t n_slots[2], int ring, uint64_t position)
{
    uint64_t before = ring == RING_UNPROVED ? n_slots[RING_PROVED] : 0;
    return RING_PAGE + 8 * (before + (position & (n_slots[ring] - 1)));
}

static inline uint64_t ring_slot_offset(const uint32_t n_slots[2], int ring, uint64_t position)
{
    uint64_t before = ring == RING_UNPROVED ? n_slots[RING_PROVED] : 0;
    uint64_t all = (uint64_t)n_slots[0] + n_slots[1];
    uint64_t slots = (RING_PAGE + 8 * all + 63) / 64 * 64;
    return slots + RING_SLOT * (before + (position & (n_slots[ring] - 1)));
}

static inline uint64_t ring_file_size(const uint32_t n_slots[2])
{
    return ring_slot_offset(n_slots, RING_UNPROVED, n_slots[RING_UNPROVED] - 1u) + RING_SLOT;
}

#endif
