/* family_columns.c - a family of tokens as the columns of its row, and back. */
#include "store/inside.h"

static void give_who(struct giver *to, const struct family *f)
{
    give_int(to, f->slot);
    give_int(to, f->version);
    give_text(to, str_from(f->id));
    give_text(to, str_from(f->key));
    give_int(to, f->key_slot);
    give_text(to, str_from(f->account));
    give_word(to, WORDS_ENVIRONMENT, f->environment);
    give_permissions(to, f->permissions);
    give_blob(to, &f->secret_mark, sizeof f->secret_mark);
    give_word(to, WORDS_FAMILY_STATE, f->state);
    give_int(to, f->access_s);
    give_int(to, f->created_ms);
    give_int(to, f->ends_ms);
    give_blob(to, f->created_from.b, sizeof f->created_from.b);
}

enum kw_err family_give(sqlite3_stmt *st, const struct family *f, const struct digest *seal)
{
    struct giver to = {.st = st};

    give_who(&to, f);
    give_blob(&to, f->access_digest, sizeof f->access_digest);
    give_int(&to, f->access_ends_ms);
    give_digest(&to, f->old_access_digest);
    give_int(&to, f->old_access_ends_ms);
    give_blob(&to, f->refresh_digest, sizeof f->refresh_digest);
    give_int(&to, f->refreshes);
    give_int(&to, f->refreshed_ms);
    give_blob(&to, f->refreshed_from.b, sizeof f->refreshed_from.b);
    give_blob(&to, f->nonce, sizeof f->nonce);
    give_blob(&to, seal->b, DIGEST_LEN);
    return give_done(&to);
}

static void take_who(struct taker *from, struct family *f)
{
    f->slot = take_u32(from);
    f->version = take_u32(from);
    take_string(from, f->id, sizeof f->id);
    take_string(from, f->key, sizeof f->key);
    f->key_slot = take_u32(from);
    take_string(from, f->account, sizeof f->account);
    f->environment = take_word(from, WORDS_ENVIRONMENT);
    f->permissions = take_permissions(from);
    take_bytes(from, &f->secret_mark, sizeof f->secret_mark);
    f->state = take_word(from, WORDS_FAMILY_STATE);
    f->access_s = take_u32(from);
    f->created_ms = take_int(from);
    f->ends_ms = take_int(from);
    take_bytes(from, f->created_from.b, sizeof f->created_from.b);
}

enum kw_err family_take(sqlite3_stmt *st, struct family *f, struct digest *seal)
{
    struct taker from = {.st = st};

    *f = (struct family){0};
    take_who(&from, f);
    take_bytes(&from, f->access_digest, sizeof f->access_digest);
    f->access_ends_ms = take_int(&from);
    take_digest(&from, f->old_access_digest);
    f->old_access_ends_ms = take_int(&from);
    take_bytes(&from, f->refresh_digest, sizeof f->refresh_digest);
    f->refreshes = take_u32(&from);
    f->refreshed_ms = take_int(&from);
    take_bytes(&from, f->refreshed_from.b, sizeof f->refreshed_from.b);
    take_bytes(&from, f->nonce, sizeof f->nonce);
    take_bytes(&from, seal->b, DIGEST_LEN);
    return take_done(&from);
}
