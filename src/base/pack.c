/* pack.c - see pack.h. x86-64 and arm64 are little-endian, so a number is copied as it lies in
 * memory. */
#include "base/pack.h"

#include <assert.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "Keyward's formats are little-endian");

void pack_bytes(struct packer *to, const void *bytes, size_t n)
{
    if (to->overflow || to->cap - to->n < n) {
        to->overflow = true;
        return;
    }
    if (n > 0)
        memcpy(to->p + to->n, bytes, n);
    to->n += n;
}

void pack_u8(struct packer *to, uint8_t v)
{
    pack_bytes(to, &v, sizeof v);
}

void pack_u16(struct packer *to, uint16_t v)
{
    pack_bytes(to, &v, sizeof v);
}

void pack_u32(struct packer *to, uint32_t v)
{
    pack_bytes(to, &v, sizeof v);
}

void pack_u64(struct packer *to, uint64_t v)
{
    pack_bytes(to, &v, sizeof v);
}

void pack_str8(struct packer *to, struct str s)
{
    if (s.n > UINT8_MAX)
        to->overflow = true;
    pack_u8(to, (uint8_t)s.n);
    pack_bytes(to, s.p, s.n);
}

void pack_str32(struct packer *to, struct str s)
{
    if (s.n > UINT32_MAX)
        to->overflow = true;
    pack_u32(to, (uint32_t)s.n);
    pack_bytes(to, s.p, s.n);
}

void unpack_bytes(struct unpacker *from, void *out, size_t n)
{
    if (from->bad || from->n < n) {
        from->bad = true;
        memset(out, 0, n);
        return;
    }
    memcpy(out, from->p, n);
    from->p += n;
    from->n -= n;
}

uint8_t unpack_u8(struct unpacker *from)
{
    uint8_t v;

    unpack_bytes(from, &v, sizeof v);
    return v;
}

uint16_t unpack_u16(struct unpacker *from)
{
    uint16_t v;

    unpack_bytes(from, &v, sizeof v);
    return v;
}

uint32_t unpack_u32(struct unpacker *from)
{
    uint32_t v;

    unpack_bytes(from, &v, sizeof v);
    return v;
}

uint64_t unpack_u64(struct unpacker *from)
{
    uint64_t v;

    unpack_bytes(from, &v, sizeof v);
    return v;
}

static struct str unpack_str(struct unpacker *from, size_t n)
{
    if (from->bad || from->n < n) {
        from->bad = true;
        return (struct str){0};
    }
    struct str s = {(const char *)from->p, n};
    from->p += n;
    from->n -= n;
    return s;
}

struct str unpack_str8(struct unpacker *from)
{
    return unpack_str(from, unpack_u8(from));
}

struct str unpack_str32(struct unpacker *from)
{
    return unpack_str(from, unpack_u32(from));
}
