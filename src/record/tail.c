/* tail.c - the last records, and those to come; see search.h. */
#include <stdlib.h>

#include "base/file.h"
#include "record/walk.h"

static const struct record_query everything;

/* ---- forward from a place ---- */

/* Gives what is behind an offset of one file, and moves the offset. */
static enum kw_err forward(struct walk *w, int32_t day, uint64_t *offset, uint32_t skip)
{
    AUTO(file_closep) int fd = -1;
    uint64_t size;
    struct batch b;

    TRY(segment_open(w->audit_dir, day, &fd, &size));
    for (;; skip = 0) {
        enum kw_err err = segment_read(fd, size, *offset, &w->bytes, &b);
        if (err == KW_ENOTFOUND)
            return KW_OK;
        TRY(err);
        TRY(walk_batch(w, &b, skip));
        *offset += b.len;
    }
}

/* The days are listed first: when a later file is there, nothing more comes into the earlier one.
 */
static enum kw_err forward_days(struct walk *w, struct record_cursor *at, uint32_t skip)
{
    AUTO(days_deinit) struct days days = {0};

    TRY(days_list(w->audit_dir, &days));
    for (size_t i = 0; i < days.n; i++) {
        if (days.day[i] < at->day)
            continue;
        if (days.day[i] > at->day)
            *at = (struct record_cursor){.day = days.day[i]};
        TRY(forward(w, at->day, &at->offset, skip));
        skip = 0;
    }
    return KW_OK;
}

static struct record_query oldest_first(const struct record_query *q)
{
    struct record_query forward_query = q == NULL ? everything : *q;

    forward_query.oldest_first = true;
    return forward_query;
}

static enum kw_err follow(const char *audit_dir, const struct record_query *q,
                          struct record_cursor *at, uint32_t skip, record_entry_fn *each, void *ctx)
{
    struct record_query query = oldest_first(q);
    struct walk w = {
        .audit_dir = audit_dir, .q = &query, .each = each, .ctx = ctx, .left = UINT64_MAX};

    enum kw_err err = walk_init(&w);
    if (err == KW_OK)
        err = forward_days(&w, at, skip);
    walk_deinit(&w);
    return err;
}

enum kw_err search_follow(const char *audit_dir, const struct record_query *q,
                          struct record_cursor *at, record_entry_fn *each, void *ctx)
{
    return follow(audit_dir, q, at, 0, each, ctx);
}

/* ---- back from the end ---- */

struct start {
    struct record_cursor at;
    uint32_t skip; /* records of its first batch that are too many */
    uint64_t left; /* still to be found further back */
};

static enum kw_err back(const char *audit_dir, int32_t day, struct buf *buf, struct start *s)
{
    AUTO(file_closep) int fd = -1;
    uint64_t size;
    struct batch b;

    TRY(segment_open(audit_dir, day, &fd, &size));
    for (uint64_t end = segment_end(fd, size, buf); s->left > 0; end -= b.len) {
        enum kw_err err = segment_read_back(fd, end, buf, &b);
        if (err == KW_ENOTFOUND)
            return KW_OK;
        TRY(err);
        s->at = (struct record_cursor){day, end - b.len};
        s->skip = s->left < b.n_records ? b.n_records - (uint32_t)s->left : 0;
        s->left -= b.n_records - s->skip;
    }
    return KW_OK;
}

static enum kw_err find_start(const char *audit_dir, uint64_t n, struct start *out)
{
    AUTO(days_deinit) struct days days = {0};
    AUTO(buf_deinit) struct buf buf = BUF_MAX(BATCH_MAX);
    struct start s = {.left = n};

    TRY(days_list(audit_dir, &days));
    for (size_t i = days.n; i-- > 0 && s.left > 0;)
        TRY(back(audit_dir, days.day[i], &buf, &s));
    *out = s;
    return KW_OK;
}

/* ---- back from the end, looking for something ---- */

struct match {
    uint64_t batch;
    uint32_t number;
};

static enum kw_err last_match(void *ctx, const struct record_entry *e)
{
    struct match *m = ctx;

    *m = (struct match){e->batch, e->number};
    return KW_OK;
}

struct behind { /* passes on what lies between a match and the batch that was the last one at the beginning */
    struct match first;
    uint64_t last;
    record_entry_fn *each;
    void *ctx;
};

static enum kw_err give_behind(void *ctx, const struct record_entry *e)
{
    const struct behind *b = ctx;

    if (e->batch < b->first.batch || (e->batch == b->first.batch && e->number < b->first.number))
        return KW_OK;
    return b->each(b->ctx, e);
}

static bool is_everything(const struct record_query *q)
{
    return q == NULL || (q->key_id.n == 0 && q->account.n == 0 && q->member.n == 0 &&
                         q->source == NULL && q->reason == NULL && q->request_id == NULL &&
                         q->verdict == SEARCH_ANY_VERDICT && q->environment == KW_NO_ENVIRONMENT &&
                         q->from_us == 0 && q->until_us == 0 && q->kinds == SEARCH_ALL);
}

static enum kw_err end_of_day(const char *audit_dir, int32_t day, struct record_cursor *end,
                              uint64_t *batch)
{
    AUTO(file_closep) int fd = -1;
    AUTO(buf_deinit) struct buf buf = BUF_MAX(BATCH_MAX);
    uint64_t size;
    struct batch b;

    TRY(segment_open(audit_dir, day, &fd, &size));
    *end = (struct record_cursor){day, segment_end(fd, size, &buf)};
    enum kw_err err = segment_read_back(fd, end->offset, &buf, &b);
    *batch = err == KW_OK ? b.number : 0;
    return err == KW_ENOTFOUND ? KW_OK : err;
}

/* The place behind the last batch, and its number; 0: there is none. */
static enum kw_err end_of(const char *audit_dir, struct record_cursor *end, uint64_t *batch)
{
    AUTO(days_deinit) struct days days = {0};
    struct record_cursor earlier;

    *end = (struct record_cursor){0};
    *batch = 0;
    TRY(days_list(audit_dir, &days));
    if (days.n > 0)
        TRY(end_of_day(audit_dir, days.day[days.n - 1], end, batch));
    for (size_t i = days.n; i-- > 1 && *batch == 0;)
        TRY(end_of_day(audit_dir, days.day[i - 1], &earlier, batch));
    return KW_OK;
}

/* Twice through the index: back to the n-th match from the end, then forward from there. */
static enum kw_err tail_of_matches(const char *audit_dir, const struct record_query *q, uint64_t n,
                                   struct behind *b)
{
    struct record_query query = *q;

    query.limit = n;
    query.oldest_first = false;
    TRY(search_run(audit_dir, &query, last_match, &b->first));
    if (b->first.batch == 0)
        return KW_OK;
    query.limit = 0;
    query.oldest_first = true;
    return search_run(audit_dir, &query, give_behind, b);
}

enum kw_err search_tail(const char *audit_dir, const struct record_query *q, uint64_t n,
                        record_entry_fn *each, void *ctx, struct record_cursor *end)
{
    struct start s;
    struct behind b = {.each = each, .ctx = ctx};

    if (n == 0)
        return end_of(audit_dir, end, &b.last);
    if (!is_everything(q)) {
        TRY(end_of(audit_dir, end, &b.last));
        return tail_of_matches(audit_dir, q, n, &b);
    }
    TRY(find_start(audit_dir, n, &s));
    TRY(follow(audit_dir, NULL, &s.at, s.skip, each, ctx));
    *end = s.at;
    return KW_OK;
}
