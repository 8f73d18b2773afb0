/* webhook_in.c - see webhook_in.h. */
#include "api/webhook_in.h"

#include <assert.h>
#include <stdio.h>

#include "notify/egress.h"

static_assert((int)WEBHOOK_URL_MAX == (int)EGRESS_URL_MAX, "what may be called can be kept");

/* Its shape, and an address that stands in it, are judged here; what its name leads to, when it is called. */
enum kw_err webhook_url_in(struct call *c, struct webhook *w)
{
    const struct egress_rules *rules = &c->server->config->webhooks.rules;
    char why[EGRESS_WHY_MAX];
    struct authority unused;
    struct str url;

    TRY(json_in_text(c->body, "url", &c->problem, &url));
    if (url.p == NULL)
        return KW_OK;
    if (egress_url_check(rules, url, &unused, why) != KW_OK)
        return problem_field(&c->problem, "url_refused", "url", "No webhook leads there: %s", why);
    memcpy(w->url, url.p, url.n);
    w->url[url.n] = '\0';
    return KW_OK;
}

static enum kw_err add_event(struct call *c, struct str word, size_t i, uint64_t *set)
{
    char field[PROBLEM_FIELD_MAX];
    enum webhook_event e;

    snprintf(field, sizeof field, "events[%zu]", i);
    if (!webhook_event_parse(word, &e) || e == TELL_WEBHOOK_TEST)
        return problem_field(&c->problem, "syntax", field,
                             "There is no such event: GET /v1/webhook-events lists them");
    if ((*set >> e & 1) != 0)
        return problem_field(&c->problem, "duplicate_member", field, "This event is there already");
    *set |= UINT64_C(1) << e;
    return KW_OK;
}

enum kw_err webhook_events_in(struct call *c, struct webhook *w)
{
    const json_t *list;
    uint64_t set = 0;

    TRY(json_in_list(c->body, "events", N_WEBHOOK_EVENTS, &c->problem, &list));
    if (list == NULL)
        return KW_OK;
    size_t n = json_array_size(list);
    if (n == 0)
        return problem_field(&c->problem, "missing", "events", "At least one, or \"*\"");
    if (n == 1 && str_eq(json_in_item(list, 0), STR("*"))) {
        w->events = WEBHOOK_EVERY_EVENT;
        return KW_OK;
    }
    for (size_t i = 0; i < n; i++)
        TRY(add_event(c, json_in_item(list, i), i, &set));
    w->events = set;
    return KW_OK;
}

enum kw_err webhook_state_in(struct call *c, struct webhook *w)
{
    struct str word;
    enum webhook_state state;

    TRY(json_in_text(c->body, "state", &c->problem, &word));
    if (word.p == NULL)
        return KW_OK;
    if (!webhook_state_parse(word, &state) || state == WEBHOOK_REMOVED)
        return problem_field(&c->problem, "syntax", "state", "It is \"active\" or \"disabled\"");
    if (state == w->state)
        return KW_OK;
    w->state = state;
    w->why = state == WEBHOOK_ACTIVE ? WEBHOOK_NOT_OFF : WEBHOOK_BY_HAND;
    w->off_ms = state == WEBHOOK_ACTIVE ? 0 : c->now_ms;
    return KW_OK;
}

static enum kw_err check_account(struct call *c, struct str id)
{
    struct account a;
    enum kw_err err = KW_ENOTFOUND;

    if (account_id_check(id) == KW_OK) {
        struct store *store = sync_lock(c->server->sync);
        err = store_account(store, id, &a);
        sync_unlock(c->server->sync);
    }
    if (err == KW_ENOTFOUND)
        return problem_field(&c->problem, "not_found", "account", "There is no such account");
    return err;
}

enum kw_err webhook_account_in(struct call *c, struct webhook *w)
{
    struct str own = call_account(c), id;

    TRY(json_in_text(c->body, "account", &c->problem, &id));
    if (id.p == NULL)
        id = own.p == NULL ? STR("") : own;
    else if (own.p != NULL && !str_eq(id, own))
        return problem_field(&c->problem, "not_found", "account", "There is no such account");
    else
        TRY(check_account(c, id));
    snprintf(w->account, sizeof w->account, "%.*s", (int)id.n, id.p);
    return KW_OK;
}
