/* crc32c.c - see crc32c.h. SSE4.2 where the CPU has it, a nibble table of 64 bytes otherwise. */
#include "base/crc32c.h"

#include <string.h>

/* CRC of each nibble, polynomial 0x82f63b78 (reflected). */
static const uint32_t nibble[16] = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
    0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

static uint32_t by_table(uint32_t before, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    uint32_t crc = ~before;

    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        crc = nibble[crc & 15] ^ (crc >> 4);
        crc = nibble[crc & 15] ^ (crc >> 4);
    }
    return ~crc;
}

uint32_t crc32c_portable(const void *bytes, size_t n)
{
    return by_table(0, bytes, n);
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t by_sse42(uint32_t before, const void *bytes,
                                                           size_t n)
{
    const uint8_t *p = bytes;
    uint64_t crc = (uint32_t)~before;
    uint64_t word;
    uint32_t half;

    for (; n >= sizeof word; p += sizeof word, n -= sizeof word) {
        memcpy(&word, p, sizeof word);
        crc = __builtin_ia32_crc32di(crc, word);
    }
    if (n >= sizeof half) {
        memcpy(&half, p, sizeof half);
        crc = __builtin_ia32_crc32si((uint32_t)crc, half);
        p += sizeof half;
        n -= sizeof half;
    }
    for (; n > 0; p++, n--)
        crc = __builtin_ia32_crc32qi((uint32_t)crc, *p);
    return ~(uint32_t)crc;
}

uint32_t crc32c_more(uint32_t before, const void *bytes, size_t n)
{
    return __builtin_cpu_supports("sse4.2") ? by_sse42(before, bytes, n) : by_table(before, bytes, n);
}

#else

uint32_t crc32c_more(uint32_t before, const void *bytes, size_t n)
{
    return by_table(before, bytes, n);
}

#endif

uint32_t crc32c(const void *bytes, size_t n)
{
    return crc32c_more(0, bytes, n);
}
