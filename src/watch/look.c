/* look.c - see look.h. */
#include "watch/look.h"

#include <stdlib.h>

#include "watch/findings.h"

struct look {
    const struct round_options *o; /* borrows */
    struct detect *detect;         /* owns */
    struct book *book;             /* borrows, while a round runs */
    bool is_read;                  /* the tables of fixed size are as in the book */
};

/* ---- what the detectors ask for ---- */

static enum kw_err found(void *ctx, const struct finding *f)
{
    const struct look *l = ctx;

    return findings_add(l->book, f);
}

static struct str image_of(sqlite3_stmt *st, int at)
{
    return (struct str){sqlite3_column_blob(st, at), (size_t)sqlite3_column_bytes(st, at)};
}

static enum kw_err load(void *ctx, enum detect_table t, uint32_t no)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    const struct look *l = ctx;

    TRY(book_ask(l->book, BOOK_STATE, &st));
    sqlite3_bind_int(st, 1, (int)t);
    sqlite3_bind_int64(st, 2, no);
    enum kw_err err = db_row(st);
    if (err != KW_OK)
        return err == KW_ENOTFOUND ? KW_OK : err;
    return detect_put(l->detect, t, no, image_of(st, 0));
}

static const struct thresholds *thresholds(void *ctx, struct str account)
{
    const struct look *l = ctx;

    return l->o->thresholds == NULL ? thresholds_default() : l->o->thresholds(l->o->ctx, account);
}

static bool spend_most(void *ctx, struct str key_id, struct str currency, struct amount *out)
{
    const struct look *l = ctx;

    return l->o->spend_most != NULL && l->o->spend_most(l->o->ctx, key_id, currency, out);
}

/* ---- made ---- */

enum kw_err look_new(const struct round_options *o, struct look **out)
{
    struct look *l = calloc(1, sizeof *l);

    if (l == NULL)
        return KW_ENOMEM;
    l->o = o;
    const struct detect_options options = {.ctx = l,
                                           .found = found,
                                           .load = load,
                                           .thresholds = thresholds,
                                           .spend_most = spend_most,
                                           .locator = o->locator};
    enum kw_err err = detect_new(&options, &l->detect);
    if (err != KW_OK) {
        free(l);
        return err;
    }
    *out = l;
    return KW_OK;
}

void look_free(struct look *l)
{
    if (l == NULL)
        return;
    detect_free(l->detect);
    free(l);
}

void look_forget(struct look *l)
{
    detect_forget(l->detect);
    l->is_read = false;
}

bool look_has_room(const struct look *l)
{
    return detect_has_room(l->detect);
}

/* ---- read ---- */

static enum kw_err read_table(struct look *l, enum detect_table t)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    enum kw_err err;

    TRY(book_ask(l->book, BOOK_STATES, &st));
    sqlite3_bind_int(st, 1, (int)t);
    while ((err = db_row(st)) == KW_OK)
        TRY(detect_put(l->detect, t, (uint32_t)sqlite3_column_int64(st, 0), image_of(st, 1)));
    return err == KW_ENOTFOUND ? KW_OK : err;
}

/* The file's own number is nobody's business but ours. */
static enum kw_err read_seed(struct look *l)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(book_ask(l->book, BOOK_MADE, &st));
    enum kw_err err = db_row(st);
    if (err != KW_OK)
        return err == KW_ENOTFOUND ? KW_EDAMAGED : err;
    detect_seed(l->detect, (uint64_t)sqlite3_column_int64(st, 0));
    return KW_OK;
}

enum kw_err look_begin(struct look *l, struct book *b)
{
    l->book = b;
    if (l->is_read)
        return KW_OK;
    TRY(read_seed(l));
    for (enum detect_table t = DETECT_ALL; t < DETECT_N_TABLES; t++)
        if (detect_table_size(t) > 0)
            TRY(read_table(l, t));
    l->is_read = true;
    return KW_OK;
}

/* ---- looked at ---- */

enum kw_err look_at_event(struct look *l, const struct cells_who *who, struct str account,
                          const struct event *e, int64_t batch_us)
{
    const struct detect_who whose = {who->key, account};

    return detect_event(l->detect, &whose, e, batch_us);
}

static enum kw_err look_at_spend(struct look *l, struct subjects *s, struct str bytes,
                                 int64_t batch_us)
{
    struct detect_who whose = {.key = 0};
    struct spend_event e;
    struct cells_who who;

    if (spend_event_decode(bytes, &e) != KW_OK)
        return KW_OK;
    TRY(subjects_by_id(s, l->book, e.key, &who, &whose.account));
    whose.key = who.key;
    return detect_spend(l->detect, &whose, &e, batch_us);
}

static enum kw_err look_at_sign_in(struct look *l, struct str bytes, int64_t batch_us)
{
    struct sign_in in;

    return sign_in_decode(bytes, &in) == KW_OK ? detect_sign_in(l->detect, &in, batch_us) : KW_OK;
}

static enum kw_err look_at_leak(struct look *l, struct str bytes, int64_t batch_us)
{
    struct leak leak;

    return leak_decode(bytes, &leak) == KW_OK ? detect_leak(l->detect, &leak, batch_us) : KW_OK;
}

enum kw_err look_at_other(struct look *l, struct subjects *s, const struct record *record,
                          int64_t batch_us)
{
    switch (record->kind) {
    case RECORD_EVENT:
    case RECORD_CHANGE:
    case RECORD_READING:
        break;
    case RECORD_SIGN_IN:
        return look_at_sign_in(l, record->bytes, batch_us);
    case RECORD_LEAK:
        return look_at_leak(l, record->bytes, batch_us);
    case RECORD_SPEND:
        return look_at_spend(l, s, record->bytes, batch_us);
    }
    return KW_OK;
}

/* ---- saved ---- */

static enum kw_err save(void *ctx, enum detect_table t, uint32_t no, struct str image)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    const struct look *l = ctx;

    TRY(book_ask(l->book, BOOK_STATE_SAVE, &st));
    sqlite3_bind_int(st, 1, (int)t);
    sqlite3_bind_int64(st, 2, no);
    sqlite3_bind_blob(st, 3, image.p, (int)image.n, SQLITE_STATIC);
    return book_do(st);
}

enum kw_err look_save(struct look *l, int64_t now_us)
{
    TRY(detect_each_changed(l->detect, save, l));
    if (!look_has_room(l))
        look_forget(l);
    return findings_sweep(l->book, now_us);
}
