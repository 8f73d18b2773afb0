/* reports.c - the calls about weekly reports: listed, read, acknowledged, and one written now. */
#include <stdio.h>

#include "alerting/report.h"
#include "api/api.h"
#include "api/comment_in.h"
#include "api/slowly.h"
#include "core/key.h"
#include "jobs/document_put.h"
#include "server/page.h"
#include "json/document_out.h"

enum { HISTORY_MAX = 200 };

/* ---- told ---- */

static void moment(json_t *o, const char *ms_name, const char *name)
{
    json_object_set_new(o, name, json_out_moment(json_integer_value(json_object_get(o, ms_name))));
    json_object_del(o, ms_name);
}

/* Reports of earlier versions do not speak of it. */
static void add_advice(json_t *keys)
{
    if (json_object_get(keys, "advice") == NULL)
        json_object_set_new(keys, "advice", json_null());
}

static json_t *report_out(const struct document *d)
{
    json_t *o = document_out(d->text);

    if (o == NULL)
        return NULL;
    moment(o, "fromMs", "from");
    moment(o, "toMs", "to");
    json_object_del(o, "note");
    add_advice(json_object_get(o, "keys"));
    o = json_out_with(o, "id", json_string(d->id));
    o = json_out_with(o, "account", d->account[0] == '\0' ? json_null() : json_string(d->account));
    o = json_out_with(o, "state", json_string(d->state));
    return json_out_with(o, "version", json_integer(d->version));
}

static enum kw_err take_step(void *ctx, const struct document_step *step)
{
    json_t *content = document_out(step->document.text), **list = ctx;
    const char *note = json_string_value(json_object_get(content, "note"));

    json_out_append(list, json_pack("{s:o, s:s%, s:s, s:s?}", "at", json_out_moment(step->time_ms),
                                    "by", step->actor.p, step->actor.n, "state",
                                    step->document.state, "note", note));
    json_decref(content);
    return *list == NULL ? KW_ENOMEM : KW_OK;
}

static enum kw_err answer(struct call *c, int status, const struct document *d)
{
    json_t *history = json_array();

    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_document_history(store, d->slot, HISTORY_MAX, take_step, &history);
    sync_unlock(c->server->sync);
    if (err != KW_OK) {
        json_decref(history);
        return err;
    }
    snprintf(c->etag, sizeof c->etag, "\"%u\"", d->version);
    return call_answer(c, status, json_out_with(report_out(d), "history", history));
}

/* ---- read ---- */

static enum kw_err find(struct call *c, struct buf *text, struct document *out)
{
    enum kw_err err = KW_ENOTFOUND;

    if (key_id_ok(c->id)) {
        struct store *store = sync_lock(c->server->sync);
        err = store_document(store, DOCUMENT_REPORT, c->id, call_account(c).p, text, out);
        sync_unlock(c->server->sync);
    }
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no report of that id");
    return err;
}

enum kw_err reports_get(struct call *c)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document d = {.slot = 0};

    TRY(call_no_parameters(c));
    TRY(find(c, &text, &d));
    return answer(c, 200, &d);
}

static enum kw_err take(void *ctx, const struct document *d)
{
    return page_add(ctx, d->slot, report_out(d));
}

enum kw_err reports_list(struct call *c)
{
    static const char *const names[] = {"account", "cursor", "limit", NULL};
    AUTO(page_deinit) struct page page = {.items = NULL};

    TRY(query_only(&c->query, names, &c->problem));
    TRY(page_begin(c, "reports", &page));
    const struct store_document_filter f = {
        .kind = DOCUMENT_REPORT, .account = call_listed_account(c), .before_slot = page.after};
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_documents(store, &f, take, &page);
    sync_unlock(c->server->sync);
    return err == KW_OK || err == KW_EFULL ? page_answer(&page) : err;
}

/* ---- acknowledged ---- */

static enum kw_err put(struct call *c, struct document *d, const char *comment)
{
    json_t *note = comment[0] == '\0' ? json_null() : json_string(comment);
    json_t *content = json_out_with(document_out(d->text), "note", note);
    enum kw_err err = document_put(c->server->sync, call_actor(c), content, d);

    if (err == KW_ECONFLICT)
        return problem_say(&c->problem, 409, "conflict",
                           "Somebody else changed the report meanwhile: read it again");
    return err == KW_EUNSAVED ? KW_OK : err;
}

enum kw_err reports_acknowledge(struct call *c)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document d = {.slot = 0};
    char comment[COMMENT_MAX + 1];

    TRY(call_no_parameters(c));
    TRY(find(c, &text, &d));
    TRY(comment_in(c, false, comment));
    if (strcmp(d.state, "acknowledged") != 0 || comment[0] != '\0') {
        snprintf(d.state, sizeof d.state, "acknowledged");
        TRY(put(c, &d, comment));
        TRY(find(c, &text, &d));
    }
    return answer(c, 200, &d);
}

/* ---- written now ---- */

static enum kw_err read_account(struct call *c, struct str *out)
{
    static const char *const names[] = {"account", NULL};
    struct str own = call_account(c);
    struct account a;

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_text(c->body, "account", &c->problem, out));
    if (out->p == NULL && own.p == NULL)
        return problem_field(&c->problem, "missing", "account", "Whose report it will be");
    if (out->p == NULL)
        *out = own;
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = account_id_check(*out) == KW_OK && (own.p == NULL || str_eq(own, *out))
                          ? store_account(store, *out, &a)
                          : KW_ENOTFOUND;
    sync_unlock(c->server->sync);
    if (err == KW_ENOTFOUND)
        return problem_field(&c->problem, "not_found", "account", "There is no such account");
    return err;
}

static enum kw_err refuse_another(struct call *c)
{
    c->retry_after_s = (unsigned)((REPORT_HOUR_MS - c->now_ms % REPORT_HOUR_MS + 999) / 1000);
    return problem_say(&c->problem, 409, "conflict",
                       "One was written in this hour: read that one, or come again in %u s",
                       c->retry_after_s);
}

static enum kw_err write_now(struct call *c)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct str account = {NULL, 0};
    struct document d = {.slot = 0};

    TRY(read_account(c, &account));
    report_document_by_hand(account, c->now_ms, &d);
    enum kw_err err = reporter_write(&c->server->report_sources, call_actor(c), &d);
    if (err == KW_EEXISTS)
        return refuse_another(c);
    TRY(err);
    c->id = str_from(d.id);
    TRY(find(c, &text, &d));
    snprintf(c->location, sizeof c->location, "/v1/reports/%s", d.id);
    return answer(c, 201, &d);
}

enum kw_err reports_write(struct call *c)
{
    TRY(call_no_parameters(c));
    return slowly(c, write_now);
}
