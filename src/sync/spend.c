/* spend.c - see spend.h. First a look, which writes nothing; then what it found is written. What cannot be written ends the
 * transaction, and is an error of all that are in it. */
#include "sync/spend.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/permission.h"
#include "sync/spend_books.h"
#include "sync/state.h"

/* ---- a reservation: looked at ---- */

struct look {
    struct grant key;
    struct spend_sums sums;
    bool is_moved; /* they were of a far future, in part */
    struct buf document;
    struct spend_rules rules; /* borrows from it */
    struct reservation found; /* of the same reference, or by the id; slot 0: none */
    struct amount committed;  /* that a commit asks for */
    int64_t now_ms;           /* read once: what is counted in a window was reserved in it */
};

static void look_deinit(struct look *l)
{
    buf_deinit(&l->document);
}

static bool is_frozen(enum freeze frozen)
{
    return (frozen & FREEZE_TRANSACT) != 0;
}

/* What the gateway would say to the key at this moment, but for its route. */
static enum spend_why judge_key(const struct grant *g, int64_t now_ms)
{
    if (g->state == KEY_REVOKED)
        return SPEND_WHY_KEY_REVOKED;
    if (lifecycle_expired(grant_ends_ms(g), now_ms))
        return SPEND_WHY_KEY_EXPIRED;
    if (g->state != KEY_ACTIVE)
        return SPEND_WHY_KEY_DISABLED;
    if (is_frozen(g->frozen))
        return SPEND_WHY_FROZEN;
    if (!permission_opens(g->permissions, KW_CLASS_TRANSACT))
        return SPEND_WHY_PERMISSION;
    if (lifecycle_expired(grant_only_reads_from_ms(g), now_ms))
        return SPEND_WHY_OVERDUE;
    return SPEND_NO_REASON;
}

static enum kw_err judge_standing(struct sync *s, const struct look *l, enum spend_why *why)
{
    const struct grant *g = &l->key;
    struct object key, account, environment;

    TRY(object_in_force(s, KEYRING_KEY, g->slot, &key));
    TRY(object_in_force(s, KEYRING_ACCOUNT, g->account_slot, &account));
    TRY(object_in_force(s, KEYRING_ENVIRONMENT, g->environment, &environment));
    *why = judge_key(&key.key, l->now_ms);
    if (*why == SPEND_NO_REASON && account.account.state != ACCOUNT_ACTIVE)
        *why = SPEND_WHY_ACCOUNT_SUSPENDED;
    bool frozen = is_frozen(account.account.frozen) || is_frozen(environment.environment.frozen);
    if (*why == SPEND_NO_REASON && frozen)
        *why = SPEND_WHY_FROZEN;
    return KW_OK;
}

/* Takes down what the limit was that refused. */
static void note_left(struct spend_item *i, const struct look *l)
{
    enum spend_limit limit = spend_limit_of(i->why);
    const struct spend_rule *rule = spend_rules_find(&l->rules, str_from(i->r.currency));

    if (limit == SPEND_N_LIMITS)
        return;
    i->left = (struct spend_left){.most = rule == NULL ? amount_max() : rule->most[limit],
                                  .used = l->sums.of[limit].amount,
                                  .decimals = i->r.decimals,
                                  .until_ms = spend_span_of(limit, l->now_ms).end_ms};
}

static enum kw_err judge_limits(struct sync *s, struct spend_item *i, struct look *l)
{
    struct spend_used used = {.of = {{.u = 0}}};
    uint32_t version;

    TRY(store_spend_rules(s->store, l->key.slot, &version, &l->document));
    if (spend_rules_read(buf_view(&l->document), &l->rules) != KW_OK)
        return KW_EDAMAGED;
    TRY(store_spend_sums(s->store, l->key.slot, str_from(i->r.currency), &l->sums));
    l->is_moved = spend_sums_now(&l->sums, l->now_ms);
    for (int w = SPEND_PER_HOUR; w < SPEND_N_LIMITS; w++)
        used.of[w] = l->sums.of[w].amount;
    i->why = spend_judge(&l->rules, &used, &i->r);
    note_left(i, l);
    return KW_OK;
}

