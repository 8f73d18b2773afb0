/* events.c - the calls that read the record: searched and exported, one request explained. */
#include <assert.h>
#include <stdio.h>

#include "api/api.h"
#include "api/read_log.h"
#include "api/slowly.h"
#include "api/times_in.h"
#include "base/clock.h"
#include "base/hex.h"
#include "core/key.h"
#include "core/permission.h"
#include "record/asked.h"
#include "record/explain.h"
#include "record/line.h"
#include "record/search.h"
#include "server/cursor.h"

/* One thread answers all calls of a socket: a search gives way after so long, and its `next` says where to go on. */
enum {
    SEARCH_US = 100000,
    GET_US = 5 * 1000 * 1000,
    PAGE_DEFAULT_EVENTS = 100,
    PAGE_MAX_EVENTS = 1000
};
enum { TEXT_MAX = 8 << 20, TEXT_ENOUGH = 4 << 20 };

struct asked { /* query borrows from the rest, and from the call */
    struct call *call;
    struct record_query query;
    struct address source;
    enum kw_reason reason;
    uint8_t request_id[EVENT_REQUEST_ID];
    char account[KW_ACCOUNT_MAX + 1]; /* of the caller; empty: the whole installation */
    char last_key[KW_KEY_ID_LEN + 1]; /* whose owner was looked up last */
    bool last_is_his;

    uint64_t limit, n, until_us;
    bool as_lines;
    struct search_place last, next; /* batch 0: none */
};

/* ---- whose it is ---- */

static void put_line(const struct call *c, const struct record_entry *e, struct buf *out)
{
    if (call_account(c).n == 0)
        line_json(e, out);
    else
        line_json_of_account(e, out);
}

static bool owns(void *ctx, struct str key_id)
{
    struct asked *a = ctx;
    struct grant g;

    if (key_id.p == NULL || !key_id_ok(key_id))
        return false;
    if (str_eq(str_from(a->last_key), key_id))
        return a->last_is_his;
    snprintf(a->last_key, sizeof a->last_key, "%.*s", KW_KEY_ID_LEN, key_id.p);
    struct store *store = sync_lock(a->call->server->sync);
    a->last_is_his = store_key(store, key_id, a->account, &g) == KW_OK;
    sync_unlock(a->call->server->sync);
    return a->last_is_his;
}

/* A caller of one account asks about that account, whatever else he asks for. False: about another one. */
static bool narrow(struct asked *a)
{
    struct str his = call_account(a->call);

    if (his.n > 0 && a->query.account.n > 0 && !str_eq(his, a->query.account))
        return false;
    if (his.n > 0)
        a->query.account = his;
    if (a->query.account.n > KW_ACCOUNT_MAX)
        return false;
    if (a->query.account.n > 0)
        memcpy(a->account, a->query.account.p, a->query.account.n);
    a->query.owns = owns;
    a->query.of_account = his.n > 0;
    a->query.ctx = a;
    return true;
}

/* ---- what is asked ---- */

static enum kw_err read_kind(struct call *c, struct record_query *q)
{
    struct str kind = query_get(&c->query, "kind");

    if (kind.p == NULL)
        return KW_OK;
    if (str_eq(kind, STR("event")))
        q->kinds = SEARCH_EVENTS;
    else if (str_eq(kind, STR("change")))
        q->kinds = SEARCH_CHANGES;
    else if (str_eq(kind, STR("sign_in")))
        q->kinds = SEARCH_SIGN_INS;
    else if (str_eq(kind, STR("leak")))
        q->kinds = SEARCH_LEAKS;
    else if (str_eq(kind, STR("spend")))
        q->kinds = SEARCH_SPENDS;
    else if (str_eq(kind, STR("warning")))
        q->kinds = SEARCH_WARNINGS;
    else if (str_eq(kind, STR("read")))
        q->kinds = SEARCH_READINGS;
    else
        return problem_field(
            &c->problem, "syntax",
            "kind", "\"kind\" is \"event\", \"change\", \"sign_in\", \"leak\", \"spend\", \"warning\" or \"read\"");
    return KW_OK;
}

static enum kw_err read_outcome(struct call *c, struct record_query *q)
{
    struct str verdict = query_get(&c->query, "verdict");
    struct str environment = query_get(&c->query, "environment");
    struct str browser = query_get(&c->query, "browser");

    q->from_browser = browser.p != NULL;
    if (browser.p != NULL && !str_eq(browser, STR("true")))
        return problem_field(&c->problem, "syntax", "browser", "It is \"true\", or left out");
    if (verdict.p != NULL && asked_verdict(verdict, &q->verdict) != KW_OK)
        return problem_field(&c->problem, "syntax", "verdict", "It is \"allow\" or \"deny\"");
    if (environment.p != NULL && environment_parse(environment, &q->environment) != KW_OK)
        return problem_field(&c->problem, "syntax", "environment",
                             "It is \"sandbox\" or \"production\"");
    return KW_OK;
}

