/* read_family.c - access tokens in the keyring, as a verifier looks them up; see read.h. */
#include "keyring/reader.h"

static struct keyring_buckets buckets_of(const struct keyring *k, struct str id)
{
    return keyring_buckets_of(id, k->head.hash_seed, k->head.family_buckets);
}

static const _Atomic uint32_t *tags_of(const struct keyring *k, uint32_t bucket)
{
    const _Atomic uint32_t *tags = layout_at(k->map, &k->head.tags);

    return &tags[(size_t)bucket * KEYRING_WAYS];
}

void keyring_expect_family(const struct keyring *k, struct str id)
{
    struct keyring_buckets b = buckets_of(k, id);

    __builtin_prefetch(UNCONST(tags_of(k, b.bucket[0])));
    __builtin_prefetch(UNCONST(tags_of(k, b.bucket[1])));
}

/* Looks at all places of a bucket, and branches on none of them. */
static void search_bucket(const struct keyring *k, const struct keyring_buckets *b, unsigned which,
                          struct keyring_place *s)
{
    const _Atomic uint32_t *tags = tags_of(k, b->bucket[which]);
    uint32_t counts = which == 0 || b->bucket[1] != b->bucket[0];

    for (uint32_t i = 0; i < KEYRING_WAYS; i++) {
        uint32_t tag = atomic_load_explicit(&tags[i], memory_order_acquire);
        uint32_t is_hit = counts & (tag == b->tag);
        s->slot |= (0 - is_hit) & (1 + b->bucket[which] * KEYRING_WAYS + i);
        s->n_hits += is_hit;
    }
}

/* An unknown id has family 0 fetched and read, which is there for this: see keyring_seek. */
struct keyring_place keyring_seek_family(const struct keyring *k, struct str id)
{
    const struct keyring_family *families = layout_at(k->map, &k->head.families);
    struct keyring_buckets b = buckets_of(k, id);
    struct keyring_place s = {0};

    search_bucket(k, &b, 0, &s);
    search_bucket(k, &b, 1, &s);
    const char *family = (const char *)&families[s.slot < layout_families(&k->head) ? s.slot : 0];
    for (size_t line = 0; line < sizeof families[0]; line += 64)
        __builtin_prefetch(family + line);
    return s;
}

static enum kw_err copy_family(const struct keyring *k, uint32_t place, struct keyring_family *out)
{
    const struct keyring_family *families = layout_at(k->map, &k->head.families);

    if (place >= layout_families(&k->head) || !reader_copy(&families[place], out, sizeof *out))
        return KW_EDAMAGED;
    return keyring_family_crc(out) == out->crc ? KW_OK : KW_EDAMAGED;
}

/* In one comparison, which no compiler cuts short. */
static bool is_of(const struct keyring_family *f, struct str id)
{
    uint64_t a[2], b[2], other_kind = f->kind ^ KEYRING_FAMILY;

    memcpy(&a[0], f->id, sizeof a[0]); /* the two overlap, as in keyring_hash_of */
    memcpy(&a[1], f->id + KW_KEY_ID_LEN - sizeof a[1], sizeof a[1]);
    memcpy(&b[0], id.p, sizeof b[0]);
    memcpy(&b[1], id.p + KW_KEY_ID_LEN - sizeof b[1], sizeof b[1]);
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | other_kind) == 0;
}

/* Several of one tag, or one whose place has become another's meanwhile: once among billions. */
static enum kw_err find_among(const struct keyring *k, struct str id, struct keyring_family *out)
{
    struct keyring_buckets b = buckets_of(k, id);

    for (uint32_t i = 0; i < 2 * KEYRING_WAYS; i++) {
        uint32_t bucket = b.bucket[i / KEYRING_WAYS], way = i % KEYRING_WAYS;
        if (atomic_load_explicit(&tags_of(k, bucket)[way], memory_order_acquire) != b.tag)
            continue;
        TRY(copy_family(k, 1 + bucket * KEYRING_WAYS + way, out));
        if (is_of(out, id))
            return KW_OK;
    }
    TRY(copy_family(k, 0, out));
    return KW_ENOTFOUND;
}

enum kw_err keyring_find_family(const struct keyring *k, struct str id,
                                const struct keyring_place *place, struct keyring_family *out)
{
    if (place->n_hits > 1)
        return find_among(k, id, out);
    TRY(copy_family(k, place->slot, out));
    if (is_of(out, id) != (place->slot != 0))
        return find_among(k, id, out);
    return place->slot != 0 ? KW_OK : KW_ENOTFOUND;
}
