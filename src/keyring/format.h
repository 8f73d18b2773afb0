/* format.h - how the keyring lies in shared memory. */
#ifndef KEYRING_FORMAT_H
#define KEYRING_FORMAT_H

#include <assert.h>
#include <stdalign.h>
#include <stdatomic.h>

#include "core/family.h"

/* One file, written by `keyward serve` alone and mapped read-only by every verifier:
 *
 *     header     one page
 *     accounts   account_cap × 64 bytes, by account slot
 *     records    record_cap × 192 bytes, by key slot; 0 is what an unknown id is compared with
 *     index      index_words × 8 bytes: 32-bit tag of the id's hash, 32-bit slot; open addressing,
 * load at most 1/2 heap       lists of address rules, append-only policy     two areas of equal
 * size, used in turn: the compiled route table
 *     tags       family_buckets × 64 bytes: the 32-bit tags of the ids' hashes, by place
 *     families   (1 + family_buckets × 16) × 128 bytes: access tokens; 0 is what an unknown id is compared with
 *
 * A family lies in one of the 16 places of one of two buckets, which its id says. The place of one whose access tokens have expired is
 * anybody's.
 *
 * All areas have their final size from the beginning; when one is full, a new file takes the place
 * of this one. */
enum {
    KEYRING_FORMAT = 3,
    KEYRING_PAGE = 4096,
    KEYRING_INLINE_RULES = 2,
    KEYRING_WAYS = 16, /* places of a bucket: their tags are one cache line */
    KEYRING_BRAND_MAX = 8,
};

#define KEYRING_MAGIC "keyward keyring"

/* Environments lie in the header: theirs is a kind for `pending` only. */
enum keyring_kind {
    KEYRING_EMPTY = 0,
    KEYRING_KEY = 1,
    KEYRING_ACCOUNT = 2,
    KEYRING_ENVIRONMENT = 3,
    KEYRING_FAMILY = 4
};

struct keyring_area {
    uint64_t offset, size; /* bytes */
};

struct keyring_header {
    /* Fixed when the file is made, under `crc`. */
    char magic[16];
    uint32_t format, crc; /* crc: CRC-32C of the fixed part, with crc itself as zero */
    uint64_t generation;  /* random */
    uint8_t boot_id[16];
    uint64_t hash_seed;
    uint32_t record_cap, account_cap, index_words, family_buckets;
    uint32_t brand_len;
    char brand[KEYRING_BRAND_MAX];
    struct keyring_area accounts, records, index, heap, policy[2], tags, families;
    uint64_t file_size;

    /* Changes while it is in use, each word by itself; what a decision depends on carries its own
     * check. */
    alignas(64) _Atomic uint64_t heartbeat_us; /* CLOCK_BOOTTIME of the writer's last sign of life */
    _Atomic int64_t wall_offset_us;            /* wall clock minus boot clock */
    _Atomic int64_t wall_check;                /* its complement */
    _Atomic uint64_t policy_word;              /* see keyring_policy_word */
    _Atomic uint64_t freeze[3]; /* by enum kw_environment, [0] unused: enum freeze, its complement above it */
    _Atomic uint32_t retired;               /* 1: another file has taken this one's place */
    _Atomic uint32_t n_records, n_accounts; /* slots in use are below these */
    _Atomic uint64_t heap_used;
    _Atomic uint64_t change_seq; /* number of the last change_log entry that is in here */
    _Atomic uint64_t pending;    /* kind (upper 32 bits) and slot of an object that is published and
                                    not yet saved */
    _Atomic uint64_t change_mark; /* of that entry: its number alone could be another database's */
    _Atomic uint64_t settled_us; /* CLOCK_BOOTTIME from which on nobody decides by files that are older than this one and
                                     out of reach; 0: nobody ever did */
};

/* A policy's area (0, 1), version (23 bits), length (24 bits) and a check of these three, in one
 * word; 0: no policy. */
