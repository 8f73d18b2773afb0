/* outbox_send.c - what becomes of deliveries; see outbox.h. */
#include <stdio.h>

#include "notify/outbox_book.h"
#include "store/row.h"

const char *outbox_state_word(enum outbox_state s)
{
    switch (s) {
    case OUTBOX_PENDING:
        return "pending";
    case OUTBOX_DELIVERED:
        return "delivered";
    case OUTBOX_FAILED:
        return "failed";
    }
    return "";
}

/* ---- which is next ---- */

enum kw_err outbox_due(struct outbox *o, uint32_t webhook, int64_t *out_ms)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_DUE, &st));
    sqlite3_bind_int64(st, 1, webhook);
    TRY(db_row(st));
    if (sqlite3_column_type(st, 0) == SQLITE_NULL)
        return KW_ENOTFOUND;
    *out_ms = sqlite3_column_int64(st, 0);
    return KW_OK;
}

static void take_delivery(struct taker *from, struct outbox_delivery *d)
{
    *d = (struct outbox_delivery){.no = (uint64_t)take_int(from)};
    d->webhook = take_u32(from);
    take_string(from, d->event, sizeof d->event);
    take_string(from, d->type, sizeof d->type);
    d->created_ms = take_int(from);
    uint32_t state = take_u32(from);
    d->tries = take_u32(from);
    d->next_ms = take_int(from);
    from->bad |= state > OUTBOX_FAILED;
    d->state = state > OUTBOX_FAILED ? OUTBOX_FAILED : (enum outbox_state)state;
}

enum kw_err outbox_next(struct outbox *o, uint32_t webhook, struct buf *body,
                        struct outbox_delivery *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct outbox_delivery d;

    TRY(outbox_ask(o, OUTBOX_NEXT, &st));
    sqlite3_bind_int64(st, 1, webhook);
    TRY(db_row(st));
    struct taker from = {.st = st};
    take_delivery(&from, &d);
    buf_str(body, take_text(&from));
    TRY(take_done(&from));
    if (body->failed)
        return KW_ENOMEM;
    *out = d;
    return KW_OK;
}

/* ---- what became of it ---- */

struct row {
    uint32_t webhook, state, tries;
};

static enum kw_err find(struct outbox *o, uint64_t no, struct row *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_ONE, &st));
    sqlite3_bind_int64(st, 1, (sqlite3_int64)no);
    TRY(db_row(st));
    struct taker from = {.st = st};
    struct row r = {.webhook = take_u32(&from)};
    r.state = take_u32(&from);
    r.tries = take_u32(&from);
    TRY(take_done(&from));
    *out = r;
    return KW_OK;
}

enum kw_err outbox_set(struct outbox *o, uint64_t no, enum outbox_state next, int64_t next_ms,
                       int tries, uint32_t *webhook)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct row before;

    TRY(find(o, no, &before));
    TRY(outbox_ask(o, OUTBOX_SET, &st));
    sqlite3_bind_int64(st, 1, (sqlite3_int64)no);
    sqlite3_bind_int64(st, 2, next);
    sqlite3_bind_int64(st, 3, next_ms);
    sqlite3_bind_int64(st, 4, tries < 0 ? 1 : tries);
    sqlite3_bind_int64(st, 5, tries < 0);
    TRY(db_change_one(st));
    int more = (next == OUTBOX_PENDING) - (before.state == OUTBOX_PENDING);
    *webhook = before.webhook;
    return more == 0 ? KW_OK : outbox_run(o, OUTBOX_PENDING_ADD, before.webhook, more);
}

static enum kw_err add_try(struct outbox *o, uint64_t no, const struct outbox_try *t)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_TRY_ADD, &st));
    struct giver to = {.st = st};
    give_int(&to, (int64_t)no);
    give_int(&to, t->time_ms);
    give_int(&to, t->status);
    give_int(&to, t->took_ms);
    give_text(&to, str_from(t->error));
    TRY(give_done(&to));
    return db_run_out(st);
}

