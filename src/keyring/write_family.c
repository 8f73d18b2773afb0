/* write_family.c - access tokens into the keyring, and where there is room for them; see write.h. */
#include "base/crc32c.h"
#include "keyring/writer.h"

/* A verifier's clock is a beat behind at most: nobody's place is given away while he could still be let in. */
enum { LEEWAY_MS = 2000 };

static struct keyring_family *family_at(const struct keyring_writer *w, uint64_t place)
{
    return (struct keyring_family *)writer_at(w, &w->head->families) + place;
}

static _Atomic uint32_t *tag_at(const struct keyring_writer *w, uint64_t place)
{
    return (_Atomic uint32_t *)writer_at(w, &w->head->tags) + (place - 1);
}

static int64_t now_ms(const struct keyring_writer *w)
{
    return ((int64_t)w->head->heartbeat_us + w->head->wall_offset_us) / 1000;
}

static bool is_live(const struct keyring_writer *w, const struct keyring_family *f)
{
    int64_t ends_ms = f->ends_ms > f->old_ends_ms ? f->ends_ms : f->old_ends_ms;

    return f->kind == KEYRING_FAMILY && now_ms(w) < ends_ms + LEEWAY_MS;
}

static bool is_of(const struct keyring_family *f, struct str id)
{
    return f->kind == KEYRING_FAMILY && memcmp(f->id, id.p, sizeof f->id) == 0;
}

static struct keyring_buckets buckets_of(const struct keyring_writer *w, struct str id)
{
    return keyring_buckets_of(id, w->head->hash_seed, w->head->family_buckets);
}

/* The place of that id, or 0; and how many of its bucket's are free, the last of which is *free. */
static uint32_t search(const struct keyring_writer *w, uint32_t bucket, struct str id,
                       uint32_t *free, uint32_t *n_free)
{
    uint32_t first = 1 + bucket * KEYRING_WAYS;

    *n_free = 0;
    for (uint32_t place = first; place < first + KEYRING_WAYS; place++) {
        const struct keyring_family *f = family_at(w, place);
        if (is_of(f, id))
            return place;
        if (is_live(w, f))
            continue;
        *free = place;
        (*n_free)++;
    }
    return 0;
}

/* Where it is, or else in the bucket that has more room. KW_EFULL. */
static enum kw_err find_place(const struct keyring_writer *w, struct str id, uint32_t *out)
{
    struct keyring_buckets b = buckets_of(w, id);
    uint32_t free[2] = {0, 0}, n_free[2];

    for (unsigned i = 0; i < 2; i++) {
        *out = search(w, b.bucket[i], id, &free[i], &n_free[i]);
        if (*out != 0)
            return KW_OK;
    }
    *out = n_free[1] > n_free[0] ? free[1] : free[0];
    return *out == 0 ? KW_EFULL : KW_OK;
}

static void put_in_place(struct keyring_writer *w, uint32_t place, const struct keyring_family *f)
{
    struct keyring_family fresh = *f, *there = family_at(w, place);

    fresh.crc = keyring_family_crc(&fresh);
    writer_store(&there->seq, there, &fresh, sizeof fresh);
}

/* Without a tag while it is somebody else's; from the tag on it is found. */
static enum kw_err put(struct keyring_writer *w, const struct keyring_family *f)
{
    struct str id = {f->id, sizeof f->id};
    uint32_t place;

    TRY(find_place(w, id, &place));
    if (!is_of(family_at(w, place), id))
        atomic_store_explicit(tag_at(w, place), 0, memory_order_release);
    put_in_place(w, place, f);
    atomic_store_explicit(tag_at(w, place), buckets_of(w, id).tag, memory_order_release);
    return KW_OK;
}

uint32_t keyring_family_version(const struct keyring_writer *w, struct str id)
{
    struct keyring_buckets b = buckets_of(w, id);
    uint32_t place = 0, unused, n;

    for (unsigned i = 0; i < 2 && place == 0; i++)
        place = search(w, b.bucket[i], id, &unused, &n);
    return place == 0 ? 0 : family_at(w, place)->version;
}

enum kw_err keyring_put_family(struct keyring_writer *w, const struct family *f)
{
    struct keyring_family r = {
        .kind = KEYRING_FAMILY,
        .permissions = (uint8_t)f->permissions,
        .state = (uint8_t)f->state,
        .key_slot = f->key_slot,
        .secret_mark = f->secret_mark,
        .slot = f->slot,
        .version = f->version,
        .ends_ms = f->access_ends_ms,
        .old_ends_ms = f->old_access_ends_ms,
    };

    if (f->slot == 0 || f->key_slot == 0)
        return KW_EINVAL;
    memcpy(r.id, f->id, sizeof r.id);
    memcpy(r.digest, f->access_digest, sizeof r.digest);
    memcpy(r.old_digest, f->old_access_digest, sizeof r.old_digest);
    if (!is_live(w, &r) && keyring_family_version(w, (struct str){r.id, sizeof r.id}) == 0)
        return KW_OK;
    return put(w, &r);
}

void writer_put_nobody(struct keyring_writer *w, const uint8_t digest[GRANT_DIGEST_LEN])
{
    struct keyring_family nobody = {.kind = KEYRING_EMPTY};

    memcpy(nobody.digest, digest, sizeof nobody.digest);
    memcpy(nobody.old_digest, digest, sizeof nobody.old_digest);
    put_in_place(w, 0, &nobody);
}

uint32_t keyring_families_live(const struct keyring_writer *w)
{
    uint32_t n = 0;

    for (uint64_t place = 1; place < layout_families(w->head); place++)
        n += is_live(w, family_at(w, place));
    return n;
}

enum kw_err writer_copy_families(const struct keyring_writer *from, struct keyring_writer *to)
{
    for (uint64_t place = 1; place < layout_families(from->head); place++)
        if (is_live(from, family_at(from, place)))
            TRY(put(to, family_at(from, place)));
    return KW_OK;
}

static bool holds(const struct keyring_family *f)
{
    return f->seq % 2 == 0 && f->crc == keyring_family_crc(f);
}

/* A tag that leads to nobody only costs a look; a family that no tag leads to is refused. */
static bool tag_leads_to(const struct keyring_writer *w, uint64_t place,
                         const struct keyring_family *f)
{
    struct keyring_buckets b = buckets_of(w, (struct str){f->id, sizeof f->id});
    uint64_t bucket = (place - 1) / KEYRING_WAYS;

    return *tag_at(w, place) == b.tag && (bucket == b.bucket[0] || bucket == b.bucket[1]);
}

enum kw_err keyring_scrub_families(const struct keyring_writer *w, uint64_t *at, uint64_t n)
{
    uint64_t places = layout_families(w->head);

    for (uint64_t i = 0; i < n && i < places; i++, *at = (*at + 1) % places) {
        const struct keyring_family *f = family_at(w, *at % places);
        bool is_free = f->kind == KEYRING_EMPTY && f->seq == 0 && *at != 0;
        if (!is_free && (!holds(f) || (*at != 0 && !tag_leads_to(w, *at, f))))
            return KW_EDAMAGED;
    }
    return KW_OK;
}
