/* quotas.c - what keys have used of their quotas, carried over from limits to the store and back.
 */
#include "base/clock.h"
#include "sync/state.h"

enum { BATCH = 512 };

/* The keyring's records, where the writer has them. */
static const struct keyring_record *record_at(const struct sync *s, uint32_t slot)
{
    return keyring_writer_record(s->keyring, slot);
}

enum kw_err quotas_save(struct sync *s)
{
    struct quota_used batch[BATCH];
    uint32_t n_records = keyring_writer_head(s->keyring)->n_records;
    size_t n = 0;

    for (uint32_t slot = 1; slot < n_records; slot++) {
        const struct keyring_record *r = record_at(s, slot);
        uint64_t word;
        if (r->kind != KEYRING_KEY || r->quota_window == QUOTA_NONE)
            continue;
        TRY(limits_file_quota(&s->limits, slot, (struct str){r->id, KW_KEY_ID_LEN}, &word));
        batch[n++] = (struct quota_used){
            .slot = slot, .window = (uint32_t)(word >> 32), .count = (uint32_t)word};
        if (n == BATCH) {
            TRY(store_save_quotas(s->store, batch, n));
            n = 0;
        }
    }
    return n == 0 ? KW_OK : store_save_quotas(s->store, batch, n);
}

static enum kw_err restore(void *ctx, const struct quota_used *q)
{
    struct sync *s = ctx;
    uint32_t n_records = keyring_writer_head(s->keyring)->n_records;

    if (q->slot == 0 || q->slot >= n_records)
        return KW_OK;
    const struct keyring_record *r = record_at(s, q->slot);
    return limits_file_set_quota(&s->limits, q->slot, (struct str){r->id, KW_KEY_ID_LEN},
                                 quota_word(q->window, q->count));
}

enum kw_err quotas_restore(struct sync *s)
{
    return store_quotas(s->store, restore, s);
}
