/* search.c - see search.h. tail.c has the last ones and those to come. */
#include "base/file.h"
#include "record/index.h"
#include "record/walk.h"

/* ---- one day ---- */

struct candidate {
    uint64_t offset, number; /* of a batch that may hold what is asked for */
};

struct candidates {
    const struct record_query *q;
    struct buf list; /* struct candidate each, in the order of the file */
    int64_t from_us; /* of the earliest record that the index knows */
};

/* Whoever walks back begins behind nothing that has been seen. */
static bool is_before(const struct record_query *q, uint64_t number)
{
    return q->before.batch == 0 || number <= q->before.batch;
}

static void add_candidate(struct candidates *c, uint64_t offset, uint64_t number)
{
    const struct candidate one = {offset, number};

    if (is_before(c->q, number))
        buf_add(&c->list, &one, sizeof one);
}

static bool may_be_account(const struct record_query *q, const struct index_entry *e)
{
    if (q->account.n == 0 || index_may_hold(e, index_item(INDEX_ACCOUNT, q->account)))
        return true;
    return q->owns != NULL && index_may_hold(e, index_item(INDEX_NO_ACCOUNT, (struct str){NULL, 0}));
}

/* A member is in no filter; what he did, and what was done to him, are changes, sign-ins and readings. */
static bool may_be_member(const struct record_query *q, const struct index_entry *e)
{
    const struct str none = {NULL, 0};

    return q->member.n == 0 || index_may_hold(e, index_item(INDEX_CHANGES, none)) ||
           index_may_hold(e, index_item(INDEX_SIGN_INS, none)) ||
           index_may_hold(e, index_item(INDEX_READINGS, none));
}

static bool may_match(const struct record_query *q, const struct index_entry *e)
{
    uint8_t why = q->reason == NULL ? 0 : (uint8_t)*q->reason;
    struct address net = {.b = {0}};

    if (q->source != NULL)
        net = address_source(q->source);
    const struct {
        bool asked;
        enum index_kind kind;
        struct str bytes;
    } items[] = {
        {q->key_id.n > 0, INDEX_KEY, q->key_id},
        {q->source != NULL, INDEX_SOURCE, {(const char *)net.b, sizeof net.b}},
        {q->reason != NULL, INDEX_REASON, {(const char *)&why, 1}},
        {q->request_id != NULL, INDEX_REQUEST, {(const char *)q->request_id, EVENT_REQUEST_ID}},
        {q->kinds == SEARCH_CHANGES, INDEX_CHANGES, {NULL, 0}},
        {q->kinds == SEARCH_SIGN_INS, INDEX_SIGN_INS, {NULL, 0}},
        {q->kinds == SEARCH_LEAKS, INDEX_LEAKS, {NULL, 0}},
        {q->kinds == SEARCH_SPENDS, INDEX_SPENDS, {NULL, 0}},
        {q->kinds == SEARCH_WARNINGS, INDEX_WARNINGS, {NULL, 0}},
        {q->kinds == SEARCH_READINGS, INDEX_READINGS, {NULL, 0}},
    };

    if ((q->from_us != 0 && e->until_us < q->from_us) ||
        (q->until_us != 0 && e->from_us >= q->until_us))
        return false;
    for (size_t i = 0; i < COUNT_OF(items); i++)
        if (items[i].asked && !index_may_hold(e, index_item(items[i].kind, items[i].bytes)))
            return false;
    return may_be_account(q, e) && may_be_member(q, e);
}

static enum kw_err add_indexed(void *ctx, const struct index_entry *e)
{
    struct candidates *c = ctx;

    if (e->from_us < c->from_us)
        c->from_us = e->from_us;
    if (is_before(c->q, e->number) && may_match(c->q, e))
        add_candidate(c, e->offset, e->number);
    return c->list.failed ? KW_ENOMEM : KW_OK;
}

/* What the index does not cover: every batch. Only of the last day's file the end may still be on its way. */
static enum kw_err add_rest(struct candidates *c, bool is_last, int fd, uint64_t size, uint64_t at)
{
    uint8_t peek[BATCH_PEEK];
    size_t len;
    uint64_t number;

    while (size - at >= sizeof peek) {
        TRY(file_pread(fd, peek, sizeof peek, (off_t)at));
        TRY(batch_peek(peek, &len, &number));
        if (size - at < len)
            break;
        add_candidate(c, at, number);
        at += len;
    }
    if (at < size && !is_last)
        return KW_EDAMAGED;
    return c->list.failed ? KW_ENOMEM : KW_OK;
}

/* The index of a day of small batches is a hundred megabytes: what it took to look into it is not to be in vain. */
enum { WORTH_A_LOOK = 1024 };

/* Every search gets on by so many records or a day at least, however long it took to find them. */
static bool has_enough(struct walk *w, int32_t day, uint64_t batch)
{
    const struct record_query *q = w->q;

    if (q->enough == NULL || w->n_done == 0 || w->owed > 0 || !q->enough(q->ctx))
        return false;
    if (q->ended != NULL)
        *q->ended = (struct search_place){day, batch, UINT32_MAX};
    w->left = 0;
    return true;
}

