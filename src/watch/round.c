/* round.c - see round.h. */
#include "watch/round.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "watch/enter.h"
#include "watch/look.h"
#include "watch/stragglers.h"
#include "watch/warned.h"

enum { BATCHES_PER_ROUND = 1024 };

struct rounds {
    struct round_options o;
    struct cells *cells; /* owns, like the next three */
    struct subjects *subjects;
    struct routes *routes;
    struct look *look;
    bool knows_countries; /* in this round */
    struct generations generations;
    struct book book;
    bool is_open;      /* the book; its place is read and belongs to this record */
    const char *doubt; /* why the file is to be moved aside; NULL: it is not */
    struct follow follow;
    enum kw_err stopped;       /* what ended the reading of this round */
    struct follow_place saved; /* as in the book */
    enum kw_err last;          /* of the last round: an error is logged when it changes */
    int32_t damaged;           /* the day that was told of */
};

void rounds_free(struct rounds *r)
{
    if (r == NULL)
        return;
    book_close(&r->book);
    follow_end(&r->follow);
    cells_free(r->cells);
    subjects_free(r->subjects);
    routes_free(r->routes);
    look_free(r->look);
    free(r);
}

void rounds_freep(struct rounds **r)
{
    rounds_free(*r);
}

enum kw_err rounds_new(const struct round_options *o, struct rounds **out)
{
    AUTO(rounds_freep) struct rounds *r = calloc(1, sizeof *r);

    if (r == NULL)
        return KW_ENOMEM;
    r->o = *o;
    r->generations = (struct generations){.ask = o->generation, .ctx = o->ctx};
    r->follow = (struct follow){.audit_dir = o->audit_dir, .fd = -1};
    TRY(cells_new(&r->cells));
    TRY(subjects_new(o->owner, o->ctx, &r->subjects));
    TRY(routes_new(o->policy, o->ctx, &r->routes));
    TRY(look_new(&r->o, &r->look));
    *out = STEAL(r);
    return KW_OK;
}

/* ---- the book ---- */

/* What is remembered may be of a transaction that is undone, or of another book. */
static void forget(struct rounds *r)
{
    subjects_forget(r->subjects);
    routes_forget(r->routes);
    look_forget(r->look);
}

static void close_book(struct rounds *r)
{
    book_close(&r->book);
    forget(r);
    r->is_open = false;
    r->saved = (struct follow_place){.day = 0};
}

static enum kw_err begin_anew(struct rounds *r, const char *why)
{
    log_warn("%s %s: it is moved aside, and usage is counted anew from the record", r->o.file, why);
    close_book(r);
    r->doubt = NULL;
    TRY(book_move_aside(r->o.file));
    return book_open(r->o.file, &r->book);
}

static enum kw_err open_book(struct rounds *r)
{
    enum kw_err err = book_open(r->o.file, &r->book);

    if (err == KW_OK)
        err = enter_read_place(&r->book, &r->saved);
    if (err == KW_EDAMAGED || err == KW_EFORMAT)
        err = begin_anew(r, "is damaged, or of another version");
    TRY(err);
    r->follow.at = r->saved;
    err = follow_check(&r->follow);
    if (err == KW_ECONFLICT)
        err = begin_anew(r, "counts another record");
    TRY(err);
    r->follow.at = r->saved;
    r->is_open = true;
    return KW_OK;
}

static enum kw_err be_open(struct rounds *r)
{
    if (r->doubt != NULL)
        TRY(begin_anew(r, r->doubt));
    if (r->is_open)
        return KW_OK;
    close_book(r);
    return open_book(r);
}

void rounds_doubt(struct rounds *r)
{
    r->doubt = "is damaged";
}

/* ---- counting ---- */

static void locate(const struct rounds *r, const struct event *e, char out[DAILY_COUNTRY_TEXT])
{
    const struct detect_locator *l = &r->o.locator;
    struct located at = {.country = ""};

    if (!r->knows_countries || l->find == NULL)
        return;
    bool is_known = l->find(l->ctx, &e->source, &at) && at.country[0] != '\0';
    snprintf(out, DAILY_COUNTRY_TEXT, "%s", is_known ? at.country : DAILY_UNKNOWN);
}

/* What stands beside the counts for each generation of a secret. */
static enum kw_err count_secret(struct rounds *r, uint32_t key, const struct event *e,
                                int64_t batch_us)
{
    bool is_old = (e->flags & EVENT_OLD_SECRET) != 0 || e->reason == KW_WHY_SECRET_ROTATED;
    bool fits;

    if (key == 0 || (!is_old && warning_in(e) == WARNING_NONE))
        return KW_OK;
    TRY(generations_fit(&r->generations, key, e, &fits));
    if (!fits)
        return KW_OK;
    TRY(warned_count(&r->book, key, e));
    return stragglers_count(&r->book, key, e, batch_us / 1000);
}

static enum kw_err count_event(struct rounds *r, const struct event *e, int64_t batch_us)
{
    struct daily_where where = {.country = ""};
    struct cells_who who;
    struct str account;

