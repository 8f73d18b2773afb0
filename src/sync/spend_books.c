/* spend_books.c - see spend_books.h. */
#include "sync/spend_books.h"

#include "sync/state.h"

enum { DUE_AT_ONCE = 16, ROUNDS = 16 };

/* ---- sums ---- */

/* The next window was begun before somebody set the clock back a little: it goes on. One behind it was begun when the clock was far ahead: what it
 * counts is counted in the current one. */
bool spend_sums_now(struct spend_sums *sums, int64_t now_ms)
{
    bool is_moved = false;

    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++) {
        uint32_t now = spend_span_of((enum spend_limit)i, now_ms).number;
        bool is_far = sums->of[i].period > now + 1;
        if (sums->of[i].period < now)
            sums->of[i] = (struct spend_sum){.period = now};
        else if (is_far)
            sums->of[i].period = now;
        is_moved |= is_far;
    }
    return is_moved;
}

enum kw_err spend_take(struct sync *s, const struct reservation *r, struct spend_sums *sums)
{
    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++)
        sums->of[i].amount = amount_plus(sums->of[i].amount, r->amount);
    return store_save_spend_sums(s->store, r->key_slot, str_from(r->currency), sums);
}

/* To the windows in which it was taken, as far as they still run. */
static enum kw_err give_back(struct sync *s, const struct reservation *r, struct amount back)
{
    struct spend_sums sums;

    if (amount_is_zero(back))
        return KW_OK;
    TRY(store_spend_sums(s->store, r->key_slot, str_from(r->currency), &sums));
    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++)
        if (sums.of[i].period == spend_span_of((enum spend_limit)i, r->reserved_ms).number)
            sums.of[i].amount = amount_minus(sums.of[i].amount, back);
    return store_save_spend_sums(s->store, r->key_slot, str_from(r->currency), &sums);
}

/* ---- what is to be recorded ---- */

enum kw_err spend_tell(struct sync *s, enum spend_what what, enum spend_why why,
                       struct amount committed, const struct reservation *r, struct str actor)
{
    struct grant key = {.environment = KW_NO_ENVIRONMENT};
    struct spend_event e = {.time_us = time_now_us(s),
                            .what = what,
                            .why = why,
                            .key = str_from(r->key),
                            .account = str_from(r->account),
                            .reservation = str_from(r->slot == 0 ? "" : r->id),
                            .reference = str_from(r->reference),
                            .currency = str_from(r->currency),
                            .destination = str_from(r->destination),
                            .decimals = r->decimals,
                            .amount = r->amount,
                            .committed = committed,
                            .actor = actor};

    memcpy(e.request_id, r->request_id, sizeof e.request_id);
    enum kw_err err = r->key_slot == 0 ? KW_OK : store_key_in_slot(s->store, r->key_slot, &key);
    if (err != KW_EDAMAGED) /* it is on the record all the same, whatever was done to its key */
        TRY(err);
    e.environment = key.environment;
    return store_log_spend(s->store, &e);
}

/* ---- ended ---- */

enum kw_err spend_end(struct sync *s, struct reservation *r, enum spend_what what, struct str actor)
{
    r->ended_ms = time_now_us(s) / 1000;
    TRY(give_back(s, r, amount_minus(r->amount, r->committed)));
    TRY(store_end_reservation(s->store, r));
    return spend_tell(s, what, SPEND_NO_REASON, r->committed, r, actor);
}

enum kw_err spend_expire(struct sync *s, struct reservation *r)
{
    r->state = SPEND_EXPIRED;
    r->committed = (struct amount){.u = 0};
    return spend_end(s, r, SPEND_DID_EXPIRE, STR("keyward"));
}

struct due {
    struct reservation at[DUE_AT_ONCE];
    uint32_t n;
};

static enum kw_err gather(void *ctx, const struct reservation *r)
{
    struct due *due = ctx;

    due->at[due->n++] = *r;
    return KW_OK;
}

/* Where the sums were tampered with nothing can be given back: that one stays, and holds nobody up. */
static enum kw_err expire_all(struct sync *s, struct due *due)
{
    for (uint32_t i = 0; i < due->n; i++) {
        enum kw_err err = spend_expire(s, &due->at[i]);
        if (err != KW_EDAMAGED)
            TRY(err);
    }
    return KW_OK;
}

enum kw_err spend_expire_due(struct sync *s)
{
    struct reservation last = {.expires_ms = INT64_MIN};
    struct due due = {.n = DUE_AT_ONCE};

    for (int i = 0; i < ROUNDS && due.n == DUE_AT_ONCE; i++) {
        due.n = 0;
        TRY(store_reservations_due(s->store, time_now_us(s) / 1000, &last, DUE_AT_ONCE, gather, &due));
        if (due.n > 0)
            last = due.at[due.n - 1];
        TRY(expire_all(s, &due));
    }
    return KW_OK;
}

/* ---- at the end ---- */

static enum kw_err forget(struct sync *s)
{
    TRY(store_drop_reservations(s->store, time_now_us(s) / 1000 - SPEND_KEPT_MS));
    if (s->spends_recorded == s->spends_dropped)
        return KW_OK;
    return store_drop_spend_log(s->store, s->spends_recorded);
}

enum kw_err spend_books_commit(struct sync *s, enum kw_err done)
{
    uint64_t recorded = s->spends_recorded;

    if (done == KW_OK)
        done = forget(s);
    if (done == KW_OK)
        done = store_spend_commit(s->store);
    if (done == KW_OK)
        s->spends_dropped = recorded;
    else
        store_rollback(s->store);
    return done;
}
