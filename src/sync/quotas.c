/* quotas.c - what keys have used of their quotas, carried over from limits to the store and back.
 */
#include "base/clock.h"
#include "sync/state.h"

enum { BATCH = 512 };

static struct str id_of(const struct keyring_record *r)
{
    return (struct str){r->id, KW_KEY_ID_LEN};
}

/* Of the window that it is now, or the next one (a verifier's clock): anything else is old, or damage. */
static bool is_of_now(const struct keyring_record *r, uint64_t word, int64_t time_us)
{
    uint32_t now = quota_span_of((enum quota_window)r->quota_window, time_us / 1000000).number;
    uint32_t window = (uint32_t)(word >> 32);

    return window == now || window == now + 1;
}

/* What a key has used; false: nothing that is worth being kept. A line that was cut off, or has
 * another's tag, says nothing. */
static bool used(const struct sync *s, uint32_t slot, struct quota_used *out)
{
    const struct keyring_record *r = keyring_writer_record(s->keyring, slot);
    uint64_t word;

    if (r->kind != KEYRING_KEY || r->quota_window == QUOTA_NONE)
        return false;
    if (limits_file_quota(&s->limits, slot, id_of(r), &word) != KW_OK ||
        !is_of_now(r, word, time_now_us(s)))
        return false;
    *out =
        (struct quota_used){.slot = slot, .window = (uint32_t)(word >> 32), .count = (uint32_t)word};
    return true;
}

enum kw_err quotas_save(struct sync *s)
{
    struct quota_used batch[BATCH];
    uint32_t n_records = keyring_writer_head(s->keyring)->n_records;
    size_t n = 0;

    for (uint32_t slot = 1; slot < n_records; slot++) {
        n += used(s, slot, &batch[n]);
        if (n == BATCH) {
            TRY(store_save_quotas(s->store, batch, n));
            n = 0;
        }
    }
    return store_save_quotas(s->store, batch, n);
}

struct restoring {
    const struct limits_file *limits;
    const struct keyring_writer *keyring;
    int64_t time_us;
};

/* Verifiers may be counting in the line already: it only ever goes up. */
static enum kw_err restore(void *ctx, const struct quota_used *q)
{
    const struct restoring *r = ctx;
    uint64_t saved = quota_word(q->window, q->count), there;

    if (keyring_version_of(r->keyring, KEYRING_KEY, q->slot) == 0)
        return KW_OK;
    const struct keyring_record *key = keyring_writer_record(r->keyring, q->slot);
    TRY(limits_file_quota(r->limits, q->slot, id_of(key), &there));
    if (!is_of_now(key, saved, r->time_us) || (is_of_now(key, there, r->time_us) && there >= saved))
        return KW_OK;
    return limits_file_set_quota(r->limits, q->slot, id_of(key), saved);
}

enum kw_err quotas_restore(struct sync *s, const struct keyring_writer *w)
{
    struct restoring r = {.limits = &s->limits, .keyring = w, .time_us = time_now_us(s)};

    return store_quotas(s->store, restore, &r);
}