static enum kw_err read_member(struct call *c, struct record_query *q)
{
    q->member = query_get(&c->query, "member");
    if (q->member.p != NULL && !key_id_ok(q->member))
        return problem_field(&c->problem, "syntax", "member", "A member is named by his id");
    return KW_OK;
}

static enum kw_err read_request_id(struct call *c, struct str text, const char *field,
                                   struct asked *a)
{
    if (hex_get(text, a->request_id, EVENT_REQUEST_ID) != KW_OK)
        return problem_field(&c->problem, "syntax", field,
                             "A request id is 32 hexadecimal digits, as in X-Request-Id");
    a->query.request_id = a->request_id;
    return KW_OK;
}

static enum kw_err read_who(struct call *c, struct asked *a)
{
    struct str source = query_get(&c->query, "source"), reason = query_get(&c->query, "reason");
    struct str request = query_get(&c->query, "request"), key = query_get(&c->query, "key");

    a->query.key_id = key;
    a->query.account = query_get(&c->query, "account");
    if (key.p != NULL && !key_id_ok(key))
        return problem_field(&c->problem, "syntax", "key", "A key is named by its id");
    if (a->query.account.p != NULL && account_id_check(a->query.account) != KW_OK)
        return problem_field(&c->problem, "syntax", "account", "An account is named by its id");
    if (source.p != NULL && address_parse(source, &a->source) != KW_OK)
        return problem_field(&c->problem, "syntax", "source",
                             "An address is written like 192.0.2.1 or 2001:db8::1");
    if (reason.p != NULL && asked_reason(reason, &a->reason) != KW_OK)
        return problem_field(&c->problem, "syntax", "reason", "There is no such reason");
    a->query.source = source.p == NULL ? NULL : &a->source;
    a->query.reason = reason.p == NULL ? NULL : &a->reason;
    return request.p == NULL ? KW_OK : read_request_id(c, request, "request", a);
}

/* A place in the record, as it is sealed. */
struct place {
    uint64_t batch;
    int32_t day;
    uint32_t number;
};

static_assert(sizeof(struct place) <= CURSOR_PLACE_MAX, "it is sealed whole");

static enum kw_err read_cursor(struct call *c, struct asked *a)
{
    struct place p = {.batch = 0};

    TRY(cursor_read(c, "events", &p, sizeof p));
    a->query.before = (struct search_place){p.day, p.batch, p.number};
    return KW_OK;
}

static enum kw_err read_page(struct call *c, struct asked *a)
{
    struct str limit = query_get(&c->query, "limit"), format = query_get(&c->query, "format");

    a->limit = PAGE_DEFAULT_EVENTS;
    a->as_lines = str_eq(format, STR("ndjson"));
    if (limit.p != NULL && (str_u64(limit, PAGE_MAX_EVENTS, &a->limit) != KW_OK || a->limit == 0))
        return problem_field(&c->problem, "range", "limit", "\"limit\" is a number from 1 to %d",
                             PAGE_MAX_EVENTS);
    TRY(read_cursor(c, a));
    if (format.p != NULL && !a->as_lines && !str_eq(format, STR("json")))
        return problem_field(&c->problem, "syntax", "format", "\"format\" is \"json\" or \"ndjson\"");
    return KW_OK;
}

static enum kw_err read_asked(struct call *c, struct asked *a)
{
    static const char *const names[] = {
        "from",    "until",       "key",    "source", "reason", "request", "kind",    "account",
        "verdict", "environment", "member", "limit",  "cursor", "format",  "browser", NULL};

    TRY(query_only(&c->query, names, &c->problem));
    TRY(times_in(c, &a->query.from_us, &a->query.until_us));
    TRY(read_kind(c, &a->query));
    TRY(read_outcome(c, &a->query));
    TRY(read_member(c, &a->query));
    TRY(read_who(c, a));
    return read_page(c, a);
}

/* ---- searched ---- */

static bool has_enough(void *ctx)
{
    const struct asked *a = ctx;

    return clock_boot_us() >= a->until_us || worker_is_over(a->call->server->worker);
}

/* One more than the page holds tells that there is another page. */
static enum kw_err take(void *ctx, const struct record_entry *e)
{
    struct asked *a = ctx;
    struct buf *text = &a->call->text;

    if (a->n == a->limit || text->n > TEXT_ENOUGH) {
        a->next = a->last;
        return KW_EFULL;
    }
    if (!a->as_lines && a->n > 0)
        buf_str(text, STR(","));
    put_line(a->call, e, text);
    if (!a->as_lines && !text->failed)
        text->n--; /* the line feed */
    a->n++;
    a->last = (struct search_place){e->day, e->batch, e->number};
    return text->failed ? KW_ENOMEM : KW_OK;
}

static enum kw_err put_next(struct asked *a, struct buf *out)
{
    const struct place p = {a->next.batch, a->next.day, a->next.number};
    char text[CURSOR_TEXT_MAX + 1];

