/* alerting.c - see alerting.h. */
#include "server/alerting.h"

#include <stdio.h>

#include "base/log.h"
#include "server/document_put.h"

enum { TRIES = 3, HOUR_MS = 3600 * 1000, RESUMED_MAX = 256, PAGE = 500 };

/* ---- saved ---- */

static bool is_saved(enum kw_err err)
{
    return err == KW_OK || err == KW_EUNSAVED;
}

/* What holds a key back, and what is of the gravest kind, does not wait for room on the disk. KW_EUNSAVED is KW_OK here: it is in the
 * database, and head is written soon. */
static enum kw_err put(struct alerting *a, struct alert *alert)
{
    bool is_urgent = alert->taken.action != ALERT_NOTIFY || alert->severity == SEVERITY_CRITICAL;
    enum kw_err err = (is_urgent ? document_put_urgent : document_put)(
        a->sync, STR(ALERTING_ACTOR), alert_text(alert), &alert->document);

    return is_saved(err) ? KW_OK : err;
}

/* ---- what there is already ---- */

static enum kw_err find(struct alerting *a, const char *id, struct alert *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document d;

    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_document(store, DOCUMENT_ALERT, str_from(id), NULL, &text, &d);
    sync_unlock(a->sync);
    TRY(err);
    return alert_read(&d, out);
}

struct latest { /* the newest alert of a subject */
    struct alert alert;
    bool is_there, is_resolved;
    int64_t resolved_ms;
};

static enum kw_err take_latest(void *ctx, const struct document *d)
{
    struct latest *l = ctx;

    l->is_there = alert_read(d, &l->alert) == KW_OK;
    l->is_resolved = strcmp(d->state, alert_state_word(ALERT_RESOLVED)) == 0;
    return KW_OK;
}

/* The newest step comes first: those behind the one that resolved it are comments. */
static enum kw_err take_time(void *ctx, const struct document_step *step)
{
    struct latest *l = ctx;

    if (strcmp(step->document.state, alert_state_word(ALERT_RESOLVED)) != 0)
        return KW_EFULL;
    l->resolved_ms = step->time_ms;
    return KW_OK;
}

static enum kw_err look_for(struct store *store, const char *subject, struct latest *l)
{
    uint32_t n_damaged = 0;
    const struct store_document_filter f = {
        .kind = DOCUMENT_ALERT, .subject = str_from(subject), .limit = 1, .n_damaged = &n_damaged};

    *l = (struct latest){.is_there = false};
    TRY(store_documents(store, &f, take_latest, l));
    if (!l->is_there || !l->is_resolved)
        return KW_OK;
    enum kw_err err = store_document_history(store, l->alert.document.slot, 0, take_time, l);
    return err == KW_EFULL || err == KW_EDAMAGED ? KW_OK : err;
}

static enum kw_err find_latest(struct alerting *a, const struct alert *alert, struct latest *l)
{
    struct store *store = sync_lock(a->sync);
    enum kw_err err = look_for(store, alert->document.subject, l);

    sync_unlock(a->sync);
    return err;
}

/* What was found before an alert was resolved is over with it: it may come again, when the record is counted anew. */
static bool is_over(const struct latest *l, const struct finding *f)
{
    return l->is_there && l->is_resolved && f->found_us / 1000 <= l->resolved_ms;
}

/* ---- the action ---- */

static enum kw_err find_key(struct alerting *a, const char *id, struct grant *out)
{
    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_key(store, str_from(id), NULL, out);

    sync_unlock(a->sync);
    return err;
}

/* What would be taken now. Nothing of a key that there is not. */
static void look(struct alerting *a, struct alert *alert)
{
    struct grant g;

    if (alert->action == ALERT_NOTIFY || find_key(a, alert->document.key, &g) != KW_OK)
        return;
    if (alert_act(alert->action, &g, &alert->taken))
        alert->deed = ALERT_TO_DO;
}

static bool is_in_force(enum kw_err err)
{
    return is_saved(err) || err == KW_EUNAVAILABLE;
}

static enum kw_err take(struct alerting *a, struct alert *alert, struct alert_taken *taken)
{
    struct grant g;

    TRY(find_key(a, alert->document.key, &g));
    if (!alert_act(alert->action, &g, taken)) {
        taken->version = g.version;
        return KW_ENOTFOUND;
    }
    enum kw_err err = sync_change_key(a->sync, STR(ALERTING_ACTOR), &g);
    taken->version = g.version;
    return err;
}

/* Nothing to take any more: where it was being done before (is_resumed), it was us, before this was interrupted; else somebody else. */
static void act(struct alerting *a, struct alert *alert, bool is_resumed)
{
    struct alert_taken taken = {.action = ALERT_NOTIFY};
    enum kw_err err = KW_ECONFLICT;

    for (int i = 0; i < TRIES && err == KW_ECONFLICT; i++)
        err = take(a, alert, &taken);
    alert->deed = is_in_force(err) || (err == KW_ENOTFOUND && is_resumed) ? ALERT_DONE
                  : err == KW_ENOTFOUND                                   ? ALERT_NO_DEED
                                                                          : ALERT_FAILED;
    if (is_in_force(err))
        alert->taken = taken;
    else
        alert->taken.version = taken.version;
    if (alert->deed == ALERT_FAILED)
        log_error("alert %s: key %s is not held back: %s", alert->document.id, alert->document.key,
                  kw_strerror(err));
}