static enum kw_err give_candidates(struct walk *w, int fd, int32_t day, uint64_t size,
                                   const struct candidates *c)
{
    size_t n = c->list.n / sizeof(struct candidate);
    struct candidate one;
    struct batch b;

    for (size_t i = 0; i < n && w->left > 0; i++) {
        size_t k = w->q->oldest_first ? i : n - 1 - i;
        memcpy(&one, c->list.p + k * sizeof one, sizeof one);
        if (has_enough(w, day, one.number))
            return KW_OK;
        TRY(segment_read(fd, size, one.offset, &w->bytes, &b));
        TRY(walk_batch(w, &b, 0));
        w->owed -= w->owed < b.n_records ? w->owed : b.n_records;
        w->n_done++;
    }
    return KW_OK;
}

/* An index that cannot be read, or is not the segment's, is done without. */
static enum kw_err look_up(struct walk *w, int32_t day, struct candidates *c, uint64_t *covered)
{
    buf_clear(&c->list);
    c->from_us = INT64_MAX;
    *covered = 0;
    enum kw_err err = index_read(w->audit_dir, day, add_indexed, c, covered);
    if (err == KW_OK || err == KW_ENOMEM)
        return err;
    buf_clear(&c->list);
    *covered = 0;
    return KW_OK;
}

static uint16_t days_before(int32_t day, int64_t from_us)
{
    int32_t from = day_of(from_us);

    if (from >= day)
        return 0;
    return day - from > UINT16_MAX ? UINT16_MAX : (uint16_t)(day - from);
}

static enum kw_err find_candidates(struct walk *w, int32_t day, bool is_last, int fd, uint64_t size,
                                   struct candidates *c)
{
    uint64_t covered;

    TRY(look_up(w, day, c, &covered));
    /* The recorder keeps the last day's; for another, being busy or not permitted only makes it
     * slower. */
    if (covered < size && !is_last && index_update(w->audit_dir, day) == KW_OK)
        TRY(look_up(w, day, c, &covered));
    if (covered == size && !is_last)
        index_keep_reach(w->audit_dir, day, fd, size, days_before(day, c->from_us));
    return add_rest(c, is_last, fd, size, covered);
}

/* Whether all of a closed day is later than what is asked for. Its name does not tell: a clock that goes back stays in the newest file. */
static bool is_later(const struct walk *w, int32_t day, int fd, uint64_t size)
{
    uint16_t back;

    return w->q->until_us != 0 && day - 1 > day_of(w->q->until_us) &&
           index_reach(w->audit_dir, day, fd, size, &back) && back < UINT16_MAX &&
           day - back > day_of(w->q->until_us);
}

static enum kw_err search_day(struct walk *w, int32_t day, bool is_last)
{
    AUTO(file_closep) int fd = -1;
    struct candidates c = {w->q, BUF_MAX(64 << 20)};
    uint64_t size;

    enum kw_err err = segment_open(w->audit_dir, day, &fd, &size);
    if (err == KW_ENOTFOUND && !is_last)
        return KW_OK; /* retention has dropped it since it was listed */
    TRY(err);
    if (!is_last && is_later(w, day, fd, size))
        return KW_OK;
    err = find_candidates(w, day, is_last, fd, size, &c);
    w->owed = WORTH_A_LOOK;
    if (err == KW_OK)
        err = give_candidates(w, fd, day, size, &c);
    w->owed = 0;
    buf_deinit(&c.list);
    return err;
}

/* A file holds what was recorded on its day: nothing that came later, but by a little. */
static bool may_hold(const struct record_query *q, int32_t day)
{
    if (q->before.batch != 0 && day > q->before.day)
        return false;
    return q->from_us == 0 || day + 1 >= day_of(q->from_us);
}

static enum kw_err search_days(struct walk *w)
{
    AUTO(days_deinit) struct days days = {0};

    TRY(days_list(w->audit_dir, &days));
    for (size_t i = 0; i < days.n && w->left > 0; i++) {
        size_t k = w->q->oldest_first ? i : days.n - 1 - i;
        if (!may_hold(w->q, days.day[k]))
            continue;
        if (has_enough(w, days.day[k], UINT64_MAX))
            return KW_OK;
        TRY(search_day(w, days.day[k], k == days.n - 1));
        w->n_done++;
    }
    return KW_OK;
}

enum kw_err search_run(const char *audit_dir, const struct record_query *q, record_entry_fn *each,
                       void *ctx)
{
    struct walk w = {.audit_dir = audit_dir, .q = q, .each = each, .ctx = ctx};

    w.left = q->limit == 0 ? UINT64_MAX : q->limit;
    enum kw_err err = walk_init(&w);
    if (err == KW_OK)
        err = search_days(&w);
    walk_deinit(&w);
    return err;
}
