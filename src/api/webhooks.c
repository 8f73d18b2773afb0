/* webhooks.c - the calls about webhooks: made, listed, changed, removed. */
#include <stdio.h>
#include <stdlib.h>

#include "alerting/receivers.h"
#include "alerting/webhook_doc.h"
#include "api/api.h"
#include "api/name_in.h"
#include "api/replay.h"
#include "api/webhook_find.h"
#include "api/webhook_in.h"
#include "crypto/random.h"
#include "notify/webhook_sign.h"
#include "server/page.h"

enum { PER_ACCOUNT_MAX = 20, OVERLAP_MS = 24 * 3600 * 1000 };

/* ---- saved ---- */

static enum kw_err put(struct call *c, struct webhook *w)
{
    return call_saved(c, webhook_put(c->server->sync, call_actor(c), w));
}

/* Answers with the webhook and its secret, which is shown this once. */
static enum kw_err answer_secret(struct call *c, int status, const struct webhook *w,
                                 const struct secret *secret)
{
    AUTO(secret_text_wipe) struct secret_text text = {.n = 0};

    webhook_secret_print(secret, &text);
    json_t *shown = json_stringn(text.p, text.n);
    return webhook_answer(c, status, w, json_out_with(webhook_out(c, w), "secret", shown));
}

/* What is kept of it: how it fares is asked under another lock, and it is new. */
static json_t *kept_out(const struct call *c, const void *object)
{
    const struct outbox_health h = {.pending = 0};
    struct webhook w;

    if (webhook_read(object, &w) != KW_OK)
        return NULL;
    return json_out_with(webhook_out_with(c, &w, &h), "secret", json_null());
}

static enum kw_err put_replied(struct call *c, const struct replay *replay, struct webhook *w)
{
    return replay_settle(
        c, replay, webhook_put_replied(c->server->sync, call_actor(c), w, replay_reply(replay)));
}

static enum kw_err draw(struct call *c, struct webhook *w, struct secret *secret)
{
    TRY(random_bytes(secret->b, sizeof secret->b));
    return webhook_hide(webhooks_box(c->server->webhooks), w->id, secret, w->secret);
}

/* ---- made ---- */

struct counted {
    const char *account;
    size_t n, n_all;
};

static enum kw_err count(void *ctx, const struct document *d)
{
    struct counted *k = ctx;
    bool is_there = strcmp(d->state, webhook_state_word(WEBHOOK_REMOVED)) != 0;

    k->n_all += is_there;
    k->n += is_there && strcmp(d->account, k->account) == 0;
    return KW_OK;
}

static enum kw_err check_room(struct call *c, const struct webhook *w)
{
    const struct store_document_filter f = {.kind = DOCUMENT_WEBHOOK};
    struct counted k = {.account = w->account};

    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_documents(store, &f, count, &k);
    sync_unlock(c->server->sync);
    TRY(err);
    if (k.n >= PER_ACCOUNT_MAX || k.n_all >= RECEIVERS_MAX)
        return problem_say(&c->problem, 409, "too_many_webhooks",
                           "There are %d webhooks already: remove one that is not needed",
                           k.n >= PER_ACCOUNT_MAX ? PER_ACCOUNT_MAX : RECEIVERS_MAX);
    return KW_OK;
}

static enum kw_err read_new(struct call *c, struct webhook *w)
{
    static const char *const names[] = {"url", "name", "events", "account", NULL};
    struct str unused;

    TRY(json_in_only(c->body, names, &c->problem));
    TRY(json_in_required(c->body, "url", &c->problem, &unused));
    TRY(webhook_url_in(c, w));
    TRY(name_in_given(c->body, &c->problem, w->name));
    TRY(webhook_events_in(c, w));
    TRY(webhook_account_in(c, w));
    snprintf(w->created_by, sizeof w->created_by, "%s", c->caller.actor);
    return KW_OK;
}

enum kw_err webhooks_create(struct call *c)
{
    struct webhook w = {
        .state = WEBHOOK_ACTIVE, .events = WEBHOOK_EVERY_EVENT, .created_ms = c->now_ms};
    AUTO(secret_wipe) struct secret secret = {.b = {0}};
    struct replay replay;

    TRY(call_no_parameters(c));
    TRY(replay_begin(c, "/v1/webhooks", kept_out, &replay));
    if (call_is_answered(c))
        return KW_OK;
    TRY(read_new(c, &w));
    TRY(check_room(c, &w));
    TRY(random_base62(w.id, KW_KEY_ID_LEN));
    TRY(draw(c, &w, &secret));
    enum kw_err err = put_replied(c, &replay, &w);
    if (call_is_answered(c))
        return KW_OK;
    TRY(call_saved_new(c, err, "webhook", w.id, "remove it and make another"));
    snprintf(c->location, sizeof c->location, "/v1/webhooks/%s", w.id);
    return answer_secret(c, 201, &w, &secret);
}

