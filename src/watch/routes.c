/* routes.c - see routes.h. The versions that were needed last are kept; of each of their lines the number, once it was needed. */
#include "watch/routes.h"

#include <stdlib.h>

#include "core/policy.h"
#include "store/store.h"
#include "watch/daily.h"

struct known {
    uint32_t version;    /* 0: of none */
    struct buf document; /* owns; lines borrow from it */
    size_t n;            /* 0: it cannot be told */
    struct route lines[ROUTE_MAX];
    uint32_t numbers[ROUTE_MAX]; /* 0: not needed yet */
};

enum { KNOWN = 2 }; /* while a new one comes into force, attempts of both lie among each other */

struct routes {
    routes_policy_fn *policy;
    void *ctx;
    uint32_t n_read; /* in this round */
    struct known known[KNOWN];
    size_t last; /* the one that was needed last */
};

enum kw_err routes_new(routes_policy_fn *policy, void *ctx, struct routes **out)
{
    struct routes *r = calloc(1, sizeof *r);

    if (r == NULL)
        return KW_ENOMEM;
    r->policy = policy;
    r->ctx = ctx;
    *out = r;
    return KW_OK;
}

void routes_free(struct routes *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < KNOWN; i++)
        buf_deinit(&r->known[i].document);
    free(r);
}

void routes_begin(struct routes *r)
{
    r->n_read = 0;
}

void routes_forget(struct routes *r)
{
    for (size_t i = 0; i < KNOWN; i++)
        memset(r->known[i].numbers, 0, sizeof r->known[i].numbers);
}

/* ---- the policy ---- */

static enum kw_err read_lines(struct routes *r, uint32_t version, struct known *k)
{
    if (r->policy == NULL)
        return KW_ENOTFOUND;
    TRY(r->policy(r->ctx, version, &k->document));
    return policy_read(buf_view(&k->document), k->lines, &k->n);
}

static bool cannot_be_told(enum kw_err err)
{
    return err == KW_ENOTFOUND || err == KW_EDAMAGED || err == KW_ESYNTAX || err == KW_ERANGE;
}

/* One that does not hold has no lines: what else is on the record is counted all the same. */
static enum kw_err read_policy(struct routes *r, uint32_t version, struct known *k)
{
    buf_deinit(&k->document);
    k->document = BUF_MAX(POLICY_DOCUMENT_MAX);
    k->version = 0;
    k->n = 0;
    memset(k->numbers, 0, sizeof k->numbers);
    r->n_read++;
    enum kw_err err = read_lines(r, version, k);
    if (err != KW_OK && !cannot_be_told(err))
        return err;
    k->version = version;
    return KW_OK;
}

/* NULL: no more are read in this round. */
static enum kw_err find_policy(struct routes *r, uint32_t version, struct known **out)
{
    *out = NULL;
    for (size_t i = 0; i < KNOWN; i++)
        if (r->known[i].version == version) {
            r->last = i;
            *out = &r->known[i];
            return KW_OK;
        }
    if (r->n_read >= ROUTES_READ_MAX)
        return KW_OK;
    r->last = (r->last + 1) % KNOWN;
    TRY(read_policy(r, version, &r->known[r->last]));
    *out = &r->known[r->last];
    return KW_OK;
}

/* ---- a line ---- */

static enum kw_err find_number(struct book *b, struct str text, uint32_t *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(b, BOOK_ROUTE_NO, &st));
    sqlite3_bind_text(st, 1, text.p, (int)text.n, SQLITE_STATIC);
    TRY(db_row(st));
    *out = (uint32_t)sqlite3_column_int64(st, 0);
    return KW_OK;
}

static enum kw_err number_text(struct book *b, struct str text, uint32_t *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    enum kw_err err = find_number(b, text, out);
    if (err != KW_ENOTFOUND)
        return err;
    TRY(book_ask(b, BOOK_ROUTE_NEW, &st));
    sqlite3_bind_text(st, 1, text.p, (int)text.n, SQLITE_STATIC);
    TRY(book_do(st));
    *out = (uint32_t)sqlite3_last_insert_rowid(b->db.conn);
    return KW_OK;
}

enum kw_err routes_number(struct routes *r, struct book *b, const struct event *e, uint32_t *out)
{
    struct known *k;

    *out = e->route == 0 ? DAILY_NO_ROUTE : DAILY_UNKNOWN_ROUTE;
    if (e->route == 0 || e->policy_version == 0)
        return KW_OK;
    TRY(find_policy(r, e->policy_version, &k));
    if (k == NULL || e->route > k->n)
        return KW_OK;
    uint32_t *number = &k->numbers[e->route - 1];
    if (*number == 0)
        TRY(number_text(b, k->lines[e->route - 1].text, number));
    *out = *number;
    return KW_OK;
}
