/* alerting.c - see alerting.h. */
#include "server/alerting.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

enum { TRIES = 3, HOUR_MS = 3600 * 1000 };

/* ---- saved ---- */

static bool is_saved(enum kw_err err)
{
    return err == KW_OK || err == KW_EUNSAVED;
}

/* KW_EUNSAVED is KW_OK here: it is in the database, and head is written soon. */
static enum kw_err put(struct alerting *a, struct alert *alert)
{
    json_t *object = alert_text(alert);
    char *text = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);

    json_decref(object);
    if (text == NULL)
        return KW_ENOMEM;
    alert->document.text = str_from(text);
    enum kw_err err = sync_put_document(a->sync, STR(ALERTING_ACTOR), &alert->document);
    alert->document.text = (struct str){NULL, 0};
    free(text);
    return is_saved(err) ? KW_OK : err;
}

/* ---- what there is already ---- */

static enum kw_err find(struct alerting *a, struct str id, struct alert *out)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(DOCUMENT_TEXT_MAX);
    struct document d;

    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_document(store, DOCUMENT_ALERT, id, NULL, &text, &d);
    sync_unlock(a->sync);
    TRY(err);
    return alert_read(&d, out);
}

struct latest { /* the newest alert of a subject */
    struct alert alert;
    bool is_there, is_resolved;
    int64_t changed_ms;
};

static enum kw_err take_latest(void *ctx, const struct document *d)
{
    struct latest *l = ctx;

    l->is_there = true;
    l->is_resolved = strcmp(d->state, alert_state_word(ALERT_RESOLVED)) == 0;
    return alert_read(d, &l->alert);
}

static enum kw_err take_time(void *ctx, const struct document_step *step)
{
    struct latest *l = ctx;

    l->changed_ms = step->time_ms;
    return KW_OK;
}

static enum kw_err look_for(struct store *store, const char *subject, struct latest *l)
{
    const struct store_document_filter f = {
        .kind = DOCUMENT_ALERT, .subject = str_from(subject), .limit = 1};

    *l = (struct latest){.is_there = false};
    TRY(store_documents(store, &f, take_latest, l));
    if (!l->is_there)
        return KW_OK;
    return store_document_history(store, l->alert.document.slot, 1, take_time, l);
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
    return l->is_there && l->is_resolved && f->found_us / 1000 <= l->changed_ms;
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

/* Nothing to take any more: it was done before this was interrupted, or somebody else did it. */
static enum alert_deed act(struct alerting *a, const struct alert *alert)
{
    struct alert_taken taken;
    struct grant g;
    enum kw_err err = KW_ECONFLICT;

    for (int i = 0; i < TRIES && err == KW_ECONFLICT; i++) {
        err = find_key(a, alert->document.key, &g);
        if (err != KW_OK)
            break;
        if (!alert_act(alert->action, &g, &taken))
            return ALERT_DONE;
        err = sync_change_key(a->sync, STR(ALERTING_ACTOR), &g);
    }
    if (is_saved(err) || err == KW_EUNAVAILABLE)
        return ALERT_DONE;
    log_error("alert %s: key %s is not held back: %s", alert->document.id, alert->document.key,
              kw_strerror(err));
    return ALERT_FAILED;
}

static enum kw_err go_on(struct alerting *a, struct alert *alert)
{
    if (alert->deed != ALERT_TO_DO)
        return KW_OK;
    alert->deed = act(a, alert);
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

static enum kw_err raise_new(struct alerting *a, struct alert *alert)
{
    look(a, alert);
    enum kw_err err = put(a, alert);
    if (err == KW_EFULL || err == KW_EIO) /* what narrows does not wait for a disk */
        (void)act(a, alert);
    TRY(err);
    tell(alert);
    return go_on(a, alert);
}

/* An hour after it was counted last, it is counted again. */
static enum kw_err count(struct alerting *a, struct alert *open, const struct finding *f)
{
    int64_t found_ms = f->found_us / 1000;

    TRY(go_on(a, open));
    if (found_ms < open->last_ms + HOUR_MS)
        return KW_OK;
    open->times++;
    open->last_ms = found_ms;
    open->note[0] = '\0';
    return put(a, open);
}

/* False: enough were raised of this detector in this hour; of the first that is too much, *f becomes one about many. */
static bool may_raise(struct alerting *a, struct finding *f)
{
    int64_t hour = f->found_us / 1000 / HOUR_MS;

    if (f->key_id[0] != '\0' || f->subject[0] == '\0')
        return true;
    if (hour != a->hour) {
        memset(a->strangers, 0, sizeof a->strangers);
        a->hour = hour;
    }
    uint32_t n = ++a->strangers[f->detector];
    if (n <= ALERTING_STRANGERS_MAX)
        return true;
    f->subject[0] = '\0';
    f->began_us = hour * HOUR_MS * 1000;
    f->n_facts = 0;
    finding_number(f, "alertsThisHour", ALERTING_STRANGERS_MAX);
    return n == ALERTING_STRANGERS_MAX + 1;
}

enum kw_err alerting_raise(struct alerting *a, const struct finding *found, enum severity severity,
                           enum alert_action action)
{
    struct finding f = *found;
    struct alert alert;
    struct latest latest;

    alert_of(&f, severity, f.key_id[0] == '\0' ? ALERT_NOTIFY : action, &alert);
    enum kw_err err = find(a, str_from(alert.document.id), &alert);
    if (err != KW_ENOTFOUND)
        return err == KW_OK ? go_on(a, &alert) : err;
    TRY(find_latest(a, &alert, &latest));
    if (latest.is_there && !latest.is_resolved)
        return count(a, &latest.alert, &f);
    if (is_over(&latest, &f) || !may_raise(a, &f))
        return KW_OK;
    alert_of(&f, severity, f.key_id[0] == '\0' ? ALERT_NOTIFY : action, &alert);
    return raise_new(a, &alert);
}
