/* outline.c - keys as far as they are counted, gone through at a microsecond or two each. */
#include "store/inside.h"

static enum kw_err give_window(sqlite3_stmt *st, struct str account, uint32_t after, uint32_t until)
{
    struct giver to = {.st = st};

    give_int(&to, after);
    give_int(&to, until);
    if (account.n > 0)
        give_text(&to, account);
    return give_done(&to);
}

static void take_times(struct taker *from, struct key_outline *k)
{
    int64_t expires_ms = take_int(from), since_ms = take_int(from);
    k->rotation_days = take_u32(from);
    enum rotation_overdue overdue = take_word(from, WORDS_OVERDUE);

    k->rotation_due_ms = grant_rotation_due(since_ms, k->rotation_days);
    k->ends_ms = grant_earlier(expires_ms, overdue == OVERDUE_EXPIRE ? k->rotation_due_ms : 0);
}

static enum kw_err take_outline(sqlite3_stmt *st, struct key_outline *k)
{
    struct taker from = {.st = st};

    *k = (struct key_outline){0};
    k->slot = take_u32(&from);
    take_string(&from, k->id, sizeof k->id);
    k->environment = take_word(&from, WORDS_ENVIRONMENT);
    k->state = take_word(&from, WORDS_KEY_STATE);
    k->created_ms = take_int(&from);
    take_times(&from, k);
    k->generation = take_u32(&from);
    k->used_ms = take_null(&from) ? 0 : take_int(&from);
    return take_done(&from);
}

enum kw_err store_key_outlines(struct store *s, struct str account, uint32_t after_slot,
                               uint32_t until_slot, store_outline_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct key_outline k;

    TRY(db_ask(&s->db, account.n > 0 ? SQL_KEY_OUTLINES_OF_ACCOUNT : SQL_KEY_OUTLINES, &st));
    TRY(give_window(st, account, after_slot, until_slot));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(take_outline(st, &k));
        TRY(each(ctx, &k));
    }
    return err;
}
