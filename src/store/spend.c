/* spend.c - reservations: saved, ended, found; see spend.h. */
#include "store/spend.h"

#include "store/inside.h"
#include "store/spend_amount.h"

enum { DROPPED_AT_ONCE = 512 };

enum kw_err store_spend_begin(struct store *s)
{
    return change_begin_unlogged(s);
}

enum kw_err store_spend_commit(struct store *s)
{
    return s->is_changing ? change_commit(s) : KW_EINVAL;
}

/* ---- rows ---- */

static void take_who(struct taker *from, struct reservation *r)
{
    r->slot = take_u32(from);
    take_string(from, r->id, sizeof r->id);
    r->key_slot = take_u32(from);
    take_string(from, r->key, sizeof r->key);
    take_string(from, r->account, sizeof r->account);
    take_string(from, r->reference, sizeof r->reference);
}

static enum kw_err take(sqlite3_stmt *st, struct reservation *out)
{
    struct taker from = {.st = st};
    struct reservation r = {.slot = 0};

    take_who(&from, &r);
    take_string(&from, r.currency, sizeof r.currency);
    r.decimals = take_u32(&from);
    take_amount(&from, &r.amount);
    take_amount(&from, &r.committed);
    take_string(&from, r.destination, sizeof r.destination);
    take_bytes(&from, r.request_id, sizeof r.request_id);
    r.state = take_word(&from, WORDS_SPEND_STATE);
    r.limited = take_word(&from, WORDS_YES);
    r.reserved_ms = take_int(&from);
    r.expires_ms = take_int(&from);
    r.ended_ms = take_int(&from);
    if (from.bad || r.decimals > AMOUNT_DECIMALS_MAX)
        return KW_EDAMAGED;
    *out = r;
    return KW_OK;
}

static enum kw_err give(sqlite3_stmt *st, const struct reservation *r)
{
    struct giver to = {.st = st};

    give_text(&to, str_from(r->id));
    give_int(&to, r->key_slot);
    give_text(&to, str_from(r->reference));
    give_text(&to, str_from(r->currency));
    give_int(&to, r->decimals);
    give_amount(&to, r->amount);
    give_amount(&to, r->committed);
    give_text(&to, str_from(r->destination));
    give_blob(&to, r->request_id, sizeof r->request_id);
    give_word(&to, WORDS_SPEND_STATE, r->state);
    give_word(&to, WORDS_YES, r->limited);
    give_int(&to, r->reserved_ms);
    give_int(&to, r->expires_ms);
    give_int(&to, r->ended_ms);
    return give_done(&to);
}

/* ---- written ---- */

static enum kw_err check_form(const struct reservation *r)
{
    bool ok = text_in(r->id, sizeof r->id).n == SPEND_ID_LEN && r->key_slot != 0 &&
              currency_ok(text_in(r->currency, sizeof r->currency)) &&
              text_in(r->reference, sizeof r->reference).n <= SPEND_REFERENCE_MAX &&
              spend_destination_ok(text_in(r->destination, sizeof r->destination)) &&
              r->state == SPEND_RESERVED && !amount_is_zero(r->amount);

    return ok ? KW_OK : KW_EINVAL;
}

static enum kw_err insert(struct store *s, struct reservation *r)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(check_form(r));
    TRY(db_ask(&s->db, SQL_RESERVATION_INSERT, &st));
    TRY(give(st, r));
    TRY(db_change_one(st));
    sqlite3_int64 slot = sqlite3_last_insert_rowid(s->db.conn);
    if (slot <= 0 || slot > UINT32_MAX)
        return KW_EFULL;
    r->slot = (uint32_t)slot;
    return KW_OK;
}

enum kw_err store_put_reservation(struct store *s, struct reservation *r)
{
    return s->is_changing ? change_ended(s, insert(s, r)) : KW_EINVAL;
}

static enum kw_err end(struct store *s, const struct reservation *r)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_RESERVATION_END, &st));
    struct giver to = {.st = st};
    give_int(&to, r->slot);
    give_word(&to, WORDS_SPEND_STATE, r->state);
    give_amount(&to, r->committed);
    give_int(&to, r->ended_ms);
    TRY(give_done(&to));
    return db_change_one(st);
}

enum kw_err store_end_reservation(struct store *s, const struct reservation *r)
{
    if (!s->is_changing || r->state == SPEND_RESERVED)
        return KW_EINVAL;
    return change_ended(s, end(s, r));
}

static enum kw_err drop(struct store *s, int64_t until_ms)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_RESERVATIONS_DROP, &st));
    struct giver to = {.st = st};
    give_int(&to, until_ms);
    give_int(&to, DROPPED_AT_ONCE);
    TRY(give_done(&to));
    return db_run_out(st);
}

enum kw_err store_drop_reservations(struct store *s, int64_t until_ms)
{
    return s->is_changing ? change_ended(s, drop(s, until_ms)) : KW_EINVAL;
}

/* ---- found ---- */

enum kw_err store_reservation(struct store *s, struct str id, const char *account,
                              struct reservation *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct reservation r;

    TRY(db_ask(&s->db, SQL_RESERVATION_BY_ID, &st));
    struct giver to = {.st = st};
    give_text(&to, id);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(take(st, &r));
    if (account != NULL && strcmp(r.account, account) != 0)
        return KW_ENOTFOUND;
    *out = r;
    return KW_OK;
}

enum kw_err store_reservation_by_reference(struct store *s, uint32_t key_slot, struct str reference,
                                           struct reservation *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_RESERVATION_BY_REFERENCE, &st));
    struct giver to = {.st = st};
    give_int(&to, key_slot);
    give_text(&to, reference);
    TRY(give_done(&to));
    TRY(db_row(st));
    return take(st, out);
}

enum kw_err store_reservations(struct store *s, uint32_t key_slot, uint32_t before_slot,
                               uint32_t limit, store_reservation_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct reservation r;

    TRY(db_ask(&s->db, SQL_RESERVATIONS, &st));
    struct giver to = {.st = st};
    give_int(&to, key_slot);
    give_int(&to, before_slot);
    give_int(&to, limit);
    TRY(give_done(&to));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(take(st, &r));
        TRY(each(ctx, &r));
    }
    return err;
}

static enum kw_err give_behind(sqlite3_stmt *st, int64_t now_ms, const struct reservation *after)
{
    struct giver to = {.st = st};

    give_int(&to, now_ms);
    give_int(&to, after == NULL ? INT64_MIN : after->expires_ms);
    give_int(&to, after == NULL ? 0 : after->slot);
    return give_done(&to);
}

enum kw_err store_reservations_due(struct store *s, int64_t now_ms, const struct reservation *after,
                                   uint32_t limit, store_reservation_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct reservation r;
    uint32_t n = 0;
    enum kw_err err = KW_OK;

    TRY(db_ask(&s->db, SQL_RESERVATIONS_DUE, &st));
    TRY(give_behind(st, now_ms, after));
    while (n < limit && db_next(st, &err)) {
        if (take(st, &r) != KW_OK)
            continue;
        TRY(each(ctx, &r));
        n++;
    }
    return err;
}