struct tried {
    const struct outbox_delivery *d;
    const struct outbox_try *t;
    enum outbox_state next;
    int64_t next_ms;
    struct outbox_health *health;
};

/* Numbers begin anew in a new file: the event has to be the same. */
static enum kw_err check_is(struct outbox *o, const struct outbox_delivery *d)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_IS, &st));
    struct giver to = {.st = st};
    give_int(&to, (int64_t)d->no);
    give_int(&to, d->webhook);
    give_text(&to, str_from(d->event));
    TRY(give_done(&to));
    return db_row(st);
}

static enum kw_err write_next(struct outbox *o, const struct tried *x)
{
    struct row now;
    uint32_t webhook;

    TRY(find(o, x->d->no, &now));
    bool is_as_it_was = now.state == OUTBOX_PENDING && now.tries == x->d->tries;
    if (!is_as_it_was && x->next != OUTBOX_DELIVERED)
        return KW_OK;
    TRY(outbox_set(o, x->d->no, x->next, x->next_ms, -1, &webhook));
    return outbox_run(o, OUTBOX_FAILING, webhook, x->next == OUTBOX_DELIVERED ? 0 : x->t->time_ms);
}

static enum kw_err write_tried(struct outbox *o, void *ctx)
{
    const struct tried *x = ctx;

    TRY(check_is(o, x->d));
    TRY(write_next(o, x));
    TRY(add_try(o, x->d->no, x->t));
    TRY(outbox_run(o, OUTBOX_TRIES_TRIM, (int64_t)x->d->no, OUTBOX_TRIES_KEPT));
    return outbox_health(o, x->d->webhook, x->health);
}

enum kw_err outbox_tried(struct outbox *o, const struct outbox_delivery *d,
                         const struct outbox_try *t, enum outbox_state next, int64_t next_ms,
                         struct outbox_health *health)
{
    struct tried x = {d, t, next, next_ms, health};

    return outbox_whole(o, write_tried, &x);
}

enum kw_err outbox_health(struct outbox *o, uint32_t webhook, struct outbox_health *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct outbox_health h = {.pending = 0};

    TRY(outbox_ask(o, OUTBOX_HEALTH, &st));
    sqlite3_bind_int64(st, 1, webhook);
    enum kw_err err = db_row(st);
    if (err == KW_OK) {
        struct taker from = {.st = st};
        h.pending = take_u32(&from);
        h.given_up = take_u32(&from);
        h.failing_since_ms = take_int(&from);
        err = take_done(&from);
    } else if (err == KW_ENOTFOUND) {
        err = KW_OK; /* nothing was ever sent to it */
    }
    TRY(err);
    *out = h;
    return KW_OK;
}

static enum kw_err waiting_since(struct outbox *o, bool of_letters, int64_t *out_ms)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_WAITING_SINCE, &st));
    sqlite3_bind_int(st, 1, of_letters);
    TRY(db_row(st));
    *out_ms = sqlite3_column_int64(st, 0); /* NULL: none, which is 0 */
    return KW_OK;
}

enum kw_err outbox_backlog(struct outbox *o, bool of_letters, struct outbox_backlog *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_BACKLOG, &st));
    sqlite3_bind_int(st, 1, of_letters);
    TRY(db_row(st));
    struct taker from = {.st = st};
    struct outbox_backlog b = {.waiting = (uint64_t)take_int(&from)};
    b.given_up = (uint64_t)take_int(&from);
    TRY(take_done(&from));
    TRY(waiting_since(o, of_letters, &b.oldest_ms));
    *out = b;
    return KW_OK;
}

enum kw_err outbox_tests(struct outbox *o, uint32_t webhook, int64_t since_ms, int64_t now_ms,
                         struct outbox_tests *out)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_TESTS, &st));
    sqlite3_bind_int64(st, 1, webhook);
    sqlite3_bind_int64(st, 2, since_ms);
    sqlite3_bind_int64(st, 3, now_ms);
    TRY(db_row(st));
    struct taker from = {.st = st};
    struct outbox_tests tests = {.waiting = take_u32(&from)};
    tests.since = take_u32(&from);
    TRY(take_done(&from));
    *out = tests;
    return KW_OK;
}