struct keyring_policy_place {
    unsigned area;
    uint32_t version, len;
};
uint64_t keyring_policy_word(const struct keyring_policy_place *p);
bool keyring_policy_place(uint64_t word,
                          struct keyring_policy_place *out); /* false: the check does not hold */

static inline uint64_t keyring_freeze_word(uint32_t bits)
{
    return (uint64_t)~bits << 32 | bits;
}

struct keyring_rule { /* struct address_rule, padded */
    uint8_t net[16];
    uint8_t prefix, classes;
    uint8_t zero[6];
};

/* A record is written under its sequence lock: odd while being written. crc covers all behind it.
 */
struct keyring_record {
    _Atomic uint32_t seq;
    uint32_t crc;
    uint8_t kind, environment, permissions, state;
    char id[KW_KEY_ID_LEN];
    uint8_t n_rules, quota_window;
    uint32_t account_slot, version, generation;
    uint32_t rate_n, rate_window_s, rate_burst, quota_n;
    int64_t expires_ms;
    uint8_t digest[GRANT_DIGEST_LEN], old_digest[GRANT_DIGEST_LEN];
    int64_t old_ends_ms;        /* as in struct grant */
    uint32_t only_reads_from_s; /* wall clock; 0: never */
    uint8_t frozen;             /* enum freeze */
    uint8_t zero[3];
    union {
        struct keyring_rule rules[KEYRING_INLINE_RULES];
        uint64_t heap_offset; /* of the rules, within the heap, when there are more */
    };
};
struct keyring_account { /* written and checked in the same way */
    _Atomic uint32_t seq;
    uint32_t crc;
    uint8_t kind; /* KEYRING_ACCOUNT */
    uint8_t state, frozen, id_len, n_rules;
    uint8_t zero[3];
    uint32_t version, heap_offset_8; /* offset of the rules within the heap, in units of 8 bytes */
    char id[KW_ACCOUNT_MAX];
};
static_assert(sizeof(struct keyring_account) == 64, "an account is one cache line");

/* The access tokens of a family: the current one, and the one before. Written and checked in the same way. */
struct keyring_family {
    _Atomic uint32_t seq;
    uint32_t crc;
    uint8_t kind; /* KEYRING_FAMILY */
    uint8_t permissions, state;
    uint8_t zero;
    uint32_t key_slot; /* whose record says the rest */
    uint64_t secret_mark;
    char id[KW_KEY_ID_LEN];
    uint8_t zeros[2];
    uint32_t slot, version; /* of its row in the store */
    uint8_t digest[GRANT_DIGEST_LEN], old_digest[GRANT_DIGEST_LEN];
    int64_t ends_ms, old_ends_ms;
};
static_assert(sizeof(struct keyring_family) == 128, "a family is two cache lines");

/* A list in the heap: its CRC-32C, how many rules, the rules. */
struct keyring_list {
    uint32_t crc, n;
    struct keyring_rule rules[];
};

/* Where an id's index entries begin, and their tag. Both sides compute it in the same way. */
struct keyring_hash {
    uint32_t tag, word;
};
struct keyring_hash keyring_hash_of(struct str id, uint64_t seed, uint32_t index_words);

/* The two buckets of a family's id, and its tag, which is never 0: that is a free place. */
struct keyring_buckets {
    uint32_t tag, bucket[2];
};
struct keyring_buckets keyring_buckets_of(struct str id, uint64_t seed, uint32_t family_buckets);

uint32_t keyring_family_crc(const struct keyring_family *f);
uint32_t keyring_header_crc(const struct keyring_header *h);
uint32_t keyring_record_crc(const struct keyring_record *r);
uint32_t keyring_account_crc(const struct keyring_account *a);

/* This boot, from /proc/sys/kernel/random/boot_id. KW_ENOMEM, KW_EIO. */
enum kw_err keyring_boot_id(uint8_t out[16]) MUST_USE;

static_assert(sizeof(struct keyring_record) == 192, "a record is three cache lines");

#endif
