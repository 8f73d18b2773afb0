/* alerting_open.c - the alerts that are open at a start: counted, and gone on with; see alerting.h. */
#include "alerting/alerting_inside.h"

enum { PAGE = 500, PIECE = 100 };

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

struct piece {
    char to_do[PIECE][KW_KEY_ID_LEN + 1];
    size_t n_to_do, n;
    uint32_t last_slot;
    bool is_last;
};

static enum kw_err take_to_do(void *ctx, const struct document *d)
{
    struct piece *p = ctx;
    struct alert a;

    p->last_slot = d->slot;
    p->n++;
    if (alert_read(d, &a) == KW_OK && a.deed == ALERT_TO_DO)
        memcpy(p->to_do[p->n_to_do++], d->id, sizeof d->id);
    return KW_OK;
}

static enum kw_err read_piece(struct alerting *a, struct piece *p)
{
    uint32_t n_damaged = 0;
    const struct store_document_filter f = {.kind = DOCUMENT_ALERT,
                                            .state = str_from(alert_state_word(a->resume_state)),
                                            .before_slot = a->resume_before,
                                            .limit = PIECE,
                                            .n_damaged = &n_damaged};

    *p = (struct piece){.n = 0};
    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_documents(store, &f, take_to_do, p);
    sync_unlock(a->sync);
    p->is_last = p->n == 0 || p->n + n_damaged < PIECE;
    return err;
}

static enum kw_err resume_one(struct alerting *a, const char *id)
{
    struct alert alert;

    enum kw_err err = alerting_find(a, id, &alert);
    if (err == KW_EDAMAGED)
        return KW_OK;
    TRY(err);
    return alerting_go_on(a, &alert, true);
}

/* One that cannot be saved holds up none of its piece. */
static enum kw_err resume_piece(struct alerting *a, const struct piece *p)
{
    enum kw_err first = KW_OK;

    for (size_t i = 0; i < p->n_to_do; i++) {
        enum kw_err err = resume_one(a, p->to_do[i]);
        first = first == KW_OK ? err : first;
    }
    return first;
}

static enum kw_err resume_all(struct alerting *a)
{
    struct piece p;

    do {
        TRY(read_piece(a, &p));
        TRY(resume_piece(a, &p));
        a->resume_before = p.last_slot;
    } while (!p.is_last);
    return KW_OK;
}

/* The open ones first: somebody may acknowledge one meanwhile. */
enum kw_err alerting_resume(struct alerting *a)
{
    for (; a->resume_state != ALERT_RESOLVED; a->resume_state++) {
        TRY(resume_all(a));
        a->resume_before = 0;
    }
    return KW_OK;
}