/* The same asked again is answered the same, whatever has become of the key. */
static void judge_again(struct spend_item *i, const struct look *l)
{
    i->is_replay = spend_is_same(&i->r, &l->found);
    if (i->is_replay)
        i->r = l->found;
    else
        i->why = SPEND_WHY_REFERENCE;
}

static enum kw_err look_at_reserve(struct sync *s, struct spend_item *i, struct look *l)
{
    enum kw_err err = store_key(s->store, str_from(i->r.key), i->account, &l->key);

    if (err == KW_ENOTFOUND) {
        i->why = SPEND_WHY_UNKNOWN_KEY;
        return KW_OK;
    }
    TRY(err);
    i->r.key_slot = l->key.slot;
    snprintf(i->r.account, sizeof i->r.account, "%s", l->key.account);
    err = store_reservation_by_reference(s->store, l->key.slot, str_from(i->r.reference), &l->found);
    if (err == KW_OK)
        judge_again(i, l);
    if (err != KW_ENOTFOUND)
        return err;
    TRY(judge_standing(s, l, &i->why));
    return i->why == SPEND_NO_REASON ? judge_limits(s, i, l) : KW_OK;
}

static enum kw_err write_refusal(struct sync *s, const struct spend_item *i, const struct look *l)
{
    if (l->is_moved)
        TRY(store_save_spend_sums(s->store, l->key.slot, str_from(i->r.currency), &l->sums));
    return spend_tell(s, SPEND_DID_REFUSE, i->why, (struct amount){.u = 0}, &i->r, i->actor);
}

static enum kw_err write_reserve(struct sync *s, struct spend_item *i, struct look *l)
{
    if (i->is_replay)
        return KW_OK;
    if (i->why != SPEND_NO_REASON)
        return write_refusal(s, i, l);
    i->r.state = SPEND_RESERVED;
    i->r.reserved_ms = l->now_ms;
    i->r.expires_ms = i->r.reserved_ms + (int64_t)i->life_s * 1000;
    TRY(store_put_reservation(s->store, &i->r));
    TRY(spend_take(s, &i->r, &l->sums));
    return spend_tell(s, SPEND_DID_RESERVE, SPEND_NO_REASON, (struct amount){.u = 0}, &i->r,
                      i->actor);
}

/* ---- what ends it ---- */

static enum spend_why why_ended(enum spend_state state)
{
    switch (state) {
    case SPEND_RESERVED:
        break;
    case SPEND_COMMITTED:
        return SPEND_WHY_COMMITTED;
    case SPEND_RELEASED:
        return SPEND_WHY_RELEASED;
    case SPEND_EXPIRED:
        return SPEND_WHY_EXPIRED;
    }
    return SPEND_NO_REASON;
}

/* Released twice, or given back already: nothing is left to be done. */
static void judge_release(struct spend_item *i, const struct look *l, enum spend_state state)
{
    i->is_replay = state == SPEND_RELEASED || state == SPEND_EXPIRED;
    if (!i->is_replay)
        i->why = why_ended(state);
    i->r = l->found;
    i->r.state = state;
}

static void judge_commit(struct spend_item *i, struct look *l, enum spend_state state)
{
    const struct reservation *r = &l->found;
    struct amount asked = amount_is_zero(i->r.committed) ? r->amount : i->r.committed;

    l->committed = asked;
    i->is_replay = state == SPEND_COMMITTED && amount_compare(asked, r->committed) == 0;
    if (!i->is_replay)
        i->why = why_ended(state);
    if (i->why == SPEND_NO_REASON && amount_compare(asked, r->amount) > 0)
        i->why = SPEND_WHY_MORE;
    if (i->why == SPEND_NO_REASON && r->limited && !amount_has_decimals(asked, r->decimals))
        i->why = SPEND_WHY_DECIMALS;
    i->r = *r;
    i->r.state = state;
}

static enum kw_err look_at_end(struct sync *s, struct spend_item *i, struct look *l)
{
    enum kw_err err = store_reservation(s->store, str_from(i->r.id), i->account, &l->found);

