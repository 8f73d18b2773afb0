/* reader.h - what the files of the keyring's read side share. */
#ifndef KEYRING_READER_H
#define KEYRING_READER_H

#include <sys/types.h>

#include "keyring/layout.h"
#include "keyring/read.h"

enum { READER_SPINS = 1000 }; /* a record is being written for some 50 ns at a time */

struct keyring {
    const uint8_t *map;
    struct keyring_header head; /* copy of the fixed part, checked */
    ino_t inode;
    dev_t device;
};

/* Copies n bytes (a multiple of 8) that begin with a sequence lock; false while they are being
 * written, or when the writer died in the middle of it. */
static inline bool reader_copy(const void *from, void *to, size_t n)
{
    const _Atomic uint64_t *words = from;
    const _Atomic uint32_t *seq = from, *crc = seq + 1; /* written by themselves, so read so */
    uint64_t *copy = to;
    uint32_t *first = to;

    for (int spin = 0; spin < READER_SPINS; spin++) {
        uint32_t before = atomic_load_explicit(seq, memory_order_acquire);
        first[0] = before;
        first[1] = atomic_load_explicit(crc, memory_order_relaxed);
#pragma GCC unroll 8
        for (size_t i = 1; i < n / sizeof *copy; i++)
            copy[i] = atomic_load_explicit(&words[i], memory_order_relaxed);
        atomic_thread_fence(memory_order_acquire);
        if (before % 2 == 0 && atomic_load_explicit(seq, memory_order_relaxed) == before)
            return true;
    }
    return false;
}

#endif
