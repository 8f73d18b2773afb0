/* spend_rules.c - what keys may spend: put, and found. */
#include "core/spend_rules.h"

#include "store/inside.h"

enum { NEWEST_COLUMN = 6 };

enum kw_err spend_rules_take(sqlite3_stmt *st, struct spend_row *r, struct digest *seal)
{
    struct taker from = {.st = st};

    *r = (struct spend_row){.slot = take_u32(&from)};
    r->version = take_u32(&from);
    take_string(&from, r->key, sizeof r->key);
    take_string(&from, r->account, sizeof r->account);
    r->document = take_text(&from);
    take_bytes(&from, seal->b, DIGEST_LEN);
    return take_done(&from);
}

static enum kw_err ask(struct store *s, enum sql which, uint32_t slot, sqlite3_stmt **st)
{
    TRY(db_ask(&s->db, which, st));
    struct giver to = {.st = *st};
    give_int(&to, slot);
    TRY(give_done(&to));
    return db_row(*st);
}

/* No row: there never were any, or the row was torn out. */
static enum kw_err check_never_put(struct store *s, uint32_t slot)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(ask(s, SQL_SPEND_RULES_NEWEST, slot, &st));
    return is_newest(st, 0, 0) ? KW_OK : KW_EDAMAGED;
}

static enum kw_err verified(struct store *s, sqlite3_stmt *st, uint32_t slot, struct spend_row *r)
{
    struct digest seal;

    TRY(spend_rules_take(st, r, &seal));
    if (r->slot != slot || !is_newest(st, NEWEST_COLUMN, r->version))
        return KW_EDAMAGED;
    return seal_check_spend_rules(s, r, &seal);
}

static enum kw_err append(struct buf *out, struct str text)
{
    size_t before = out->n;

    buf_str(out, text);
    if (!out->failed)
        return KW_OK;
    out->n = before;
    return KW_ENOMEM;
}

enum kw_err store_spend_rules(struct store *s, uint32_t key_slot, uint32_t *version,
                              struct buf *document)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct spend_row r = {.version = 0};

    enum kw_err err = ask(s, SQL_SPEND_RULES, key_slot, &st);
    if (err == KW_ENOTFOUND)
        err = check_never_put(s, key_slot);
    else if (err == KW_OK)
        err = verified(s, st, key_slot, &r);
    TRY(err);
    TRY(append(document, r.document));
    *version = r.version;
    return KW_OK;
}

/* Whose they are, and of which version those are that are stored. */
static enum kw_err stored(struct store *s, struct spend_row *next, uint32_t *version)
{
    AUTO(buf_deinit) struct buf document = BUF_MAX(SPEND_DOCUMENT_MAX);
    struct grant key;

    TRY(store_key_in_slot(s, next->slot, &key));
    memcpy(next->key, key.id, sizeof next->key);
    memcpy(next->account, key.account, sizeof next->account);
    return store_spend_rules(s, next->slot, version, &document);
}

static enum kw_err write_row(struct store *s, const struct spend_row *r, const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, r->version == 1 ? SQL_SPEND_RULES_INSERT : SQL_SPEND_RULES_UPDATE, &st));
    struct giver to = {.st = st};
    give_int(&to, r->slot);
    give_int(&to, r->version);
    give_text(&to, str_from(r->key));
    give_text(&to, str_from(r->account));
    give_text(&to, r->document);
    give_blob(&to, seal->b, DIGEST_LEN);
    TRY(give_done(&to));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, struct spend_row *next)
{
    struct digest seal;
    uint32_t version = 0;

    TRY(stored(s, next, &version));
    if (version != next->version)
        return KW_ECONFLICT;
    TRY(next_version(&next->version));
    buf_clear(&s->image);
    TRY(image_of_spend_rules(next, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, next, &seal));
    return change_log(s, CHANGE_SPEND_RULES, next->slot, next->version, &seal);
}

enum kw_err store_put_spend_rules(struct store *s, uint32_t key_slot, struct str document,
                                  uint32_t *version)
{
    struct spend_row next = {
        .slot = key_slot, .version = *version, .document = document.p == NULL ? STR("") : document};

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, &next)));
    *version = next.version;
    return KW_OK;
}
