/* outbox_forget.c - what goes from the outbox: what is over, and what was another's; see outbox.h. */
#include "notify/outbox_book.h"
#include "store/row.h"

#define KEPT_MS         (INT64_C(30) * 86400000)
#define LETTERS_KEPT_MS (INT64_C(8) * 86400000)

enum { PIECE = 200 }; /* rows at a time: others wait for the lock */

/* ---- dropped ---- */

struct drop {
    enum outbox_sql which; /* answers with the events of what it deletes */
    int64_t of;            /* the webhook, or the moment */
    int64_t now_ms;
    uint32_t max, n; /* deliveries: PIECE at most; how many went */
};

static enum kw_err delete_deliveries(struct outbox *o, struct drop *d, int64_t events[PIECE])
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    enum kw_err err = KW_OK;

    TRY(outbox_ask(o, d->which, &st));
    sqlite3_bind_int64(st, 1, d->of);
    sqlite3_bind_int64(st, 2, d->max);
    sqlite3_bind_int64(st, 3, d->now_ms - LETTERS_KEPT_MS); /* where it is asked for */
    for (d->n = 0; db_next(st, &err); d->n++) {
        if (d->n == PIECE)
            return KW_EDAMAGED;
        events[d->n] = sqlite3_column_int64(st, 0);
    }
    return err;
}

/* An event goes with its last delivery. */
static enum kw_err write_drop(struct outbox *o, void *ctx)
{
    struct drop *d = ctx;
    int64_t events[PIECE] = {0};

    TRY(delete_deliveries(o, d, events));
    for (uint32_t i = 0; i < d->n; i++)
        TRY(outbox_run(o, OUTBOX_EVENT_OVER, events[i], 0));
    return KW_OK;
}

static enum kw_err drop(struct outbox *o, struct drop *d)
{
    return outbox_whole(o, write_drop, d);
}

static enum kw_err drop_all(struct outbox *o, uint32_t webhook)
{
    struct drop d = {.which = OUTBOX_DROP_ALL, .of = webhook, .max = PIECE, .n = PIECE};

    while (d.n == PIECE)
        TRY(drop(o, &d));
    return KW_OK;
}

/* What is dropped is not the oldest, where more are too many; all of them go in the end. */
enum kw_err outbox_trim(struct outbox *o, uint32_t webhook, int64_t now_ms)
{
    struct drop d = {.which = OUTBOX_DROP_MANY, .of = webhook, .now_ms = now_ms, .max = 2};

    return drop(o, &d);
}

/* ---- another's ---- */

struct claim {
    uint32_t webhook;
    struct str id, url;
    bool is_another, is_elsewhere;
};

/* A row without an owner is of a version that did not write one down: it is taken over as it is. */
static enum kw_err compare(struct outbox *o, struct claim *c)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_OWNER, &st));
    sqlite3_bind_int64(st, 1, c->webhook);
    TRY(db_row(st));
    struct taker from = {.st = st};
    struct str id = take_text(&from), url = take_text(&from);
    TRY(take_done(&from));
    c->is_another = !str_eq(id, c->id);
    c->is_elsewhere = !str_eq(url, c->url);
    return c->is_another && id.n == 0 ? KW_ENOTFOUND : KW_OK;
}

static enum kw_err save_owner(struct outbox *o, const struct claim *c)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_OWNER_SAVE, &st));
    struct giver to = {.st = st};
    give_int(&to, c->webhook);
    give_text(&to, c->id);
    give_text(&to, c->url);
    TRY(give_done(&to));
    return db_run_out(st);
}

static enum kw_err write_claim(struct outbox *o, void *ctx)
{
    const struct claim *c = ctx;

    if (c->is_another) {
        TRY(drop_all(o, c->webhook));
        TRY(outbox_run(o, OUTBOX_FORGET_HEALTH, c->webhook, 0));
    } else if (c->is_elsewhere) {
        TRY(outbox_run(o, OUTBOX_FORGIVE, c->webhook, 0));
    }
    return save_owner(o, c);
}

enum kw_err outbox_claim(struct outbox *o, uint32_t webhook, struct str id, struct str url)
{
    struct claim c = {.webhook = webhook, .id = id, .url = url};

    enum kw_err err = compare(o, &c);
    if (err == KW_OK && !c.is_another && !c.is_elsewhere)
        return KW_OK;
    if (err == KW_ENOTFOUND)
        c.is_another = c.is_elsewhere = false;
    else
        TRY(err);
    return outbox_whole(o, write_claim, &c);
}

static enum kw_err write_forgotten(struct outbox *o, void *ctx)
{
    (void)ctx;
    TRY(outbox_run(o, OUTBOX_FORGET_DELIVERIES, 0, 0));
    TRY(outbox_run(o, OUTBOX_FORGET_EVENTS, 0, 0));
    return outbox_run(o, OUTBOX_FORGET_RECEIVERS, 0, 0);
}

enum kw_err outbox_forget(struct outbox *o)
{
    return outbox_whole(o, write_forgotten, NULL);
}

/* ---- over ---- */

static enum kw_err next_swept(struct outbox *o, uint64_t from, uint32_t *webhook)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_SWEPT_NEXT, &st));
    sqlite3_bind_int64(st, 1, (sqlite3_int64)from);
    TRY(db_row(st));
    struct taker row = {.st = st};
    uint32_t found = take_u32(&row);
    TRY(take_done(&row));
    *webhook = found;
    return KW_OK;
}

/* 0: what is old; n + 1: the webhooks from number n on. */
enum kw_err outbox_sweep(struct outbox *o, uint64_t *at, int64_t now_ms, bool *is_over)
{
    struct drop d = {.which = OUTBOX_DROP_OLD, .of = now_ms - KEPT_MS, .max = PIECE};
    uint32_t webhook = 0;

    *is_over = false;
    if (*at == 0) {
        TRY(drop(o, &d));
        *at = d.n < PIECE;
        return KW_OK;
    }
    enum kw_err err = next_swept(o, *at - 1, &webhook);
    if (err == KW_ENOTFOUND) {
        *at = 0;
        *is_over = true;
        return KW_OK;
    }
    TRY(err);
    d = (struct drop){.which = OUTBOX_DROP_MANY, .of = webhook, .now_ms = now_ms, .max = PIECE};
    TRY(drop(o, &d));
    *at = (uint64_t)webhook + 1 + (d.n < PIECE);
    return KW_OK;
}
