/* layout.h - where the areas of a keyring are, and whether a header may be believed; for keyring/
 * alone. */
#ifndef KEYRING_LAYOUT_H
#define KEYRING_LAYOUT_H

#include "keyring/format.h"

/* An id's index entry is at most so far from where its search begins; the writer makes a larger
 * keyring before it would be further. */
enum { LAYOUT_PROBES_MAX = 512 };

/* Words of the index in a cache line. The index begins on a page and has at least one line. */
enum { LAYOUT_LINE = 8 };

/* Bytes of a bucket's tags, and how many records of families there are. */
enum { LAYOUT_TAGS = KEYRING_WAYS * sizeof(uint32_t) };
static inline uint64_t layout_families(const struct keyring_header *h)
{
    return 1 + (uint64_t)h->family_buckets * KEYRING_WAYS;
}

static inline const void *layout_at(const void *map, const struct keyring_area *area)
{
    return (const uint8_t *)map + area->offset;
}

/* Fills in the areas and the size of the file, from the caps, the index words and the sizes of heap
 * and policy areas. */
void layout_place(struct keyring_header *h, uint64_t heap_size, uint64_t policy_size);

/* Reads the fixed part of the header of a file of the given size and checks it. KW_EFORMAT,
 * KW_EDAMAGED. */
enum kw_err layout_read_header(int fd, uint64_t file_size, struct keyring_header *out) MUST_USE;

#endif
