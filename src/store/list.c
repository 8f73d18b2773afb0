/* list.c - keys gone through in the order of their slots, and counted. */
#include "core/permission.h"
#include "store/inside.h"
#include "store/row.h"

/* In the order of KEY_FILTER's parameters in sql.h. */
static enum kw_err give_filter(sqlite3_stmt *st, const struct store_key_filter *f)
{
    struct giver to = {.st = st};

    give_int(&to, f->after_slot);
    give_text(&to, f->name_contains);
    give_word(&to, WORDS_ENVIRONMENT, f->environment);
    give_int(&to, f->permissions);
    give_text(&to, f->state < 0 ? STR("") : word_of(WORDS_KEY_STATE, (unsigned)f->state));
    give_int(&to, f->limit == 0 ? -1 : (int64_t)f->limit);
    give_text(&to, f->looks_like);
    give_text(&to, f->id_begins);
    give_int(&to, f->until_slot == 0 ? UINT32_MAX : f->until_slot);
    give_int(&to, f->used_after_ms);
    give_int(&to, f->used_before_ms);
    give_int(&to, f->due_before_ms);
    give_text(&to, f->created_by);
    give_int(&to, f->created_after_ms);
    give_int(&to, f->created_before_ms);
    if (f->account.n > 0)
        give_text(&to, f->account);
    return give_done(&to);
}

static enum kw_err check_filter(const struct store_key_filter *f)
{
    return f->state <= KEY_DISABLED && f->environment <= KW_PRODUCTION &&
                   f->permissions <= PERMISSION_ALL
               ? KW_OK
               : KW_EINVAL;
}

static enum sql statement_of(const struct store_key_filter *f)
{
    if (f->account.n > 0)
        return f->newest_first ? SQL_KEYS_OF_ACCOUNT_BACK : SQL_KEYS_OF_ACCOUNT;
    return f->newest_first ? SQL_KEYS_BACK : SQL_KEYS;
}

enum kw_err store_keys(struct store *s, const struct store_key_filter *f, store_key_fn *each,
                       void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct grant g;

    TRY(check_filter(f));
    TRY(db_ask(&s->db, statement_of(f), &st));
    TRY(give_filter(st, f));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(key_verified(s, st, &g));
        TRY(each(ctx, &g));
    }
    return err;
}

enum kw_err store_key_slots(struct store *s, uint32_t *out)
{
    sqlite3_int64 max;

    TRY(db_number(&s->db, SQL_KEY_MAX, &max));
    *out = (uint32_t)max;
    return KW_OK;
}

static uint32_t take_count(struct taker *from) /* max() of nothing is NULL */
{
    return take_null(from) ? 0 : take_u32(from);
}

enum kw_err store_counts(struct store *s, struct store_counts *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct store_counts counts;

    TRY(db_ask(&s->db, SQL_COUNTS, &st));
    TRY(db_row(st));
    struct taker from = {.st = st};
    counts.keys = take_count(&from);
    counts.accounts = take_count(&from);
    counts.members = take_count(&from);
    counts.tokens = take_count(&from);
    counts.max_key_slot = take_count(&from);
    counts.max_account_slot = take_count(&from);
    counts.max_member_slot = take_count(&from);
    counts.max_token_slot = take_count(&from);
    counts.max_spend_slot = take_count(&from);
    counts.max_document_slot = take_count(&from);
    TRY(take_done(&from));
    *out = counts;
    return KW_OK;
}
