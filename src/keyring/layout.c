/* layout.c - see layout.h. */
#include "keyring/layout.h"

#include "base/file.h"

static uint64_t place(struct keyring_area *area, uint64_t at, uint64_t size)
{
    uint64_t offset = (at + KEYRING_PAGE - 1) / KEYRING_PAGE * KEYRING_PAGE;

    *area = (struct keyring_area){offset, size};
    return offset + size;
}

void layout_place(struct keyring_header *h, uint64_t heap_size, uint64_t policy_size)
{
    uint64_t end = KEYRING_PAGE;

    end = place(&h->accounts, end, (uint64_t)h->account_cap * sizeof(struct keyring_account));
    end = place(&h->records, end, (uint64_t)h->record_cap * sizeof(struct keyring_record));
    end = place(&h->index, end, (uint64_t)h->index_words * sizeof(uint64_t));
    end = place(&h->heap, end, heap_size);
    end = place(&h->policy[0], end, policy_size);
    end = place(&h->policy[1], end, policy_size);
    end = place(&h->tags, end, (uint64_t)h->family_buckets * LAYOUT_TAGS);
    end = place(&h->families, end, layout_families(h) * sizeof(struct keyring_family));
    h->file_size = (end + KEYRING_PAGE - 1) / KEYRING_PAGE * KEYRING_PAGE;
}

static bool same_area(const struct keyring_area *a, const struct keyring_area *b)
{
    return a->offset == b->offset && a->size == b->size;
}

/* Whether the areas are where the sizes put them: then none is outside of the file. */
static bool areas_hold(const struct keyring_header *h)
{
    struct keyring_header want = {.account_cap = h->account_cap,
                                  .record_cap = h->record_cap,
                                  .index_words = h->index_words,
                                  .family_buckets = h->family_buckets};

    if (h->heap.size > UINT32_MAX * 8u || h->policy[0].size > 1u << 24)
        return false;
    layout_place(&want, h->heap.size, h->policy[0].size);
    return same_area(&want.accounts, &h->accounts) && same_area(&want.records, &h->records) &&
           same_area(&want.index, &h->index) && same_area(&want.heap, &h->heap) &&
           same_area(&want.policy[0], &h->policy[0]) && same_area(&want.policy[1], &h->policy[1]) &&
           same_area(&want.tags, &h->tags) && same_area(&want.families, &h->families) &&
           want.file_size == h->file_size;
}

enum kw_err layout_read_header(int fd, uint64_t file_size, struct keyring_header *out)
{
    struct keyring_header h;

    if (file_size < KEYRING_PAGE)
        return KW_EDAMAGED;
    TRY(file_pread(fd, &h, sizeof h, 0));
    if (memcmp(h.magic, KEYRING_MAGIC, sizeof KEYRING_MAGIC) != 0 || h.format != KEYRING_FORMAT)
        return KW_EFORMAT;
    if (h.crc != keyring_header_crc(&h) || h.file_size != file_size || !areas_hold(&h))
        return KW_EDAMAGED;
    if (h.index_words < LAYOUT_LINE || (h.index_words & (h.index_words - 1)) != 0 ||
        h.record_cap == 0 || h.brand_len > KEYRING_BRAND_MAX || h.family_buckets == 0 ||
        (h.family_buckets & (h.family_buckets - 1)) != 0)
        return KW_EDAMAGED;
    *out = h;
    return KW_OK;
}
