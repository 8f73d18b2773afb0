/* spend_used.c - what keys have spent in their windows, and what is to be put on the record; see spend.h. */
#include "base/log.h"
#include "store/inside.h"
#include "store/spend.h"
#include "store/spend_amount.h"

/* ---- amounts ---- */

void give_amount(struct giver *to, struct amount a)
{
    char text[AMOUNT_TEXT_MAX];

    give_text_copy(to, (struct str){text, amount_print(a, 0, text)});
}

void take_amount(struct taker *from, struct amount *out)
{
    *out = (struct amount){.u = 0};
    if (amount_parse(take_text(from), AMOUNT_DECIMALS_MAX, out) != KW_OK)
        from->bad = true;
}

/* ---- sums ---- */

static enum kw_err take_sum(sqlite3_stmt *st, struct spend_sums *out)
{
    struct taker from = {.st = st};
    unsigned window = take_word(&from, WORDS_SPEND_SPAN);
    struct spend_sum sum = {.period = take_u32(&from)};

    take_amount(&from, &sum.amount);
    if (from.bad || window >= SPEND_N_LIMITS)
        return KW_EDAMAGED;
    out->of[window] = sum;
    return KW_OK;
}

enum kw_err store_spend_sums(struct store *s, uint32_t key_slot, struct str currency,
                             struct spend_sums *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct spend_sums sums = {.of = {{.period = 0}}};

    TRY(db_ask(&s->db, SQL_SPEND_USED, &st));
    struct giver to = {.st = st};
    give_int(&to, key_slot);
    give_text(&to, currency);
    TRY(give_done(&to));
    enum kw_err err;
    while (db_next(st, &err))
        TRY(take_sum(st, &sums));
    TRY(err);
    *out = sums;
    return KW_OK;
}

static enum kw_err save_sum(struct store *s, uint32_t key_slot, struct str currency,
                            enum spend_limit window, const struct spend_sum *sum)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_SPEND_USED_SAVE, &st));
    struct giver to = {.st = st};
    give_int(&to, key_slot);
    give_text(&to, currency);
    give_word(&to, WORDS_SPEND_SPAN, window);
    give_int(&to, sum->period);
    give_amount(&to, sum->amount);
    TRY(give_done(&to));
    return db_change_one(st);
}

enum kw_err store_save_spend_sums(struct store *s, uint32_t key_slot, struct str currency,
                                  const struct spend_sums *sums)
{
    if (!s->is_changing)
        return KW_EINVAL;
    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++)
        TRY(change_ended(s, save_sum(s, key_slot, currency, (enum spend_limit)i, &sums->of[i])));
    return KW_OK;
}

/* The last of the next so many keys that have sums; 0: there are no more. */
static enum kw_err last_of_next(struct store *s, uint32_t after, uint32_t keys, uint32_t *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_SPEND_USED_KEYS, &st));
    struct giver to = {.st = st};
    give_int(&to, after);
    give_int(&to, keys);
    TRY(give_done(&to));
    TRY(db_row(st));
    *out = (uint32_t)sqlite3_column_int64(st, 0); /* 0 where it is NULL */
    return KW_OK;
}

static enum kw_err drop_sums(struct store *s, const uint32_t until[SPEND_N_LIMITS], uint32_t after,
                             uint32_t last, uint32_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_SPEND_USED_DROP, &st));
    struct giver to = {.st = st};
    give_int(&to, after);
    give_int(&to, last);
    for (int i = SPEND_PER_HOUR; i < SPEND_N_LIMITS; i++)
        give_int(&to, until[i]);
    TRY(give_done(&to));
    return db_change_some(st, UINT32_MAX, n);
}

enum kw_err store_drop_spend_sums(struct store *s, const uint32_t until[SPEND_N_LIMITS],
                                  uint32_t keys, uint32_t *slot, uint32_t *n)
{
    uint32_t last = 0, dropped = 0;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, last_of_next(s, *slot, keys, &last)));
    if (last != 0)
        TRY(change_ended(s, drop_sums(s, until, *slot, last, &dropped)));
    *slot = last;
    *n = dropped;
    return KW_OK;
}

/* ---- what is to be recorded ---- */

static enum kw_err log_one(struct store *s, const struct spend_event *e)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    uint8_t bytes[SPEND_EVENT_MAX];

    TRY(db_ask(&s->db, SQL_SPEND_LOG_INSERT, &st));
    struct giver to = {.st = st};
    give_blob(&to, bytes, spend_event_encode(e, bytes));
    TRY(give_done(&to));
    return db_change_one(st);
}

enum kw_err store_log_spend(struct store *s, const struct spend_event *e)
{
    return s->is_changing ? change_ended(s, log_one(s, e)) : KW_EINVAL;
}

static enum kw_err give_event(sqlite3_stmt *st, store_spend_fn *each, void *ctx)
{
    struct taker from = {.st = st};
    struct spend_event e;

    uint64_t n = (uint64_t)take_int(&from);
    struct str bytes = take_blob(&from);
    TRY(take_done(&from));
    if (spend_event_decode(bytes, &e) != KW_OK) { /* nothing seals it: it must not hold up the others */
        log_error("row %llu of spend_log is damaged, and is not recorded", (unsigned long long)n);
        return KW_OK;
    }
    e.n = n;
    return each(ctx, &e);
}

enum kw_err store_spend_log(struct store *s, uint64_t after, uint32_t limit, store_spend_fn *each,
                            void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_SPEND_LOG, &st));
    struct giver to = {.st = st};
    give_int(&to, (int64_t)after);
    give_int(&to, limit == 0 ? -1 : (int64_t)limit);
    TRY(give_done(&to));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(give_event(st, each, ctx));
    }
    return err;
}

static enum kw_err drop(struct store *s, uint64_t until)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_SPEND_LOG_DROP, &st));
    struct giver to = {.st = st};
    give_int(&to, (int64_t)until);
    TRY(give_done(&to));
    return db_run_out(st);
}

enum kw_err store_drop_spend_log(struct store *s, uint64_t until)
{
    return s->is_changing ? change_ended(s, drop(s, until)) : KW_EINVAL;
}
