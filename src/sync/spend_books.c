/* spend_books.c - see spend_books.h. */
#include "sync/spend_books.h"

#include "sync/state.h"

enum { EXPIRED_AT_ONCE = 256 };

/* ---- sums ---- */

/* A window that is later than now was begun before somebody set the clock back: it goes on. */
void spend_sums_now(struct spend_sums *sums, int64_t now_ms)
{
    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++) {
        uint32_t now = spend_span_of((enum spend_limit)i, now_ms).number;
        if (sums->of[i].period < now)
            sums->of[i] = (struct spend_sum){.period = now};
    }
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
    if (r->key_slot != 0)
        TRY(store_key_in_slot(s->store, r->key_slot, &key));
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

enum kw_err spend_expire_due(struct sync *s)
{
    struct reservation r;
    enum kw_err err = KW_OK;

    for (int i = 0; i < EXPIRED_AT_ONCE && err == KW_OK; i++) {
        err = store_reservation_due(s->store, time_now_us(s) / 1000, &r);
        if (err == KW_OK)
            err = spend_expire(s, &r);
    }
    return err == KW_ENOTFOUND || err == KW_EDAMAGED
               ? KW_OK
               : err; /* a row that was tampered with stays, and holds nobody up */
}