/* ---- one ---- */

enum kw_err webhooks_get(struct call *c)
{
    struct webhook w;

    TRY(call_no_parameters(c));
    TRY(webhook_of_call(c, &w));
    return webhook_answer(c, 200, &w, webhook_out(c, &w));
}

enum kw_err webhooks_change(struct call *c)
{
    static const char *const names[] = {"url", "name", "events", "state", NULL};
    struct webhook w;

    TRY(call_no_parameters(c));
    TRY(webhook_of_call(c, &w));
    TRY(call_if_match(c, "webhook", w.version));
    TRY(json_in_only(c->body, names, &c->problem));
    if (json_object_size(c->body) == 0)
        return problem_say(&c->problem, 400, "missing",
                           "At least one of url, name, events and state");
    TRY(webhook_url_in(c, &w));
    TRY(name_in_given(c->body, &c->problem, w.name));
    TRY(webhook_events_in(c, &w));
    TRY(webhook_state_in(c, &w));
    TRY(put(c, &w));
    return webhook_answer(c, 200, &w, webhook_out(c, &w));
}

enum kw_err webhooks_remove(struct call *c)
{
    struct webhook w;

    TRY(call_no_parameters(c));
    TRY(webhook_of_call(c, &w));
    w.state = WEBHOOK_REMOVED;
    TRY(put(c, &w));
    return webhook_answer(c, 200, &w, webhook_out(c, &w));
}

enum kw_err webhooks_rotate_secret(struct call *c)
{
    AUTO(secret_wipe) struct secret secret = {.b = {0}};
    struct replay replay;
    struct webhook w;

    TRY(call_no_parameters(c));
    TRY(replay_begin(c, "/v1/webhooks/{id}/rotate-secret", kept_out, &replay));
    if (call_is_answered(c))
        return KW_OK;
    replay.reply.status = 200;
    TRY(webhook_of_call(c, &w));
    /* While an older one signs, it may be the one in use: it stays until its end, and only the new one is replaced. */
    if (!webhook_has_old_secret(&w, c->now_ms)) {
        memcpy(w.old_secret, w.secret, sizeof w.old_secret);
        w.old_ends_ms = c->now_ms + OVERLAP_MS;
    }
    TRY(draw(c, &w, &secret));
    enum kw_err err = put_replied(c, &replay, &w);
    if (call_is_answered(c))
        return KW_OK;
    TRY(call_saved_new(c, err, "secret of webhook", w.id, "rotate it once more"));
    return answer_secret(c, 200, &w, &secret);
}

/* ---- all ---- */

struct listing {
    struct page page;
    struct webhook *found; /* of a page; owns */
    size_t n;
};

static void listing_deinit(struct listing *l)
{
    page_deinit(&l->page);
    free(l->found);
}

/* How each fares is asked when the store is free again. */
static enum kw_err take(void *ctx, const struct document *d)
{
    struct listing *l = ctx;

    if (strcmp(d->state, webhook_state_word(WEBHOOK_REMOVED)) == 0)
        return KW_OK;
    TRY(webhook_read(d, &l->found[l->n]));
    return l->n++ == l->page.limit ? KW_EFULL : KW_OK;
}

static enum kw_err list_all(struct call *c, struct listing *l)
{
    const struct store_document_filter f = {
        .kind = DOCUMENT_WEBHOOK, .account = call_listed_account(c), .before_slot = l->page.after};

    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = store_documents(store, &f, take, l);
    sync_unlock(c->server->sync);
    return err == KW_EFULL ? KW_OK : err;
}

enum kw_err webhooks_list(struct call *c)
{
    static const char *const parameters[] = {"account", "limit", "cursor", NULL};
    AUTO(listing_deinit) struct listing l = {.n = 0};

    TRY(query_only(&c->query, parameters, &c->problem));
    TRY(page_begin(c, "webhooks", &l.page));
    l.found = calloc(l.page.limit + 1, sizeof *l.found);
    if (l.found == NULL)
        return KW_ENOMEM;
    TRY(list_all(c, &l));
    for (size_t i = 0; i < l.n; i++) {
        enum kw_err err = page_add(&l.page, l.found[i].slot, webhook_out(c, &l.found[i]));
        if (err != KW_EFULL)
            TRY(err);
    }
    return page_answer(&l.page);
}
