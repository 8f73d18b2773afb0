/* alerts.c - the calls that read alerts: a list, and one with its history. */
#include <stdio.h>

#include "alerting/alert_name.h"
#include "api/alert_find.h"
#include "api/alerts_out.h"
#include "api/api.h"
#include "core/key.h"
#include "server/page.h"

enum { HISTORY_MAX = 200 };

/* ---- one ---- */

enum kw_err alert_find(struct call *c, struct alert *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    enum kw_err err = KW_ENOTFOUND;
    struct document d;

    if (key_id_ok(c->id)) {
        struct store *store = sync_lock(c->server->sync);
        err = store_document(store, DOCUMENT_ALERT, c->id, call_account(c).p, &text, &d);
        sync_unlock(c->server->sync);
    }
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no alert of that id");
    TRY(err);
    return alert_read(&d, out);
}

static enum kw_err take_step(void *ctx, const struct document_step *step)
{
    json_t **list = ctx;

    json_out_append(list, alert_step_out(step));
    return *list == NULL ? KW_ENOMEM : KW_OK;
}

enum kw_err alert_answer(struct call *c, const struct alert *a)
{
    char name[ALERT_NAME_MAX + 1];
    json_t *history = json_array();

    alert_name(c->server->sync, &a->finding, name);
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err =
        store_document_history(store, a->document.slot, HISTORY_MAX, take_step, &history);
    sync_unlock(c->server->sync);
    if (err != KW_OK) {
        json_decref(history);
        return err;
    }
    snprintf(c->etag, sizeof c->etag, "\"%u\"", a->document.version);
    return call_answer(c, 200, json_out_with(alert_out(a, name), "history", history));
}

enum kw_err alerts_get(struct call *c)
{
    struct alert a = {.times = 0};

    TRY(call_no_parameters(c));
    TRY(alert_find(c, &a));
    return alert_answer(c, &a);
}

/* ---- all ---- */

struct filter {             /* besides what the store looks for */
    enum detector detector; /* N_DETECTORS: any */
    enum severity severity; /* at least */
};

struct listing {
    struct page page;
    struct filter filter;
    uint32_t looked_at; /* a page gives way after so many, whatever it found */
};

enum { LOOKED_AT_MAX = 5000 };

static enum kw_err take(void *ctx, const struct document *d)
{
    struct listing *l = ctx;
    struct alert a;

    TRY(alert_read(d, &a));
    bool is_one = (l->filter.detector == N_DETECTORS || a.finding.detector == l->filter.detector) &&
                  a.severity >= l->filter.severity;
    if (is_one)
        return page_add(&l->page, d->slot, alert_out(&a, ""));
    if (++l->looked_at < LOOKED_AT_MAX)
        return KW_OK;
    page_give_way(&l->page, d->slot);
    return KW_EFULL;
}

static struct str text_in(const json_t *item, const char *name)
{
    const char *text = json_string_value(json_object_get(item, name));

    return str_from(text == NULL ? "" : text);
}

/* The store answers one question at a time: names are asked for when the list is there. */
static enum kw_err add_name(struct sync *sync, json_t *item)
{
    struct str key = text_in(item, "keyId"), account = text_in(item, "account"),
               subject = text_in(item, "subject");
    struct finding f = {.n_facts = 0};
    char name[ALERT_NAME_MAX + 1];

    if (!detector_parse(text_in(item, "detector"), &f.detector))
        return KW_OK;
    snprintf(f.key_id, sizeof f.key_id, "%.*s", (int)key.n, key.p);
    snprintf(f.account, sizeof f.account, "%.*s", (int)account.n, account.p);
    snprintf(f.subject, sizeof f.subject, "%.*s", (int)subject.n, subject.p);
    alert_name(sync, &f, name);
    if (name[0] == '\0')
        return KW_OK;
    return json_object_set_new(item, "name", json_string(name)) == 0 ? KW_OK : KW_ENOMEM;
}

static enum kw_err add_names(struct sync *sync, const struct page *page)
{
    for (size_t i = 0; i < json_array_size(page->items); i++)
        TRY(add_name(sync, json_array_get(page->items, i)));
    return KW_OK;
}

static enum kw_err read_state(struct call *c, struct store_document_filter *f)
{
    struct str word = query_get(&c->query, "state");
    enum alert_state state;

    if (word.p == NULL)
        return KW_OK;
    if (!alert_state_parse(word, &state))
        return problem_field(&c->problem, "syntax", "state",
                             "It is \"open\", \"acknowledged\" or \"resolved\"");
    f->state = str_from(alert_state_word(state));
    return KW_OK;
}

static enum kw_err read_words(struct call *c, struct filter *f)
{
    struct str detector = query_get(&c->query, "detector"),
               severity = query_get(&c->query, "severity");

    *f = (struct filter){.detector = N_DETECTORS, .severity = SEVERITY_LOW};
    if (detector.p != NULL && !detector_parse(detector, &f->detector))
        return problem_field(&c->problem, "syntax", "detector",
                             "There is no such detector: docs/detectors.md lists them");
    if (severity.p != NULL && !severity_parse(severity, &f->severity))
        return problem_field(
            &c->problem, "syntax", "severity",
            "It is \"low\", \"medium\", \"high\" or \"critical\": at least so grave");
    return KW_OK;
}

static enum kw_err read_filter(struct call *c, struct store_document_filter *f, struct filter *besides)
{
    *f = (struct store_document_filter){.kind = DOCUMENT_ALERT,
                                        .key = query_get(&c->query, "key"),
                                        .account = call_listed_account(c)};
    if (f->key.p != NULL && !key_id_ok(f->key))
        return problem_field(&c->problem, "syntax", "key", "It is the id of a key");
    TRY(read_state(c, f));
    return read_words(c, besides);
}

enum kw_err alerts_list(struct call *c)
{
    static const char *const names[] = {"account", "cursor",   "detector", "key",
                                        "limit",   "severity", "state",    NULL};
    AUTO(page_deinit) struct page none = {.items = NULL};
    struct store_document_filter f;
    struct listing l = {.page = none};

    TRY(query_only(&c->query, names, &c->problem));
    TRY(read_filter(c, &f, &l.filter));
    TRY(page_begin(c, "alerts", &l.page));
    f.before_slot = l.page.after;
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_documents(store, &f, take, &l);
    sync_unlock(c->server->sync);
    if (err == KW_OK || err == KW_EFULL)
        err = add_names(c->server->sync, &l.page);
    if (err == KW_OK)
        err = page_answer(&l.page);
    page_deinit(&l.page);
    return err;
}
