/* stats.c - how store and keyring are, in numbers; see sync.h. */
#include "base/clock.h"
#include "sync/state.h"

static uint32_t policy_version(const struct keyring_header *h)
{
    struct keyring_policy_place place;
    uint64_t word = atomic_load_explicit(&h->policy_word, memory_order_relaxed);

    return word != 0 && keyring_policy_place(word, &place) ? place.version : 0;
}

static void take_keyring(const struct keyring_header *h, struct sync_stats *out)
{
    out->keys = h->n_records - 1; /* slot 0 is nobody's */
    out->keys_max = h->record_cap - 1;
    out->accounts = h->n_accounts - 1;
    out->accounts_max = h->account_cap - 1;
    out->bytes = h->file_size;
    out->policy_version = policy_version(h);
    out->published_seq = h->change_seq;
}

void sync_stats(struct sync *s, struct sync_stats *out)
{
    *out = (struct sync_stats){0};
    pthread_mutex_lock(&s->lock);
    take_keyring(keyring_writer_head(s->keyring), out);
    out->change_seq = store_change_seq(s->store);
    out->seals_failed = store_seals_failed(s->store);
    out->n_unsaved = (uint32_t)s->n_unsaved;
    out->behind_us = s->behind_since_us == 0 ? 0 : clock_boot_us() - s->behind_since_us;
    pthread_mutex_unlock(&s->lock);
}

uint64_t sync_published_us(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    uint64_t at = s->published_us;
    pthread_mutex_unlock(&s->lock);
    return at;
}
