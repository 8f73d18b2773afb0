/* subjects.c - see subjects.h. A table in memory of those that were met last keeps SQL away from most events. */
#include "watch/subjects.h"

#include <stdlib.h>

#include "core/key.h"
#include "record/hash.h"

enum { PLACES = 32768, FULL = PLACES / 2 };

struct place {
    char id[KW_KEY_ID_LEN]; /* zero bytes: free */
    struct cells_who who;
    char account[KW_ACCOUNT_MAX + 1];
};

struct subjects {
    subjects_owner_fn *owner;
    void *ctx;
    size_t n;
    struct place places[PLACES];
};

enum kw_err subjects_new(subjects_owner_fn *owner, void *ctx, struct subjects **out)
{
    struct subjects *s = calloc(1, sizeof *s);

    if (s == NULL)
        return KW_ENOMEM;
    s->owner = owner;
    s->ctx = ctx;
    *out = s;
    return KW_OK;
}

void subjects_free(struct subjects *s)
{
    free(s);
}

void subjects_forget(struct subjects *s)
{
    s->n = 0;
    memset(s->places, 0, sizeof s->places);
}

/* ---- in memory ---- */

static struct place *place_of(struct subjects *s, struct str id)
{
    for (uint64_t h = hash_bytes(id, 0);; h++) {
        struct place *p = &s->places[h % PLACES];
        if (p->id[0] == '\0' || memcmp(p->id, id.p, sizeof p->id) == 0)
            return p;
    }
}

static struct place *remember(struct subjects *s, const struct place *new)
{
    const struct str id = {new->id, sizeof new->id};

    if (s->n == FULL)
        subjects_forget(s);
    struct place *p = place_of(s, id);
    *p = *new;
    s->n++;
    return p;
}

/* ---- in the book ---- */

static void bind_text(sqlite3_stmt *st, int at, struct str text)
{
    sqlite3_bind_text(st, at, text.n == 0 ? "" : text.p, (int)text.n, SQLITE_STATIC);
}

static enum kw_err find(struct book *b, const char *kind, struct str id, uint32_t *no,
                        uint32_t *account)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_SUBJECT, &st));
    bind_text(st, 1, str_from(kind));
    bind_text(st, 2, id);
    TRY(db_row(st));
    *no = (uint32_t)sqlite3_column_int64(st, 0);
    *account = (uint32_t)sqlite3_column_int64(st, 1);
    return KW_OK;
}

static enum kw_err add(struct book *b, const char *kind, struct str id, uint32_t account, uint32_t *no)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_SUBJECT_ADD, &st));
    bind_text(st, 1, str_from(kind));
    bind_text(st, 2, id);
    sqlite3_bind_int64(st, 3, account);
    TRY(book_do(st));
    *no = (uint32_t)sqlite3_last_insert_rowid(b->db.conn);
    return KW_OK;
}

static enum kw_err find_or_zero(struct book *b, const char *kind, struct str id, uint32_t *no)
{
    uint32_t account;

    enum kw_err err = find(b, kind, id, no, &account);
    if (err != KW_ENOTFOUND)
        return err;
    *no = 0;
    return KW_OK;
}

enum kw_err subjects_key(struct book *b, struct str id, uint32_t *no)
{
    return find_or_zero(b, "key", id, no);
}

enum kw_err subjects_account(struct book *b, struct str id, uint32_t *no)
{
    return find_or_zero(b, "account", id, no);
}

static enum kw_err number_account(struct book *b, struct str id, uint32_t *no)
{
    *no = 0;
    if (id.n == 0)
        return KW_OK;
    TRY(subjects_account(b, id, no));
    return *no != 0 ? KW_OK : add(b, "account", id, 0, no);
}

static enum kw_err name_account(struct book *b, uint32_t no, char out[KW_ACCOUNT_MAX + 1])
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    out[0] = '\0';
    if (no == 0)
        return KW_OK;
    TRY(book_ask(b, BOOK_SUBJECT_ID, &st));
    sqlite3_bind_int64(st, 1, no);
    enum kw_err err = db_row(st);
    if (err != KW_OK)
        return err == KW_ENOTFOUND ? KW_EDAMAGED : err;
    size_t n = (size_t)sqlite3_column_bytes(st, 0);
    if (n > KW_ACCOUNT_MAX)
        return KW_EDAMAGED;
    memcpy(out, n == 0 ? "" : (const char *)sqlite3_column_text(st, 0), n);
    out[n] = '\0';
    return KW_OK;
}

static enum kw_err number_key(struct subjects *s, struct book *b, struct str id, struct place *out)
{
    enum kw_err err = find(b, "key", id, &out->who.key, &out->who.account);
    if (err == KW_OK)
        return name_account(b, out->who.account, out->account);
    if (err != KW_ENOTFOUND)
        return err;
    TRY(s->owner(s->ctx, id, out->account));
    TRY(number_account(b, str_from(out->account), &out->who.account));
    return add(b, "key", id, out->who.account, &out->who.key);
}

static void give(const struct place *p, struct cells_who *out, struct str *account)
{
    *out = p->who;
    *account = str_from(p->account);
}

enum kw_err subjects_by_id(struct subjects *s, struct book *b, struct str key_id,
                           struct cells_who *out, struct str *account)
{
    struct place new = {.id = {0}};

    *out = (struct cells_who){.key = 0};
    *account = (struct str){NULL, 0};
    if (!key_id_ok(key_id))
        return KW_OK;
    const struct place *p = place_of(s, key_id);
    if (p->id[0] != '\0') {
        give(p, out, account);
        return KW_OK;
    }
    enum kw_err err = number_key(s, b, key_id, &new);
    if (err == KW_ENOTFOUND)
        return KW_OK;
    TRY(err);
    memcpy(new.id, key_id.p, sizeof new.id);
    give(remember(s, &new), out, account);
    return KW_OK;
}

enum kw_err subjects_of(struct subjects *s, struct book *b, const struct event *e,
                        struct cells_who *out, struct str *account)
{
    struct str id = {e->key_id, e->key_id[0] == '\0' ? 0 : sizeof e->key_id};

    return subjects_by_id(s, b, id, out, account);
}
