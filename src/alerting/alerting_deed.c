/* alerting_deed.c - what an alert does to its key; see alerting_inside.h. */
#include "alerting/alerting_inside.h"
#include "base/log.h"
#include "store/image.h"

enum { TRIES = 3, TOLD_BY = 100, IMAGE_MAX = 64 << 10 };

static enum kw_err find_key(struct alerting *a, const char *id, struct grant *out)
{
    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_key(store, str_from(id), NULL, out);

    sync_unlock(a->sync);
    return err;
}

/* ---- who changed a key last ---- */

struct last_change {
    bool is_ours;
    int64_t time_ms;
};

static enum kw_err take_change(void *ctx, const struct change *c)
{
    struct last_change *l = ctx;

    *l = (struct last_change){str_eq(c->actor, STR(ALERTING_ACTOR)), c->time_ms};
    return KW_OK;
}

/* Whether it was us, at that moment or later. */
static bool is_ours_since(struct alerting *a, const struct grant *g, int64_t since_ms)
{
    struct last_change l = {.is_ours = false};

    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_change_of(store, CHANGE_KEY, g->slot, g->version, take_change, &l);
    sync_unlock(a->sync);
    return err == KW_OK && l.is_ours && l.time_ms >= since_ms;
}

/* When somebody else than us changed a key last: who made it, at least. */
static enum kw_err find_change(struct alerting *a, const struct grant *g, int64_t *out)
{
    struct last_change l = {.is_ours = true};
    enum kw_err err = KW_OK;

    struct store *store = sync_lock(a->sync);
    for (uint32_t v = g->version; v > 0 && l.is_ours && err == KW_OK; v--)
        err = store_change_of(store, CHANGE_KEY, g->slot, v, take_change, &l);
    sync_unlock(a->sync);
    TRY(err);
    *out = l.time_ms;
    return KW_OK;
}

/* ---- taken already ---- */

struct telling {
    uint32_t version; /* that the key has since */
    bool is_told;
};

static enum kw_err take_telling(void *ctx, const struct document *d)
{
    struct telling *t = ctx;
    struct alert a;

    if (alert_read(d, &a) != KW_OK)
        return KW_OK;
    t->is_told =
        a.deed == ALERT_TO_DO || (a.taken.action != ALERT_NOTIFY && a.taken.version == t->version);
    return t->is_told ? KW_EFULL : KW_OK;
}

/* Whether an alert tells of the newest version of a key, or will. */
static bool is_told(struct alerting *a, const struct grant *g)
{
    uint32_t n_damaged = 0;
    const struct store_document_filter f = {
        .kind = DOCUMENT_ALERT, .key = str_from(g->id), .limit = TOLD_BY, .n_damaged = &n_damaged};
    struct telling t = {.version = g->version};

    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_documents(store, &f, take_telling, &t);
    sync_unlock(a->sync);
    return err != KW_OK || t.is_told;
}

static enum kw_err find_before(struct alerting *a, const struct grant *g, struct grant *out)
{
    AUTO(buf_deinit) struct buf image = BUF_MAX(IMAGE_MAX);

    struct store *store = sync_lock(a->sync);
    enum kw_err err = store_change_image(store, CHANGE_KEY, g->slot, g->version - 1, &image);
    sync_unlock(a->sync);
    TRY(err);
    return image_read_key(buf_view(&image), out);
}

/* It was taken for this very finding, and then the alert could not be saved: it still is to say so, and to give it back. */
static void look_back(struct alerting *a, struct alert *alert, const struct grant *g)
{
    struct alert_taken taken;
    struct grant before;

    if (!is_ours_since(a, g, alert->finding.found_us / 1000) || is_told(a, g) ||
        find_before(a, g, &before) != KW_OK || !alert_act(alert->action, &before, &taken) ||
        before.state != g->state || before.permissions != g->permissions)
        return;
    taken.version = g->version;
    alert->taken = taken;
    alert->deed = ALERT_DONE;
}

/* ---- looked at ---- */

void alerting_look(struct alerting *a, struct alert *alert)
{
    struct grant g;

    if (alert->action == ALERT_NOTIFY || find_key(a, alert->document.key, &g) != KW_OK)
        return;
    if (alert_act(alert->action, &g, &alert->taken))
        alert->deed = ALERT_TO_DO;
    else
        look_back(a, alert, &g);
}

void alerting_look_again(struct alerting *a, struct alert *alert, int64_t since_ms)
{
    int64_t found_ms = alert->finding.found_us / 1000, changed_ms;
    struct grant g;

    if (alert->action == ALERT_NOTIFY || found_ms <= since_ms ||
        find_key(a, alert->document.key, &g) != KW_OK || find_change(a, &g, &changed_ms) != KW_OK)
        return;
    if (found_ms > changed_ms)
        alerting_look(a, alert);
}

/* ---- done ---- */

static bool is_in_force(enum kw_err err)
{
    return alerting_is_saved(err) || err == KW_EUNAVAILABLE;
}

/* KW_EEXISTS: there is nothing to take any more. */
static enum kw_err take(struct alerting *a, struct alert *alert, struct grant *g,
                        struct alert_taken *taken)
{
    TRY(find_key(a, alert->document.key, g));
    if (!alert_act(alert->action, g, taken)) {
        taken->version = g->version;
        return KW_EEXISTS;
    }
    enum kw_err err = sync_change_key(a->sync, STR(ALERTING_ACTOR), g);
    taken->version = g->version;
    return err;
}

/* Nothing to take any more: where it was being done before (is_resumed), and nobody changed the key after us, it was us, before this
 * was interrupted; else somebody else, and it is not ours to give back. */
void alerting_act(struct alerting *a, struct alert *alert, bool is_resumed)
{
    struct alert_taken taken = {.action = ALERT_NOTIFY};
    enum kw_err err = KW_ECONFLICT;
    struct grant g;

    for (int i = 0; i < TRIES && err == KW_ECONFLICT; i++)
        err = take(a, alert, &g, &taken);
    bool was_done =
        err == KW_EEXISTS && is_resumed && is_ours_since(a, &g, alert->finding.found_us / 1000);
    alert->deed = is_in_force(err) || was_done               ? ALERT_DONE
                  : err == KW_EEXISTS || err == KW_ENOTFOUND ? ALERT_NO_DEED
                                                             : ALERT_FAILED;
    if (is_in_force(err) || alert->deed == ALERT_NO_DEED)
        alert->taken = taken;
    else
        alert->taken.version = taken.version;
    if (alert->deed == ALERT_FAILED)
        log_error("alert %s: key %s is not held back: %s", alert->document.id, alert->document.key,
                  kw_strerror(err));
}
