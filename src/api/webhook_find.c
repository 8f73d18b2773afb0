/* webhook_find.c - see webhook_find.h. */
#include "api/webhook_find.h"

#include <stdio.h>

#include "alerting/webhook_doc.h"

enum kw_err webhook_of_call(struct call *c, struct webhook *out)
{
    struct store *store = sync_lock(c->server->sync);
    enum kw_err err = webhook_find(store, c->id, call_account(c).p, out);

    sync_unlock(c->server->sync);
    if (err == KW_ENOTFOUND)
        return problem_say(&c->problem, 404, "not_found", "There is no webhook of that id");
    return err;
}

static enum kw_err claim(struct outbox *o, const struct webhook *w)
{
    return outbox_claim(o, w->slot, str_from(w->id), str_from(w->url));
}

enum kw_err webhook_outbox(struct call *c, const struct webhook *w, struct outbox **out)
{
    struct outbox *o = webhooks_lock(c->server->webhooks);

    enum kw_err err = o == NULL ? KW_EUNAVAILABLE : claim(o, w);
    if (err == KW_OK) {
        *out = o;
        return KW_OK;
    }
    webhooks_unlock(c->server->webhooks, false);
    if (o != NULL)
        return err;
    return problem_say(&c->problem, 503, "unavailable",
                       "What waits for webhooks cannot be read at the moment");
}

/* Whoever asks about a webhook is answered also where nobody knows how it fares. */
static struct outbox_health health_of(struct call *c, const struct webhook *w)
{
    struct outbox_health h = {.pending = 0};
    struct outbox *o = webhooks_lock(c->server->webhooks);

    if (o != NULL && claim(o, w) == KW_OK)
        ignore(outbox_health(o, w->slot, &h)); /* zeros then */
    webhooks_unlock(c->server->webhooks, false);
    return h;
}

json_t *webhook_out(struct call *c, const struct webhook *w)
{
    struct outbox_health h = health_of(c, w);

    return webhook_out_with(c, w, &h);
}

json_t *webhook_out_with(const struct call *c, const struct webhook *w, const struct outbox_health *h)
{
    bool has_old = webhook_has_old_secret(w, c->now_ms);

    return json_pack(
        "{s:s, s:s?, s:s, s:s, s:o, s:s, s:s?, s:o, s:o, s:I, s:I, s:o, s:i, s:o, s:s}", "id",
        w->id, "account", w->account[0] == '\0' ? NULL : w->account, "url", w->url, "name", w->name,
        "events", webhook_events_out(w->events), "state", webhook_state_word(w->state), "why",
        w->why == WEBHOOK_NOT_OFF ? NULL : webhook_why_word(w->why), "offAt",
        json_out_moment(w->off_ms), "oldSecretEndsAt",
        json_out_moment(has_old ? w->old_ends_ms : 0), "pending", (json_int_t)h->pending, "givenUp",
        (json_int_t)h->given_up, "failingSince", json_out_moment(h->failing_since_ms), "version",
        (int)w->version, "createdAt", json_out_moment(w->created_ms), "createdBy", w->created_by);
}

enum kw_err webhook_answer(struct call *c, int status, const struct webhook *w, json_t *out)
{
    snprintf(c->etag, sizeof c->etag, "\"%u\"", w->version);
    return call_answer(c, status, out);
}
