/* alerting_latest.c - the newest alert of a subject; see alerting_inside.h. */
#include "alerting/alerting_inside.h"

/* Only what is about many of an account has the subject of others: so many are looked at. */
enum { LOOKED_AT = 100 };

struct looking {
    struct alerting_latest *latest;
    const char *account; /* empty: the installation, and none of them */
};

static enum kw_err take_latest(void *ctx, const struct document *d)
{
    const struct looking *looking = ctx;
    struct alerting_latest *l = looking->latest;

    if (strcmp(d->account, looking->account) != 0)
        return KW_OK;
    l->is_there = alert_read(d, &l->alert) == KW_OK;
    l->is_resolved = strcmp(d->state, alert_state_word(ALERT_RESOLVED)) == 0;
    return KW_EFULL;
}

/* The newest step comes first: those behind the one that resolved it are comments. */
static enum kw_err take_resolved(void *ctx, const struct document_step *step)
{
    struct alerting_latest *l = ctx;

    if (strcmp(step->document.state, alert_state_word(ALERT_RESOLVED)) != 0)
        return KW_EFULL;
    l->resolved_ms = step->time_ms;
    return KW_OK;
}

/* What we count in it ourselves is nobody's word. */
static enum kw_err take_touched(void *ctx, const struct document_step *step)
{
    struct alerting_latest *l = ctx;

    if (str_eq(step->actor, STR(ALERTING_ACTOR)))
        return KW_OK;
    l->touched_ms = step->time_ms;
    return KW_EFULL;
}

static enum kw_err find_moment(struct store *store, struct alerting_latest *l)
{
    enum kw_err err = store_document_history(store, l->alert.document.slot, 0,
                                             l->is_resolved ? take_resolved : take_touched, l);

    return err == KW_EFULL || err == KW_EDAMAGED ? KW_OK : err;
}

static enum kw_err look_for(struct store *store, const struct document *d, struct alerting_latest *l)
{
    uint32_t n_damaged = 0;
    const struct store_document_filter f = {.kind = DOCUMENT_ALERT,
                                            .subject = str_from(d->subject),
                                            .account = str_from(d->account),
                                            .limit = LOOKED_AT,
                                            .n_damaged = &n_damaged};
    struct looking looking = {l, d->account};

    *l = (struct alerting_latest){.is_there = false};
    enum kw_err err = store_documents(store, &f, take_latest, &looking);
    if (err != KW_OK && err != KW_EFULL)
        return err;
    return l->is_there ? find_moment(store, l) : KW_OK;
}

enum kw_err alerting_find_latest(struct alerting *a, const struct alert *alert,
                                 struct alerting_latest *l)
{
    struct store *store = sync_lock(a->sync);
    enum kw_err err = look_for(store, &alert->document, l);

    sync_unlock(a->sync);
    return err;
}

bool alerting_is_over(const struct alerting_latest *l, const struct finding *f)
{
    return l->is_there && l->is_resolved && f->found_us / 1000 <= l->resolved_ms;
}