    if (a->next.batch == 0) {
        buf_str(out, STR("\"next\":null}"));
        return KW_OK;
    }
    TRY(cursor_seal(a->call, "events", &p, sizeof p, text));
    buf_printf(out, "\"next\":\"%s\"}", text);
    return KW_OK;
}

static enum kw_err log_asked(const struct asked *a)
{
    return read_log(a->call, a->as_lines ? READING_EXPORTED : READING_SEARCHED, NULL);
}

static enum kw_err search(struct asked *a)
{
    struct config_paths paths;

    TRY(recording_drain(a->call->server->recording));
    TRY(log_asked(a)); /* behind the drain: nobody finds himself */
    config_paths_of(a->call->server->config, &paths);
    a->until_us = clock_boot_us() + SEARCH_US;
    a->query.enough = has_enough;
    a->query.ended = &a->next;
    enum kw_err err = search_run(paths.audit_dir, &a->query, take, a);
    return err == KW_EFULL && a->n > 0 ? KW_OK : err;
}

static enum kw_err list(struct call *c)
{
    struct asked a = {.call = c};

    TRY(read_asked(c, &a));
    c->text = BUF_MAX(TEXT_MAX);
    if (!a.as_lines)
        buf_str(&c->text, STR("{\"events\":["));
    if (narrow(&a)) /* of another account there is nothing to be seen */
        TRY(search(&a));
    else
        TRY(log_asked(&a));
    buf_str(&c->text, a.as_lines ? STR("{\"kind\":\"end\",") : STR("],"));
    TRY(put_next(&a, &c->text));
    if (a.as_lines)
        buf_str(&c->text, STR("\n"));
    return call_answer_text(c, 200, a.as_lines ? "application/x-ndjson" : "application/json");
}

enum kw_err events_list(struct call *c)
{
    return slowly(c, list);
}

/* ---- one explained ---- */

struct explaining {
    struct buf line;
    struct explained all;
    bool found;
    const struct call *call;
};

static void explaining_deinit(struct explaining *x)
{
    buf_deinit(&x->line);
    explained_deinit(&x->all);
}

static enum kw_err explain(void *ctx, const struct record_entry *e)
{
    struct explaining *x = ctx;

    bool more = explain_add(&x->all, e);

    if (!x->found || !more)
        buf_clear(&x->line);
    if (!x->found || !more)
        put_line(x->call, e, &x->line);
    x->found = true;
    if (x->line.failed)
        return KW_ENOMEM;
    return more ? KW_OK : KW_EFULL;
}

static json_t *lines_of(struct str text)
{
    json_t *list = json_array();
    struct str line;

    while (str_cut(text, '\n', &line, &text))
        json_out_append(&list, json_stringn(line.p, line.n));
    return list;
}

static enum kw_err gave_up(struct call *c)
{
    return problem_say(&c->problem, 503, "busy",
                       "The record is long, and the newest days do not have it: go on with "
                       "GET /v1/events?request=%.*s, page by page",
                       (int)c->id.n, c->id.p);
}

static enum kw_err log_explained(struct call *c)
{
    char asked[8 + CALL_REQUEST_ID_LEN + 1];

    snprintf(asked, sizeof asked, "request=%.*s", CALL_REQUEST_ID_LEN, c->id.p);
    return read_log(c, READING_EXPLAINED, asked);
}

static enum kw_err get(struct call *c)
{
    AUTO(explaining_deinit)
    struct explaining x = {.line = BUF_MAX(EXPLAIN_MAX), .call = c};
    x.all.for_account = call_account(c).n > 0;
    struct asked a = {.call = c, .query = {.limit = EXPLAIN_RECORDS}};
    struct config_paths paths;

    TRY(call_no_parameters(c));
    if (hex_get(c->id, a.request_id, EVENT_REQUEST_ID) == KW_OK && narrow(&a)) {
        a.query.request_id = a.request_id;
        a.query.enough = has_enough;
        a.query.ended = &a.next;
        a.query.ctx = &a;
        TRY(recording_drain(c->server->recording));
        TRY(log_explained(c));
        config_paths_of(c->server->config, &paths);
        a.until_us = clock_boot_us() + GET_US;
        enum kw_err err = search_run(paths.audit_dir, &a.query, explain, &x);
        if (err != KW_EFULL)
            TRY(err);
        if (err == KW_OK && a.next.batch != 0) /* the time was over before the decision was found */
            return gave_up(c);
        TRY(explain_end(&x.all));
    }
    if (!x.found)
        return problem_say(&c->problem, 404, "not_found",
                           "Nothing with that request id is on the record");
    json_t *event = json_loadb(x.line.p, x.line.n, JSON_ALLOW_NUL, NULL);
    return call_answer(
        c, 200,
        json_pack("{s:o, s:o}", "event", event, "explanation", lines_of(buf_view(&x.all.text))));
}

enum kw_err events_get(struct call *c)
{
    return slowly(c, get);
}
