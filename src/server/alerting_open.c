/* alerting_open.c - the alerts that are open at a start: counted, and gone on with; see alerting.h. */
#include "server/alerting_inside.h"

enum { RESUMED_MAX = 256, PAGE = 500 };

/* ---- counted ---- */

struct open_ones {
    struct tally *tally;
    uint32_t before_slot; /* of the next page */
    size_t n;             /* of this page */
};

static enum kw_err take_open(void *ctx, const struct document *d)
{
    struct open_ones *o = ctx;
    struct alert a;

    o->before_slot = d->slot;
    o->n++;
    if (alert_read(d, &a) == KW_OK)
        tally_add(&o->tally->alerts_open[a.severity]);
    return KW_OK;
}

/* Page by page: others want the lock, too. */
enum kw_err alerting_count_open(struct alerting *a)
{
    uint32_t n_damaged = 0;
    struct store_document_filter f = {.kind = DOCUMENT_ALERT,
                                      .state = str_from(alert_state_word(ALERT_OPEN)),
                                      .limit = PAGE,
                                      .n_damaged = &n_damaged};
    struct open_ones o = {.tally = a->tally};

    do {
        o.n = 0;
        f.before_slot = o.before_slot;
        struct store *store = sync_lock(a->sync);
        enum kw_err err = store_documents(store, &f, take_open, &o);
        sync_unlock(a->sync);
        TRY(err);
    } while (o.n > 0);
    return KW_OK;
}

/* ---- resumed ---- */

struct pending {
    char id[RESUMED_MAX][KW_KEY_ID_LEN + 1];
    size_t n;
};

static enum kw_err take_pending(void *ctx, const struct document *d)
{
    struct pending *p = ctx;
    struct alert a;

    if (alert_read(d, &a) == KW_OK && a.deed == ALERT_TO_DO && p->n < RESUMED_MAX)
        memcpy(p->id[p->n++], d->id, sizeof d->id);
    return KW_OK;
}

enum kw_err alerting_resume(struct alerting *a)
{
    uint32_t n_damaged = 0;
    const struct store_document_filter f = {.kind = DOCUMENT_ALERT,
                                            .state = str_from(alert_state_word(ALERT_OPEN)),
                                            .n_damaged = &n_damaged};
    struct pending p = {.n = 0};
    struct alert alert;

    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_documents(store, &f, take_pending, &p);
    sync_unlock(a->sync);
    for (size_t i = 0; i < p.n && err == KW_OK; i++) {
        err = alerting_find(a, p.id[i], &alert);
        if (err == KW_OK)
            err = alerting_go_on(a, &alert, true);
        if (err == KW_EDAMAGED)
            err = KW_OK;
    }
    return err;
}
