/* webhooks_off.c - see webhooks_off.h. */
#include "alerting/webhooks_off.h"

#include <stdio.h>
#include <stdlib.h>

#include "alerting/webhook_doc.h"

struct list {
    struct finding at[WEBHOOKS_OFF_MAX];
    size_t n;
};

static enum kw_err take(void *ctx, const struct document *d)
{
    struct list *l = ctx;
    struct webhook w;

    if (webhook_read(d, &w) != KW_OK || w.why == WEBHOOK_BY_HAND || w.why == WEBHOOK_NOT_OFF)
        return KW_OK;
    struct finding *f = &l->at[l->n++];
    *f = (struct finding){
        .detector = DETECT_WEBHOOK_OFF, .began_us = w.off_ms * 1000, .found_us = w.off_ms * 1000};
    snprintf(f->subject, sizeof f->subject, "%s", w.id);
    snprintf(f->account, sizeof f->account, "%s", w.account);
    if (w.name[0] != '\0')
        finding_text(f, "name", str_from(w.name));
    finding_text(f, "host", webhook_host(&w));
    finding_text(f, "because", str_from(webhook_why_word(w.why)));
    return KW_OK;
}

static enum kw_err list(struct sync *sync, struct list *l)
{
    const struct store_document_filter f = {.kind = DOCUMENT_WEBHOOK,
                                            .state = str_from(webhook_state_word(WEBHOOK_DISABLED)),
                                            .limit = WEBHOOKS_OFF_MAX};

    struct store *store = sync_lock(sync);
    enum kw_err err = store_documents(store, &f, take, l);
    sync_unlock(sync);
    return err;
}

enum kw_err webhooks_off(struct sync *sync, webhooks_off_fn *found, void *ctx)
{
    struct list *l = calloc(1, sizeof *l);

    if (l == NULL)
        return KW_ENOMEM;
    enum kw_err err = list(sync, l);
    for (size_t i = 0; i < l->n && err == KW_OK; i++)
        err = found(ctx, &l->at[i]);
    free(l);
    return err;
}
