/* walk.c - see walk.h. */
#include "record/walk.h"

#include <stdlib.h>

/* ---- whether a record is asked for ---- */

static bool in_time(const struct record_query *q, int64_t time_us)
{
    return (q->from_us == 0 || time_us >= q->from_us) && (q->until_us == 0 || time_us < q->until_us);
}

static bool is_source(const struct address *want, const struct event *e)
{
    struct address net = address_source(want);

    if (memcmp(e->source.b, want->b, sizeof want->b) == 0)
        return true;
    return e->kind == EVENT_SUMMARY && memcmp(e->source.b, net.b, sizeof net.b) == 0;
}

/* An attempt that came before its account was looked up belongs to that of the key it claims. */
static bool is_account(const struct record_query *q, struct str account, struct str key)
{
    if (q->account.n == 0 || str_eq(q->account, account))
        return true;
    return account.n == 0 && key.n > 0 && q->owns != NULL && q->owns(q->ctx, key);
}

/* What only attempts have. */
static bool asks_for_attempts(const struct record_query *q)
{
    return q->verdict != SEARCH_ANY_VERDICT || q->environment != 0 || q->from_browser;
}

static bool came_out(const struct record_query *q, const struct event *e)
{
    if (q->environment != 0 && q->environment != e->environment)
        return false;
    if (q->from_browser && (e->flags & EVENT_BROWSER) == 0)
        return false;
    return q->verdict == SEARCH_ANY_VERDICT || (q->verdict == SEARCH_ALLOWED) == event_is_allowed(e);
}

static bool warning_matches(const struct record_query *q, const struct event *e)
{
    struct str key = {e->key_id, sizeof e->key_id};

    if ((q->kinds != SEARCH_ALL && q->kinds != SEARCH_WARNINGS) || !in_time(q, e->time_us))
        return false;
    if (q->member.n > 0 || q->reason != NULL || q->source != NULL || q->request_id != NULL)
        return false;
    if (q->verdict != SEARCH_ANY_VERDICT || q->from_browser)
        return false;
    if (q->environment != 0 && q->environment != e->environment)
        return false;
    return (q->key_id.n == 0 || str_eq(q->key_id, key)) && is_account(q, e->account, key);
}

static bool event_matches(const struct record_query *q, const struct event *e)
{
    struct str key = {e->key_id, e->key_id[0] == '\0' ? 0 : sizeof e->key_id};

    if (e->kind == EVENT_WARNING)
        return warning_matches(q, e);
    if ((q->kinds != SEARCH_ALL && q->kinds != SEARCH_EVENTS) || !in_time(q, e->time_us))
        return false;
    if ((q->key_id.n > 0 && !str_eq(q->key_id, key)) || !is_account(q, e->account, key))
        return false;
    if ((q->reason != NULL && *q->reason != e->reason) ||
        (q->source != NULL && !is_source(q->source, e)))
        return false;
    if (q->member.n > 0 || !came_out(q, e))
        return false;
    return q->request_id == NULL || memcmp(q->request_id, e->request_id, EVENT_REQUEST_ID) == 0;
}

/* By him, or to him. */
static bool is_members(const struct record_query *q, const struct record_change *c)
{
    struct str by = c->actor, prefix;

    if (q->member.n == 0 || (c->kind == CHANGE_MEMBER && str_eq(q->member, c->id)))
        return true;
    return str_starts(by, STR("member:")) && str_take(&by, 7, &prefix) && str_eq(by, q->member);
}

static bool change_matches(const struct record_query *q, const struct record_change *c)
{
    if ((q->kinds != SEARCH_ALL && q->kinds != SEARCH_CHANGES) || !in_time(q, change_time_us(c)))
        return false;
    if (q->source != NULL || q->reason != NULL || q->request_id != NULL || asks_for_attempts(q))
        return false;
    if (!is_members(q, c))
        return false;
    bool is_of_key = c->kind == CHANGE_KEY || c->kind == CHANGE_SPEND_RULES;
    if (q->key_id.n > 0 && !(is_of_key && str_eq(q->key_id, c->id)))
        return false;
    return q->account.n == 0 || str_eq(q->account, c->account) ||
           (c->kind == CHANGE_ACCOUNT && str_eq(q->account, c->id));
}

static bool sign_in_matches(const struct record_query *q, const struct sign_in *s)
{
    if ((q->kinds != SEARCH_ALL && q->kinds != SEARCH_SIGN_INS) || !in_time(q, s->time_us))
        return false;
    if (q->key_id.n > 0 || q->reason != NULL || asks_for_attempts(q))
        return false;
    if (q->member.n > 0 && !str_eq(q->member, s->member))
        return false;
    if (q->source != NULL && memcmp(s->source.b, q->source->b, sizeof s->source.b) != 0)
        return false;
    if (q->account.n > 0 && !str_eq(q->account, s->account))
        return false;
    return q->request_id == NULL || memcmp(q->request_id, s->request_id, EVENT_REQUEST_ID) == 0;
}

