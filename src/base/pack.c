/* pack.c - see pack.h: what reads. */
#include "base/pack.h"

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
