/* alert_walk.c - see alert_walk.h. */
#include "alerting/alert_walk.h"

enum { PIECE = 500 };
static const int64_t LATE_MS = 24 * INT64_C(3600000);

struct walk {
    store_document_fn *each;
    void *ctx;
    uint32_t last, n; /* slot; how many came in this piece */
};

static enum kw_err take(void *ctx, const struct document *d)
{
    struct walk *w = ctx;

    w->last = d->slot;
    w->n++;
    return w->each(w->ctx, d);
}

enum kw_err alert_walk(struct sync *sync, struct str account, uint32_t *n_damaged,
                       store_document_fn *each, void *ctx)
{
    struct walk w = {.each = each, .ctx = ctx};
    uint32_t rows;

    do {
        const struct store_document_filter f = {.kind = DOCUMENT_ALERT,
                                                .account = account,
                                                .before_slot = w.last,
                                                .limit = PIECE,
                                                .n_damaged = n_damaged};
        uint32_t before = n_damaged == NULL ? 0 : *n_damaged;
        w.n = 0;
        struct store *store = sync_lock(sync);
        enum kw_err err = store_documents(store, &f, take, &w);
        sync_unlock(sync);
        if (err == KW_EFULL)
            return KW_OK;
        TRY(err);
        rows = w.n + (n_damaged == NULL ? 0 : *n_damaged - before);
    } while (w.n > 0 && rows == PIECE);
    return KW_OK;
}

bool alert_walk_is_over(int64_t at_ms, int64_t from_ms)
{
    return at_ms < from_ms - LATE_MS;
}
