/* document.c - documents: put, found, gone through, counted. */
#include "store/inside.h"

enum { NEWEST_COLUMN = 11 }; /* behind DOCUMENT_COLUMNS */

enum kw_err document_take(sqlite3_stmt *st, struct document *d, struct digest *seal)
{
    struct taker from = {.st = st};

    *d = (struct document){.slot = take_u32(&from)};
    d->version = take_u32(&from);
    d->kind = take_word(&from, WORDS_DOCUMENT_KIND);
    take_string(&from, d->id, sizeof d->id);
    take_string(&from, d->account, sizeof d->account);
    take_string(&from, d->key, sizeof d->key);
    take_string(&from, d->subject, sizeof d->subject);
    take_string(&from, d->state, sizeof d->state);
    d->created_ms = take_int(&from);
    d->text = take_text(&from);
    take_bytes(&from, seal->b, DIGEST_LEN);
    return take_done(&from);
}

static enum kw_err verified(struct store *s, sqlite3_stmt *st, struct document *d)
{
    struct digest seal;

    TRY(document_take(st, d, &seal));
    if (!is_newest(st, NEWEST_COLUMN, d->version))
        return KW_EDAMAGED;
    return seal_check_document(s, d, &seal);
}

/* ---- found ---- */

static enum kw_err append_text(struct buf *text, struct document *d)
{
    size_t before = text->n;

    buf_str(text, d->text);
    if (text->failed) {
        text->n = before;
        return KW_ENOMEM;
    }
    d->text = (struct str){text->p + before, text->n - before};
    return KW_OK;
}

enum kw_err store_document(struct store *s, enum document_kind kind, struct str id,
                           const char *account, struct buf *text, struct document *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct document d;

    TRY(db_ask(&s->db, SQL_DOCUMENT_BY_ID, &st));
    struct giver to = {.st = st};
    give_word(&to, WORDS_DOCUMENT_KIND, kind);
    give_text(&to, id);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(verified(s, st, &d));
    if (d.kind != kind || !str_eq(str_from(d.id), id)) /* an index that was tampered with */
        return KW_EDAMAGED;
    if (account != NULL && strcmp(account, d.account) != 0)
        return KW_ENOTFOUND;
    TRY(append_text(text, &d));
    *out = d;
    return KW_OK;
}

/* ---- gone through ---- */

static enum sql statement_of(const struct store_document_filter *f)
{
    if (f->key.n > 0)
        return SQL_DOCUMENTS_OF_KEY;
    if (f->subject.n > 0)
        return SQL_DOCUMENTS_OF_SUBJECT;
    if (f->account.n > 0)
        return SQL_DOCUMENTS_OF_ACCOUNT;
    return f->state.n > 0 ? SQL_DOCUMENTS_IN_STATE : SQL_DOCUMENTS;
}

/* In the order of the parameters of DOCUMENTS in sql.h. */
static enum kw_err give_filter(sqlite3_stmt *st, const struct store_document_filter *f)
{
    struct giver to = {.st = st};

    give_word(&to, WORDS_DOCUMENT_KIND, f->kind);
    give_text(&to, f->key);
    give_text(&to, f->subject);
    give_text(&to, f->state);
    give_text(&to, f->account);
    give_int(&to, f->before_slot == 0 ? INT64_MAX : (int64_t)f->before_slot);
    give_int(&to, f->limit == 0 ? -1 : (int64_t)f->limit);
    return give_done(&to);
}

enum kw_err store_documents(struct store *s, const struct store_document_filter *f,
                            store_document_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct document d;

    TRY(db_ask(&s->db, statement_of(f), &st));
    TRY(give_filter(st, f));
    enum kw_err err = KW_OK;
    while (db_next(st, &err)) {
        enum kw_err holds = verified(s, st, &d);
        if (holds == KW_EDAMAGED && f->n_damaged != NULL) {
            ++*f->n_damaged;
            continue;
        }
        TRY(holds);
        TRY(each(ctx, &d));
    }
    return err;
}

enum kw_err store_document_count(struct store *s, enum document_kind kind, struct str state,
                                 struct str account, uint64_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, SQL_DOCUMENTS_COUNT, &st));
    struct giver to = {.st = st};
    give_word(&to, WORDS_DOCUMENT_KIND, kind);
    give_text(&to, state);
    give_text(&to, account);
    TRY(give_done(&to));
    TRY(db_row(st));
    struct taker from = {.st = st};
    int64_t counted = take_int(&from);
    TRY(take_done(&from));
    *n = (uint64_t)counted;
    return KW_OK;
}

/* ---- put ---- */

/* Of which version the stored one is that is to be replaced. */
static enum kw_err stored_version(struct store *s, uint32_t slot, uint32_t *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct document d;

    TRY(db_ask(&s->db, SQL_DOCUMENT_BY_SLOT, &st));
    struct giver to = {.st = st};
    give_int(&to, slot);
    TRY(give_done(&to));
    TRY(db_row(st));
    TRY(verified(s, st, &d));
    *out = d.version;
    return d.slot == slot ? KW_OK : KW_EDAMAGED;
}

/* Makes `next` the version after the stored one. */
static enum kw_err number(struct store *s, struct document *next)
{
    uint32_t version;

    if (next->slot == 0) {
        next->version = 1;
        return next_slot(s, SQL_DOCUMENT_MAX, &next->slot);
    }
    enum kw_err err = stored_version(s, next->slot, &version);
    if (err == KW_ENOTFOUND || (err == KW_OK && version != next->version))
        return KW_ECONFLICT;
    TRY(err);
    return next_version(&next->version);
}

static enum kw_err write_row(struct store *s, const struct document *d, const struct digest *seal)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(db_ask(&s->db, d->version == 1 ? SQL_DOCUMENT_INSERT : SQL_DOCUMENT_UPDATE, &st));
    struct giver to = {.st = st};
    give_int(&to, d->slot);
    give_int(&to, d->version);
    give_word(&to, WORDS_DOCUMENT_KIND, d->kind);
    give_text(&to, str_from(d->id));
    give_text(&to, str_from(d->account));
    give_text(&to, str_from(d->key));
    give_text(&to, str_from(d->subject));
    give_text(&to, str_from(d->state));
    give_int(&to, d->created_ms);
    give_text(&to, d->text);
    give_blob(&to, seal->b, DIGEST_LEN);
    TRY(give_done(&to));
    return db_change_one(st);
}

static enum kw_err put(struct store *s, struct document *next)
{
    struct digest seal;

    if (!document_ok(next))
        return KW_EINVAL;
    TRY(number(s, next));
    buf_clear(&s->image);
    TRY(image_of_document(next, &s->image));
    TRY(seal_image(s, &seal));
    TRY(write_row(s, next, &seal));
    return change_log(s, CHANGE_DOCUMENT, next->slot, next->version, &seal);
}

enum kw_err store_put_document(struct store *s, struct document *d)
{
    struct document next = *d;

    if (!s->is_changing)
        return KW_EINVAL;
    TRY(change_ended(s, put(s, &next)));
    *d = next;
    return KW_OK;
}
