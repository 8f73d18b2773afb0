/* family.c - families of tokens: put, found, gone through, deleted. */
#include "core/key.h"
#include "store/inside.h"

enum { NEWEST_COLUMN = 24, NEWEST_SEAL_COLUMN }; /* behind FAMILY_COLUMNS */

static enum kw_err check_seal_is_newest(sqlite3_stmt *st, const struct digest *seal)
{
    struct taker from = {.st = st, .at = NEWEST_SEAL_COLUMN};
    struct digest newest;

    take_bytes(&from, newest.b, DIGEST_LEN);
    TRY(take_done(&from));
    return digest_eq(&newest, seal) ? KW_OK : KW_EDAMAGED;
}

enum kw_err family_verified(struct store *s, sqlite3_stmt *st, struct family *f)
{
    struct digest seal;

    TRY(family_take(st, f, &seal));
    if (!is_newest(st, NEWEST_COLUMN, f->version))
        return KW_EDAMAGED;
    TRY(check_seal_is_newest(st, &seal));
    return seal_check_family(s, f, &seal);
}

/* ---- found ---- */

enum kw_err store_family_in_slot(struct store *s, uint32_t slot, struct family *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct family f;

    TRY(db_ask(&s->db, SQL_FAMILY_BY_SLOT, &st));
    struct giver to = {.st = st};
    give_int(&to, slot);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(family_verified(s, st, &f));
    if (f.slot != slot)
        return KW_EDAMAGED;
    *out = f;
    return KW_OK;
}

enum kw_err store_family(struct store *s, struct str id, struct family *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct family f;

    TRY(db_ask(&s->db, SQL_FAMILY_BY_ID, &st));
    struct giver to = {.st = st};
    give_text(&to, id);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(family_verified(s, st, &f));
    if (!str_eq(str_from(f.id), id)) /* an index that was tampered with */
        return KW_EDAMAGED;
    *out = f;
    return KW_OK;
}

enum kw_err store_families(struct store *s, struct str key, int64_t now_ms, uint32_t after_slot,
                           uint32_t limit, store_family_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct family f;

    TRY(db_ask(&s->db, SQL_FAMILIES_OF_KEY, &st));
    struct giver to = {.st = st};
    give_text(&to, key);
    give_int(&to, now_ms);
    give_int(&to, after_slot);
    give_int(&to, limit == 0 ? -1 : (int64_t)limit);
    TRY(give_done(&to));
    enum kw_err err;
    while (db_next(st, &err)) {
        TRY(family_verified(s, st, &f));
        TRY(each(ctx, &f));
    }
    return err;
}

enum kw_err store_families_live(struct store *s, int64_t now_ms, uint32_t *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_FAMILIES_LIVE, &st));
    struct giver to = {.st = st};
    give_int(&to, now_ms);
    TRY(give_done(&to));
    TRY(db_row(st));
    struct taker from = {.st = st};
    uint32_t n = take_u32(&from);
    TRY(take_done(&from));
    *out = n;
    return KW_OK;
}

enum kw_err store_families_count(struct store *s, struct str key, uint32_t limit, uint32_t *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_FAMILIES_COUNT, &st));
    struct giver to = {.st = st};
    give_text(&to, key);
    give_int(&to, limit);
    TRY(give_done(&to));
    TRY(db_row(st));
    struct taker from = {.st = st};
    uint32_t n = take_u32(&from);
    TRY(take_done(&from));
    *out = n;
    return KW_OK;
}

/* ---- put ---- */

static enum kw_err check_form(const struct family *f)
{
    bool in_time = f->created_ms < f->ends_ms && f->access_ends_ms <= f->ends_ms;

    return key_id_ok(text_in(f->id, sizeof f->id)) && key_id_ok(text_in(f->key, sizeof f->key)) &&
                   in_time
               ? KW_OK
               : KW_EINVAL;
}

static enum kw_err number_new(struct store *s, struct family *next)
{
    struct grant key;

    TRY(store_key(s, str_from(next->key), NULL, &key));
    next->key_slot = key.slot;
    next->environment = key.environment;
    memcpy(next->account, key.account, sizeof next->account);
    next->version = 1;
    return next_slot(s, SQL_FAMILY_MAX, &next->slot);
}

/* Makes `next` the version after the stored one. */
static enum kw_err number(struct store *s, struct family *next)
{
    struct family stored;

    if (next->slot == 0)
        return number_new(s, next);
    enum kw_err err = store_family_in_slot(s, next->slot, &stored);
    if (err == KW_ENOTFOUND || (err == KW_OK && stored.version != next->version))
        return KW_ECONFLICT;
    TRY(err);
    if (strcmp(stored.id, next->id) != 0 || strcmp(stored.key, next->key) != 0)
        return KW_EINVAL;
    return next_version(&next->version);
}

static enum kw_err write_row(struct store *s, const struct family *f, const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, f->version == 1 ? SQL_FAMILY_INSERT : SQL_FAMILY_UPDATE, &st));
    TRY(family_give(st, f, seal));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, struct family *next)
{
    struct digest seal;

    TRY(check_form(next));
    TRY(number(s, next));
    buf_clear(&s->image);
    TRY(image_of_family(next, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, next, &seal));
    return change_log(s, CHANGE_FAMILY, next->slot, next->version, &seal);
}

enum kw_err store_put_family(struct store *s, struct family *f)
{
    struct family next = *f;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, &next)));
    *f = next;
    return KW_OK;
}

/* ---- deleted ---- */

static enum kw_err drop(struct store *s, int64_t until_ms, uint32_t limit, uint32_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_FAMILIES_DROP, &st));
    struct giver to = {.st = st};
    give_int(&to, until_ms);
    give_int(&to, limit);
    TRY(give_done(&to));
    return db_change_some(st, limit, n);
}

enum kw_err store_drop_families(struct store *s, int64_t until_ms, uint32_t limit, uint32_t *n)
{
    uint32_t dropped = 0;

    TRY(change_begin_unlogged(s));
    TRY(change_ended(s, drop(s, until_ms, limit, &dropped)));
    TRY(change_commit(s));
    *n = dropped;
    return KW_OK;
}