static bool leak_matches(const struct record_query *q, const struct leak *l)
{
    if ((q->kinds != SEARCH_ALL && q->kinds != SEARCH_LEAKS) || !in_time(q, l->time_us))
        return false;
    if (q->member.n > 0 || q->reason != NULL || asks_for_attempts(q))
        return false;
    if (q->key_id.n > 0 && !str_eq(q->key_id, l->key))
        return false;
    if (q->source != NULL &&
        (q->of_account || memcmp(l->source.b, q->source->b, sizeof l->source.b) != 0))
        return false;
    if (q->account.n > 0 && !str_eq(q->account, l->account))
        return false;
    return q->request_id == NULL || memcmp(q->request_id, l->request_id, EVENT_REQUEST_ID) == 0;
}

static bool spend_matches(const struct record_query *q, const struct spend_event *s)
{
    if ((q->kinds != SEARCH_ALL && q->kinds != SEARCH_SPENDS) || !in_time(q, s->time_us))
        return false;
    if (q->source != NULL || q->reason != NULL || q->member.n > 0 ||
        q->verdict != SEARCH_ANY_VERDICT || q->from_browser)
        return false;
    if (q->environment != 0 && q->environment != s->environment)
        return false;
    if (q->key_id.n > 0 && !str_eq(q->key_id, s->key))
        return false;
    if (q->account.n > 0 && !str_eq(q->account, s->account))
        return false;
    return q->request_id == NULL || memcmp(q->request_id, s->request_id, EVENT_REQUEST_ID) == 0;
}

static bool reading_matches(const struct record_query *q, const struct reading *r)
{
    if ((q->kinds != SEARCH_ALL && q->kinds != SEARCH_READINGS) || !in_time(q, r->time_us))
        return false;
    if (q->key_id.n > 0 || q->reason != NULL || asks_for_attempts(q))
        return false;
    if (q->member.n > 0 && !str_eq(q->member, r->member))
        return false;
    if (q->source != NULL && memcmp(r->source.b, q->source->b, sizeof r->source.b) != 0)
        return false;
    if (q->account.n > 0 && !str_eq(q->account, r->account))
        return false;
    return q->request_id == NULL || memcmp(q->request_id, r->request_id, EVENT_REQUEST_ID) == 0;
}

static bool matches(const struct record_query *q, const struct record_entry *e)
{
    switch (e->kind) {
    case RECORD_EVENT:
        return event_matches(q, &e->event);
    case RECORD_CHANGE:
        return change_matches(q, &e->change);
    case RECORD_SIGN_IN:
        return sign_in_matches(q, &e->sign_in);
    case RECORD_LEAK:
        return leak_matches(q, &e->leak);
    case RECORD_SPEND:
        return spend_matches(q, &e->spend);
    case RECORD_READING:
        return reading_matches(q, &e->reading);
    }
    return false;
}

static enum kw_err decode(const struct record *r, struct record_entry *e)
{
    e->kind = r->kind;
    switch (r->kind) {
    case RECORD_EVENT:
        return event_decode(r->bytes, &e->event);
    case RECORD_CHANGE:
        return change_decode(r->bytes, &e->change);
    case RECORD_SIGN_IN:
        return sign_in_decode(r->bytes, &e->sign_in);
    case RECORD_LEAK:
        return leak_decode(r->bytes, &e->leak);
    case RECORD_SPEND:
        return spend_event_decode(r->bytes, &e->spend);
    case RECORD_READING:
        return reading_decode(r->bytes, &e->reading);
    }
    return KW_EDAMAGED;
}

/* ---- one batch ---- */

enum kw_err walk_init(struct walk *w)
{
    w->bytes = BUF_MAX(BATCH_MAX);
    w->at = calloc(BATCH_RECORDS_MAX, sizeof *w->at);
    return w->at == NULL ? KW_ENOMEM : KW_OK;
}

void walk_deinit(struct walk *w)
{
    buf_deinit(&w->bytes);
    free(w->at);
}

static bool was_seen(const struct search_place *before, const struct batch *b, uint32_t number)
{
    return before->batch == b->number && number >= before->number;
}

static enum kw_err give(struct walk *w, const struct batch *b, uint32_t i)
{
    struct record_entry e = {.day = day_of(b->time_us), .batch = b->number, .number = i + 1};
    struct record r;
    size_t at = w->at[i];
    bool bad;

    if (was_seen(&w->q->before, b, e.number))
        return KW_OK;
    if (!batch_next(b, &at, &r, NULL, NULL, &bad))
        return KW_EDAMAGED;
    TRY(decode(&r, &e));
    if (w->left == 0 || !matches(w->q, &e))
        return KW_OK;
    w->left--;
    return w->each(w->ctx, &e);
}

enum kw_err walk_batch(struct walk *w, const struct batch *b, uint32_t skip)
{
    uint32_t n = 0;
    size_t at = 0;
    struct record r;
    bool bad = false;

    do
        w->at[n] = at;
    while (batch_next(b, &at, &r, NULL, NULL, &bad) && ++n < BATCH_RECORDS_MAX);
    if (bad || n != b->n_records)
        return KW_EDAMAGED;
    for (uint32_t i = skip; i < n; i++)
        TRY(give(w, b, w->q->oldest_first ? i : n - 1 - i));
    return KW_OK;
}
