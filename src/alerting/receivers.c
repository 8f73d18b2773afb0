/* receivers.c - see receivers.h. */
#include "alerting/receivers.h"

#include "alerting/alert_post.h"

#include <stdlib.h>

#include "alerting/webhook_doc.h"
#include "base/log.h"

enum { OTHERS_MAX = 2 * RECEIVERS_MAX };

void receivers_deinit(struct receivers *r)
{
    free(r->list);
    *r = (struct receivers){NULL, 0};
}

struct receiver *receivers_find(const struct receivers *r, uint32_t slot)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->list[i].webhook.slot == slot)
            return &r->list[i];
    return NULL;
}

/* ---- read ---- */

struct loading {
    struct store *store;
    struct receivers *into;
};

static enum kw_err read_one(struct store *s, const struct document *d, struct receiver *out)
{
    *out = (struct receiver){.due_ms = RECEIVER_IDLE};
    TRY(store_document_made(s, d->slot, &out->made_n));
    return webhook_read(d, &out->webhook);
}

/* One that cannot be read is passed over: the others are sent to all the same. */
static enum kw_err take(void *ctx, const struct document *d)
{
    const struct loading *l = ctx;
    struct receivers *r = l->into;

    if (r->n == RECEIVERS_MAX)
        return KW_EFULL;
    enum kw_err err = read_one(l->store, d, &r->list[r->n]);
    if (err == KW_EDAMAGED)
        log_error("webhook %s cannot be read: nothing is sent to it", d->id);
    r->n += err == KW_OK;
    return err == KW_EDAMAGED ? KW_OK : err;
}

enum kw_err receivers_load(struct receivers *r, struct sync *sync)
{
    uint32_t n_damaged = 0;
    const struct store_document_filter f = {.kind = DOCUMENT_WEBHOOK,
                                            .state = str_from(webhook_state_word(WEBHOOK_ACTIVE)),
                                            .n_damaged = &n_damaged};
    AUTO(receivers_deinit) struct receivers next = {.list = NULL};

    next.list = calloc(RECEIVERS_MAX, sizeof *next.list);
    if (next.list == NULL)
        return KW_ENOMEM;
    struct store *store = sync_lock(sync);
    struct loading l = {store, &next};
    enum kw_err err = store_documents(store, &f, take, &l);
    sync_unlock(sync);
    if (err != KW_EFULL) /* more are never made; those that are too many wait */
        TRY(err);
    if (n_damaged > 0)
        log_error("%u webhooks do not hold: nothing is sent to them", n_damaged);
    for (size_t i = 0; i < next.n; i++) {
        const struct receiver *before = receivers_find(r, next.list[i].webhook.slot);
        next.list[i].is_busy = before != NULL && before->is_busy;
        next.list[i].is_failing = before != NULL && before->is_failing;
    }
    receivers_deinit(r);
    *r = next;
    next = (struct receivers){NULL, 0};
    return KW_OK;
}

/* ---- what waits ---- */

enum kw_err receivers_claim(const struct receivers *r, struct outbox *o)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct webhook *w = &r->list[i].webhook;
        TRY(outbox_claim(o, w->slot, str_from(w->id), str_from(w->url)));
    }
    return KW_OK;
}

enum kw_err receivers_clear_others(const struct receivers *r, struct outbox *o)
{
    uint32_t slots[OTHERS_MAX];
    size_t n;

    TRY(outbox_receivers(o, slots, OTHERS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (slots[i] != ALERT_POST_SLOT && receivers_find(r, slots[i]) == NULL)
            TRY(outbox_give_up(o, slots[i]));
    return KW_OK;
}

static bool was_there(const struct receiver *to, const struct outbox_event *e, uint64_t change_n)
{
    return change_n == 0 ? e->created_ms >= to->webhook.created_ms : change_n >= to->made_n;
}

enum kw_err receivers_put(struct receivers *r, struct outbox *o, const struct outbox_event *e,
                          enum webhook_event which, uint64_t change_n, int64_t now_ms)
{
    for (size_t i = 0; i < r->n; i++) {
        struct receiver *to = &r->list[i];
        if (!was_there(to, e, change_n) || !webhook_wants(&to->webhook, which, e->account))
            continue;
        TRY(outbox_put(o, e, to->webhook.slot, now_ms));
        to->is_known = false;
    }
    return KW_OK;
}
