/* spend_tend.c - what has to be done about spends in between: given back, and forgotten; see spend.h. */
#include "base/clock.h"
#include "sync/spend_books.h"
#include "sync/state.h"

enum { SUMS_US = 10 * 1000 * 1000, SUMS_KEYS = 256 }; /* 2 million keys a day */

static enum kw_err try_tend(struct sync *s)
{
    TRY(store_spend_begin(s->store));
    return spend_books_commit(s, spend_expire_due(s));
}

static enum kw_err note_one(void *ctx, const struct reservation *r)
{
    bool *is_due = ctx;

    *is_due = r->slot != 0;
    return KW_OK;
}

static bool has_work(struct sync *s)
{
    bool is_due = false;

    return s->spends_recorded != s->spends_dropped ||
           store_reservations_due(s->store, time_now_us(s) / 1000, NULL, 1, note_one, &is_due) !=
               KW_OK ||
           is_due;
}

/* Of a few keys: nobody is to wait for it. What has nothing to forget costs no fsync. */
static enum kw_err try_forget_sums(struct sync *s, uint32_t *slot)
{
    uint32_t until[SPEND_N_LIMITS] = {0}, n = 0;

    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++)
        until[i] = spend_span_of((enum spend_limit)i, time_now_us(s) / 1000 - SPEND_KEPT_MS).number;
    TRY(store_spend_begin(s->store));
    TRY(store_drop_spend_sums(s->store, until, SUMS_KEYS, slot, &n));
    if (n > 0)
        return spend_books_commit(s, KW_OK);
    store_rollback(s->store);
    return KW_OK;
}

static enum kw_err forget_sums(struct sync *s)
{
    uint64_t boot_us = clock_boot_us();
    uint32_t slot = s->sums_at;

    if (boot_us < s->next_sums_us || s->reserve.is_full)
        return KW_OK;
    s->next_sums_us = boot_us + SUMS_US;
    TRY(try_forget_sums(s, &slot));
    s->sums_at = slot;
    return KW_OK;
}

enum kw_err sync_tend_spends(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    enum kw_err err = has_work(s) ? try_tend(s) : KW_OK;
    if (err == KW_OK)
        err = forget_sums(s);
    pthread_mutex_unlock(&s->lock);
    return err;
}

void sync_spends_recorded(struct sync *s, uint64_t n)
{
    pthread_mutex_lock(&s->lock);
    if (n > s->spends_recorded)
        s->spends_recorded = n;
    pthread_mutex_unlock(&s->lock);
}