    TRY(subjects_of(r->subjects, &r->book, e, &who, &account));
    TRY(routes_number(r->routes, &r->book, e, &where.route));
    locate(r, e, where.country);
    cells_count(r->cells, &who, &where, e, batch_us);
    TRY(count_secret(r, who.key, e, batch_us));
    return look_at_event(r->look, &who, account, e, batch_us);
}

static enum kw_err count_record(struct rounds *r, const struct record *record, int64_t batch_us)
{
    struct event e;

    if (record->kind != RECORD_EVENT)
        return look_at_other(r->look, r->subjects, record, batch_us);
    if (event_decode(record->bytes, &e) != KW_OK)
        return KW_OK; /* damaged, which `audit verify` tells */
    return count_event(r, &e, batch_us);
}

static enum kw_err count_batch(struct rounds *r, const struct batch *b)
{
    struct record record;
    size_t at = 0;
    bool is_bad = false;

    for (uint32_t n = 0; n < BATCH_RECORDS_MAX && batch_next(b, &at, &record, NULL, NULL, &is_bad);
         n++)
        TRY(count_record(r, &record, b->time_us));
    return KW_OK;
}

/* Stops where the record does, or at the end of what a round takes; either way, what was read counts. */
static enum kw_err count_batches(struct rounds *r, uint64_t durable, bool *more)
{
    struct batch b = {.number = 0};

    for (uint32_t n = 0; r->follow.at.batch < durable; n++) {
        *more = n == BATCHES_PER_ROUND || !cells_have_room(r->cells) || !look_has_room(r->look);
        r->stopped = *more ? KW_OK : follow_next(&r->follow, &b);
        if (*more || r->stopped != KW_OK || b.number > durable)
            return KW_OK;
        TRY(count_batch(r, &b));
        follow_pass(&r->follow, &b);
    }
    return KW_OK;
}

static enum kw_err save(struct rounds *r)
{
    int64_t now_us = r->o.now_us(r->o.ctx);

    TRY(enter_cells(&r->book, r->cells, now_us));
    TRY(enter_place(&r->book, &r->follow.at));
    TRY(enter_sweep(&r->book, now_us));
    TRY(stragglers_sweep(&r->book, now_us / 1000));
    TRY(look_save(r->look, now_us));
    return book_run(&r->book, BOOK_COMMIT);
}

static enum kw_err count_and_save(struct rounds *r, uint64_t durable, bool *more)
{
    cells_clear(r->cells);
    routes_begin(r->routes);
    r->knows_countries = r->o.knows_countries != NULL && r->o.knows_countries(r->o.ctx);
    TRY(book_run(&r->book, BOOK_BEGIN));
    TRY(look_begin(r->look, &r->book));
    TRY(count_batches(r, durable, more));
    if (r->follow.at.batch == r->saved.batch)
        return book_run(&r->book, BOOK_ROLLBACK);
    TRY(save(r));
    r->saved = r->follow.at;
    return KW_OK;
}

/* The place is that of the book again, and so are the numbers. */
static void undo(struct rounds *r, enum kw_err err)
{
    if (!sqlite3_get_autocommit(r->book.db.conn))
        ignore(book_run(&r->book, BOOK_ROLLBACK)); /* closing does it otherwise */
    forget(r);
    r->follow.at = r->saved;
    if (err == KW_EDAMAGED || err == KW_EFORMAT)
        r->doubt = err == KW_EDAMAGED ? "is damaged" : "is of another version";
}

/* ---- a round ---- */

static void tell(struct rounds *r, enum kw_err err)
{
    if (r->follow.damaged != r->damaged)
        log_warn("usage: the rest of a day of the record cannot be read and is not counted: "
                 "`keyward audit verify` names it");
    r->damaged = r->follow.damaged;
    if (err != r->last)
        log_line(err == KW_OK ? LOG_INFO : LOG_WARN, "usage is %s%s",
                 err == KW_OK ? "counted again" : "not counted at the moment: ",
                 err == KW_OK ? "" : kw_strerror(err));
    r->last = err;
}

static enum kw_err run(struct rounds *r, uint64_t durable, bool *more)
{
    TRY(follow_begin(&r->follow));
    TRY(be_open(r));
    enum kw_err err = count_and_save(r, durable, more);
    if (err != KW_OK) {
        undo(r, err);
        return err;
    }
    if (r->stopped == KW_ECONFLICT)
        r->doubt = "counts another record";
    return r->stopped == KW_ENOTFOUND ? KW_OK : r->stopped;
}

enum kw_err rounds_run(struct rounds *r, struct round_result *out)
{
    uint64_t durable = r->o.durable(r->o.ctx);
    bool is_done = durable == 0 || (r->is_open && r->doubt == NULL && r->saved.batch >= durable);
    bool more = false;
    enum kw_err err = KW_OK;

    if (!is_done) {
        r->stopped = KW_OK;
        err = run(r, durable, &more);
        follow_end(&r->follow);
        tell(r, err);
    }
    *out = (struct round_result){.batch = r->saved.batch,
                                 .time_us = r->saved.time_us,
                                 .more = (more && err == KW_OK) || r->doubt != NULL,
                                 .is_whole = durable > 0 && r->is_open && r->doubt == NULL &&
                                             r->saved.batch >= durable};
    return err;
}
