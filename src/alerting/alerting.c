/* alerting.c - see alerting.h. */
#include "alerting/alerting_inside.h"

#include "base/log.h"
#include "jobs/document_put.h"

enum { HOUR_MS = 3600 * 1000 };

/* ---- saved ---- */

/* What holds a key back, and what is of the gravest kind, does not wait for room on the disk. KW_EUNSAVED is KW_OK here: it is in the
 * database, and head is written soon. */
static enum kw_err put(struct alerting *a, struct alert *alert)
{
    bool is_urgent = alert->taken.action != ALERT_NOTIFY || alert->severity == SEVERITY_CRITICAL;
    enum kw_err err = (is_urgent ? document_put_urgent : document_put)(
        a->sync, STR(ALERTING_ACTOR), alert_text(alert), &alert->document);

    return alerting_is_saved(err) ? KW_OK : err;
}

/* ---- what there is already ---- */

enum kw_err alerting_find(struct alerting *a, const char *id, struct alert *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document d;

    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_document(store, DOCUMENT_ALERT, str_from(id), NULL, &text, &d);
    sync_unlock(a->sync);
    TRY(err);
    return alert_read(&d, out);
}

enum kw_err alerting_go_on(struct alerting *a, struct alert *alert, bool is_resumed)
{
    if (alert->deed != ALERT_TO_DO)
        return KW_OK;
    alerting_act(a, alert, is_resumed);
    return put(a, alert);
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
        alerting_act(a, alert, false);
    TRY(err);
    tally_alert(a->tally, alert->finding.detector, alert->severity);
    tell(alert);
    return alerting_go_on(a, alert, false);
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
    struct alert alert;

    if (!alerting_admit_stranger(a, f))
        return KW_OK;
    alert_of(f, severity, ALERT_NOTIFY, &alert);
    enum kw_err err = raise_new(a, &alert);
    if (err == KW_OK || err == KW_EEXISTS)
        alerting_count_stranger(a, f);
    return err == KW_EEXISTS ? KW_OK : err;
}

/* The alert of this very finding is there: whole, or as somebody else wrote it. */
static enum kw_err meet(struct alerting *a, enum kw_err found, const struct finding *f,
                        struct alert *alert)
{
    if (alerting_is_strangers(f))
        alerting_count_stranger(a, f);
    if (found == KW_OK)
        return alerting_go_on(a, alert, true);
    alerting_look_again(a, alert, 0);
    if (alert->deed == ALERT_TO_DO)
        alerting_act(a, alert, false);
    return KW_OK;
}

/* There is one that is not resolved: what was found before somebody looked after it was in his view, and is not acted on again. */
static enum kw_err merge(struct alerting *a, struct alerting_latest *l, const struct finding *f,
                         struct alert *alert)
{
    alerting_look_again(a, alert, l->touched_ms);
    return alert->deed != ALERT_NO_DEED ? raise_new(a, alert) : count(a, &l->alert, f);
}

enum kw_err alerting_raise(struct alerting *a, const struct finding *found, enum severity severity,
                           enum alert_action action)
{
    struct finding f = *found;
    struct alert alert, there;
    struct alerting_latest latest;

    alert_of(&f, severity, f.key_id[0] == '\0' ? ALERT_NOTIFY : action, &alert);
    enum kw_err err = alerting_find(a, alert.document.id, &there);
    if (err == KW_OK || err == KW_EDAMAGED)
        return meet(a, err, &f, err == KW_OK ? &there : &alert);
    if (err != KW_ENOTFOUND)
        return err;
    TRY(alerting_find_latest(a, &alert, &latest));
    if (alerting_is_over(&latest, &f))
        return KW_OK;
    if (latest.is_there && !latest.is_resolved)
        return merge(a, &latest, &f, &alert);
    alerting_look(a, &alert);
    return alerting_is_strangers(&f) ? raise_stranger(a, &f, severity) : raise_new(a, &alert);
}