    if (err == KW_ENOTFOUND) {
        i->why = SPEND_WHY_UNKNOWN;
        return KW_OK;
    }
    TRY(err);
    enum spend_state state = spend_state_at(&l->found, l->now_ms);
    if (i->step == SPEND_STEP_COMMIT)
        judge_commit(i, l, state);
    else
        judge_release(i, l, state);
    return KW_OK;
}

static enum kw_err write_end(struct sync *s, struct spend_item *i, struct look *l)
{
    bool is_commit = i->step == SPEND_STEP_COMMIT;

    if (i->r.state == SPEND_EXPIRED && l->found.state == SPEND_RESERVED) {
        TRY(spend_expire(s, &l->found));
        i->r = l->found;
    }
    if (i->is_replay || i->why == SPEND_WHY_UNKNOWN)
        return KW_OK;
    if (i->why != SPEND_NO_REASON)
        return spend_tell(s, is_commit ? SPEND_DID_REFUSE_COMMIT : SPEND_DID_REFUSE_RELEASE, i->why,
                          l->committed, &i->r, i->actor);
    i->r.state = is_commit ? SPEND_COMMITTED : SPEND_RELEASED;
    i->r.committed = is_commit ? l->committed : (struct amount){.u = 0};
    return spend_end(s, &i->r, is_commit ? SPEND_DID_COMMIT : SPEND_DID_RELEASE, i->actor);
}

/* ---- all of them ---- */

/* An id that is taken is the caller's to draw again, but 62^14 of them are there: it will not be seen. */
static enum kw_err run_one(struct sync *s, struct spend_item *i)
{
    AUTO(look_deinit)
    struct look l = {.document = BUF_MAX(SPEND_DOCUMENT_MAX), .now_ms = time_now_us(s) / 1000};
    bool is_new = i->step == SPEND_STEP_RESERVE;

    i->err = is_new ? look_at_reserve(s, i, &l) : look_at_end(s, i, &l);
    if (i->err != KW_OK)
        return KW_OK;
    enum kw_err err = is_new ? write_reserve(s, i, &l) : write_end(s, i, &l);
    if (err != KW_EDAMAGED)
        return err;
    i->err =
        err; /* its sums were tampered with, and nothing was written: that is nobody else's error */
    return KW_OK;
}

struct spending {
    struct spend_item *const *items;
    struct spend_item *asked; /* as they were: a second try begins with them */
    size_t n;
    bool only_ends; /* the disk is full: nothing new */
};

static enum kw_err run_all(struct sync *s, const struct spending *all)
{
    TRY(spend_expire_due(s));
    for (size_t i = 0; i < all->n; i++) {
        *all->items[i] = all->asked[i];
        if (all->only_ends && all->items[i]->step == SPEND_STEP_RESERVE)
            all->items[i]->err = KW_EFULL;
        else
            TRY(run_one(s, all->items[i]));
    }
    return KW_OK;
}

static enum kw_err try_all(struct sync *s, void *ctx)
{
    TRY(store_spend_begin(s->store));
    return spend_books_commit(s, run_all(s, ctx));
}

static bool ends_something(const struct spending *all)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->asked[i].step != SPEND_STEP_RESERVE)
            return true;
    return false;
}

/* What ends a reservation may use what is kept of a full disk: the money has moved, or stays. */
static enum kw_err spend_all(struct sync *s, struct spending *all)
{
    enum kw_err err = room_to_widen(s);

    if (err == KW_OK)
        err = try_all(s, all);
    if (err != KW_EFULL || !ends_something(all))
        return err;
    all->only_ends = true;
    return save_from_reserve(s, try_all, all);
}

void sync_spend(struct sync *s, struct spend_item *const *items, size_t n)
{
    struct spending all = {.items = items, .n = n, .asked = calloc(n, sizeof *all.asked)};
    enum kw_err err = all.asked == NULL ? KW_ENOMEM : KW_OK;

    for (size_t i = 0; err == KW_OK && i < n; i++)
        all.asked[i] = *items[i];
    pthread_mutex_lock(&s->lock);
    if (err == KW_OK)
        err = spend_all(s, &all);
    pthread_mutex_unlock(&s->lock);
    for (size_t i = 0; err != KW_OK && i < n; i++)
        items[i]->err = err;
    free(all.asked);
}
