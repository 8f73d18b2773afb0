/* format.c - what both sides of the keyring compute alike; see format.h. */
#include "keyring/format.h"

#include <stddef.h>

#include "base/crc32c.h"
#include "base/file.h"
#include "base/hex.h"

/* The high and low half of a 128-bit product: one multiplication mixes two words well. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t hash(struct str id, uint64_t seed)
{
    uint64_t first, last;

    memcpy(&first, id.p, sizeof first); /* the two overlap by two of the 14 bytes */
    memcpy(&last, id.p + KW_KEY_ID_LEN - sizeof last, sizeof last);
    uint64_t h = mix(first ^ seed, last ^ 0x9e3779b97f4a7c15u);
    return mix(h ^ seed, 0xd1b54a32d192ed03u);
}

struct keyring_buckets keyring_buckets_of(struct str id, uint64_t seed, uint32_t family_buckets)
{
    uint64_t h = hash(id, seed), other = mix(h, 0x9e3779b97f4a7c15u ^ seed);

    return (struct keyring_buckets){
        .tag = (uint32_t)(h >> 32) | 1,
        .bucket = {(uint32_t)h & (family_buckets - 1), (uint32_t)other & (family_buckets - 1)}};
}

struct keyring_hash keyring_hash_of(struct str id, uint64_t seed, uint32_t index_words)
{
    uint64_t h = hash(id, seed);

    return (struct keyring_hash){.tag = (uint32_t)(h >> 32), .word = (uint32_t)h & (index_words - 1)};
}

uint32_t keyring_header_crc(const struct keyring_header *h)
{
    struct keyring_header copy;
    size_t n = offsetof(struct keyring_header, file_size) + sizeof h->file_size;

    memcpy(&copy, h, n);
    copy.crc = 0;
    return crc32c(&copy, n);
}

uint32_t keyring_record_crc(const struct keyring_record *r)
{
    return crc32c((const uint8_t *)r + 8, sizeof *r - 8);
}

uint32_t keyring_account_crc(const struct keyring_account *a)
{
    return crc32c((const uint8_t *)a + 8, sizeof *a - 8);
}

uint32_t keyring_family_crc(const struct keyring_family *f)
{
    return crc32c((const uint8_t *)f + 8, sizeof *f - 8);
}

static uint64_t policy_check(uint64_t upper)
{
    return crc32c(&upper, sizeof upper) & 0xffff;
}

uint64_t keyring_policy_word(const struct keyring_policy_place *p)
{
    uint64_t upper = (uint64_t)(p->area & 1) << 63 | (uint64_t)(p->version & 0x7fffff) << 40 |
                     (uint64_t)(p->len & 0xffffff) << 16;

    return upper | policy_check(upper);
}

bool keyring_policy_place(uint64_t word, struct keyring_policy_place *out)
{
    uint64_t upper = word & ~(uint64_t)0xffff;

    if ((word & 0xffff) != policy_check(upper))
        return false;
    *out = (struct keyring_policy_place){.area = (unsigned)(word >> 63),
                                         .version = word >> 40 & 0x7fffff,
                                         .len = word >> 16 & 0xffffff};
    return true;
}

/* "2b0e3f7a-…-9c1d\n": 32 hex digits in five groups. */
enum kw_err keyring_boot_id(uint8_t out[16])
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(64);
    char digits[32];
    size_t n = 0;

    enum kw_err err = file_read("/proc/sys/kernel/random/boot_id", &text);
    if (err != KW_OK)
        return err == KW_ENOMEM ? KW_ENOMEM : KW_EIO;
    for (size_t i = 0; i < text.n && n < sizeof digits; i++)
        if (text.p[i] != '-')
            digits[n++] = text.p[i];
    return hex_get((struct str){digits, n}, out, 16) == KW_OK ? KW_OK : KW_EIO;
}
