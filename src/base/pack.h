/* pack.h - numbers and strings to and from little-endian bytes, never past the end. */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* x86-64 and arm64 are little-endian, so a number is copied as it lies in memory. */
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "Keyward's formats are little-endian");

/* Writes into the caller's memory. What does not fit is not written and sets `overflow`, which the
 * caller reads once, at the end. In this header because every decision writes an event. */
struct packer {
    uint8_t *p;
    size_t n, cap;
    bool overflow;
};

static inline void pack_bytes(struct packer *to, const void *bytes, size_t n)
{
    if (to->overflow || to->cap - to->n < n) {
        to->overflow = true;
        return;
    }
    if (n > 0)
        memcpy(to->p + to->n, bytes, n);
    to->n += n;
}

static inline void pack_u8(struct packer *to, uint8_t v)
{
    pack_bytes(to, &v, sizeof v);
}

static inline void pack_u16(struct packer *to, uint16_t v)
{
    pack_bytes(to, &v, sizeof v);
}

static inline void pack_u32(struct packer *to, uint32_t v)
{
    pack_bytes(to, &v, sizeof v);
}

static inline void pack_u64(struct packer *to, uint64_t v)
{
    pack_bytes(to, &v, sizeof v);
}

/* One byte of length; more than 255 sets overflow. */
static inline void pack_str8(struct packer *to, struct str s)
{
    if (s.n > UINT8_MAX)
        to->overflow = true;
    pack_u8(to, (uint8_t)s.n);
    pack_bytes(to, s.p, s.n);
}

/* Four bytes of length. */
static inline void pack_str32(struct packer *to, struct str s)
{
    if (s.n > UINT32_MAX)
        to->overflow = true;
    pack_u32(to, (uint32_t)s.n);
    pack_bytes(to, s.p, s.n);
}

/* Reads from the caller's memory. What is not there reads as zero and sets `bad`, which the caller
 * reads once, at the end, together with unpack_done: bytes left over are an error too. */
struct unpacker {
    const uint8_t *p;
    size_t n;
    bool bad;
};

void unpack_bytes(struct unpacker *from, void *out, size_t n);
uint8_t unpack_u8(struct unpacker *from);
uint16_t unpack_u16(struct unpacker *from);
uint32_t unpack_u32(struct unpacker *from);
uint64_t unpack_u64(struct unpacker *from);
struct str unpack_str8(struct unpacker *from); /* borrows from the input */
struct str unpack_str32(struct unpacker *from);
static inline bool unpack_done(const struct unpacker *from)
{
    return !from->bad && from->n == 0;
}

#endif