static enum kw_err go_on(struct alerting *a, struct alert *alert, bool is_resumed)
{
    if (alert->deed != ALERT_TO_DO)
        return KW_OK;
    act(a, alert, is_resumed);
    return put(a, alert);
}

/* ---- strangers ---- */

static bool is_strangers(const struct finding *f)
{
    return f->key_id[0] == '\0' && f->subject[0] != '\0' && f->detector != DETECT_WEBHOOK_OFF;
}

/* Where it is counted: the last place is shared by all for whom there is none left. */
static struct alerting_count *count_of(struct alerting *a, const struct finding *f)
{
    int64_t hour = f->found_us / 1000 / HOUR_MS;

    if (hour != a->hour) {
        memset(a->counts, 0, sizeof a->counts);
        a->n_counts = 0;
        a->hour = hour;
    }
    for (size_t i = 0; i < a->n_counts; i++)
        if (a->counts[i].detector == f->detector && strcmp(a->counts[i].account, f->account) == 0)
            return &a->counts[i];
    if (a->n_counts == ALERTING_COUNTS - 1)
        return &a->counts[ALERTING_COUNTS - 1];
    struct alerting_count *c = &a->counts[a->n_counts++];
    c->detector = f->detector;
    memcpy(c->account, f->account, sizeof c->account);
    return c;
}

/* Of the first that is too much, the finding becomes one about many. */
static void make_many(const struct alerting *a, struct finding *f)
{
    f->subject[0] = '\0';
    f->began_us = a->hour * HOUR_MS * 1000;
    f->n_facts = 0;
    finding_number(f, "alertsThisHour", ALERTING_STRANGERS_MAX);
}

/* ---- raised ---- */

static void tell(const struct alert *alert)
{
    const struct finding *f = &alert->finding;
    const struct log_field fields[] = {{"alert", alert->document.id},
                                       {"detector", detector_word(f->detector)},
                                       {"severity", severity_word(alert->severity)},
                                       {"account", f->account},
                                       {NULL, NULL}};

    log_about(LOG_WARN, fields, "alert: %s%s%s", detector_sentence(f->detector),
              f->subject[0] == '\0' ? "" : ": ", f->subject);
}

/* What narrows does not wait for a disk. */
static enum kw_err raise_new(struct alerting *a, struct alert *alert)
{
    enum kw_err err = put(a, alert);
    if (err != KW_OK && alert->deed == ALERT_TO_DO)
        act(a, alert, false);
    TRY(err);
    tally_alert(a->tally, alert->finding.detector, alert->severity);
    tell(alert);
    return go_on(a, alert, false);
}

/* An hour after it was counted last, it is counted again. */
static enum kw_err count(struct alerting *a, struct alert *open, const struct finding *f)
{
    int64_t found_ms = f->found_us / 1000;

    if (found_ms < open->last_ms + HOUR_MS)
        return KW_OK;
    open->times++;
    open->last_ms = found_ms;
    open->note[0] = '\0';
    return put(a, open);
}

static enum kw_err raise_stranger(struct alerting *a, struct finding *f, enum severity severity)
{
    struct alerting_count *c = count_of(a, f);
    struct alert alert;

    if (c->n > ALERTING_STRANGERS_MAX)
        return KW_OK;
    if (c->n == ALERTING_STRANGERS_MAX)
        make_many(a, f);
    alert_of(f, severity, ALERT_NOTIFY, &alert);
    enum kw_err err = raise_new(a, &alert);
    if (err == KW_OK || err == KW_EEXISTS)
        c->n++;
    return err == KW_EEXISTS ? KW_OK : err;
}

/* The alert of this very finding is there: whole, or as somebody else wrote it. */
static enum kw_err meet(struct alerting *a, enum kw_err found, const struct finding *f,
                        struct alert *alert)
{
    if (is_strangers(f))
        count_of(a, f)->n++;
    if (found == KW_OK)
        return go_on(a, alert, true);
    look(a, alert);
    if (alert->deed == ALERT_TO_DO)
        act(a, alert, false);
    return KW_OK;
}

enum kw_err alerting_raise(struct alerting *a, const struct finding *found, enum severity severity,
                           enum alert_action action)
{
    struct finding f = *found;
    struct alert alert, there;
    struct latest latest;

    alert_of(&f, severity, f.key_id[0] == '\0' ? ALERT_NOTIFY : action, &alert);
    enum kw_err err = find(a, alert.document.id, &there);
    if (err == KW_OK || err == KW_EDAMAGED)
        return meet(a, err, &f, err == KW_OK ? &there : &alert);
    if (err != KW_ENOTFOUND)
        return err;
    TRY(find_latest(a, &alert, &latest));
    if (is_over(&latest, &f))
        return KW_OK;
    look(a, &alert);
    if (latest.is_there && !latest.is_resolved && alert.deed != ALERT_TO_DO)
        return count(a, &latest.alert, &f);
    return is_strangers(&f) ? raise_stranger(a, &f, severity) : raise_new(a, &alert);
}

/* ---- those that are open ---- */

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
        err = find(a, p.id[i], &alert);
        if (err == KW_OK)
            err = go_on(a, &alert, true);
        if (err == KW_EDAMAGED)
            err = KW_OK;
    }
    return err;
}