/* ---- all of a webhook ---- */

static enum kw_err write_given_up(struct outbox *o, void *ctx)
{
    const uint32_t *webhook = ctx;

    TRY(outbox_run(o, OUTBOX_FAIL_PENDING, *webhook, 0));
    return outbox_run(o, OUTBOX_NONE_PENDING, *webhook, 0);
}

enum kw_err outbox_give_up(struct outbox *o, uint32_t webhook)
{
    return outbox_whole(o, write_given_up, &webhook);
}

static enum kw_err next_receiver(sqlite3_stmt *st, uint32_t *out, bool *is_there)
{
    enum kw_err err = db_row(st);

    *is_there = err == KW_OK;
    if (err != KW_OK)
        return err == KW_ENOTFOUND ? KW_OK : err;
    struct taker from = {.st = st};
    *out = take_u32(&from);
    return take_done(&from);
}

enum kw_err outbox_receivers(struct outbox *o, uint32_t *out, size_t max, size_t *n)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    bool is_there = true;

    TRY(outbox_ask(o, OUTBOX_RECEIVERS, &st));
    for (*n = 0; *n < max && is_there; *n += is_there)
        TRY(next_receiver(st, &out[*n], &is_there));
    return KW_OK;
}

struct again {
    uint32_t webhook;
    struct str event;
    int64_t now_ms;
};

static enum kw_err find_of_event(struct outbox *o, const struct again *a, uint64_t *no)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;

    TRY(outbox_ask(o, OUTBOX_OF_EVENT, &st));
    struct giver to = {.st = st};
    give_text(&to, a->event);
    give_int(&to, a->webhook);
    TRY(give_done(&to));
    TRY(db_row(st));
    struct taker from = {.st = st};
    *no = (uint64_t)take_int(&from);
    return take_done(&from);
}

static enum kw_err write_again(struct outbox *o, void *ctx)
{
    const struct again *a = ctx;
    uint32_t webhook;
    uint64_t no;

    TRY(find_of_event(o, a, &no));
    return outbox_set(o, no, OUTBOX_PENDING, a->now_ms, 0, &webhook);
}

enum kw_err outbox_again(struct outbox *o, uint32_t webhook, struct str event, int64_t now_ms)
{
    struct again a = {webhook, event, now_ms};

    return outbox_whole(o, write_again, &a);
}

/* ---- looked at ---- */

enum kw_err outbox_list(struct outbox *o, uint32_t webhook, uint64_t before, uint32_t limit,
                        outbox_delivery_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct outbox_delivery d;

    TRY(outbox_ask(o, OUTBOX_LIST, &st));
    sqlite3_bind_int64(st, 1, webhook);
    sqlite3_bind_int64(st, 2, before == 0 || before > INT64_MAX ? INT64_MAX : (sqlite3_int64)before);
    sqlite3_bind_int64(st, 3, limit);
    for (;;) {
        enum kw_err err = db_row(st);
        if (err == KW_ENOTFOUND)
            return KW_OK;
        TRY(err);
        struct taker from = {.st = st};
        take_delivery(&from, &d);
        TRY(take_done(&from));
        TRY(each(ctx, &d));
    }
}

enum kw_err outbox_tries(struct outbox *o, uint64_t no, outbox_try_fn *each, void *ctx)
{
    AUTO(db_donep) sqlite3_stmt *st = NULL;
    struct outbox_try t;

    TRY(outbox_ask(o, OUTBOX_TRIES, &st));
    sqlite3_bind_int64(st, 1, (sqlite3_int64)no);
    for (;;) {
        enum kw_err err = db_row(st);
        if (err == KW_ENOTFOUND)
            return KW_OK;
        TRY(err);
        struct taker from = {.st = st};
        t = (struct outbox_try){.time_ms = take_int(&from)};
        t.status = take_u32(&from);
        t.took_ms = take_u32(&from);
        take_string(&from, t.error, sizeof t.error);
        TRY(take_done(&from));
        TRY(each(ctx, &t));
    }
}
