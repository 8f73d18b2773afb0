/* alerter.c - see alerter.h. */
#include "alerting/alerter.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <time.h>

#include "alerting/found.h"
#include "alerting/health_watch.h"
#include "alerting/webhooks_off.h"
#include "base/clock.h"
#include "base/log.h"
#include "jobs/threshold_doc.h"

enum {
    NAP_NS = 200000000,
    HEALTH_US = 5 * 1000 * 1000,
};
static const uint64_t DISK_LOW_BYTES = UINT64_C(32) << 20; /* four times the reserve */
static const int64_t OLDEST_US = INT64_C(86400) * 1000 * 1000;

struct alerter {
    struct sync *sync; /* borrows, like the next two */
    struct recording *recording;
    struct counting *counting;
    struct alerting alerting;
    struct found found;
    struct health_watch health;
    uint64_t health_us;    /* boot clock: when health is looked at next */
    const char *state_dir; /* borrows */
    bool is_resumed;       /* what was interrupted before the start is done */
    enum kw_err of_health; /* of the last look at it */
    enum kw_err last;      /* of the last pass: an error is logged when it changes */
    _Atomic bool stopping; /* relaxed: nothing else depends on it */
    pthread_t thread;
};

/* ---- raised ---- */

/* What somebody else wrote into the database is no reason to be silent. */
static enum kw_err chosen_for(struct alerter *a, const struct finding *f, struct detector_rule *out)
{
    struct threshold_doc t;
    int64_t since_ms = 0;

    struct store *store = sync_lock(a->sync);
    enum kw_err err = threshold_doc_find(store, str_from(f->account), &t);
    if (err == KW_OK)
        err = threshold_doc_since(store, &t, &since_ms);
    sync_unlock(a->sync);
    if (err == KW_EDAMAGED)
        t.chosen = *thresholds_default();
    else
        TRY(err);
    *out = t.chosen.rule[f->detector];
    out->action = thresholds_action(&t.chosen, since_ms, f);
    return KW_OK;
}

static bool is_urgent(const struct detector_rule *rule)
{
    return rule->action != ALERT_NOTIFY || rule->severity == SEVERITY_CRITICAL;
}

static enum kw_err raise_as(struct alerter *a, const struct finding *f, bool only_urgent)
{
    struct detector_rule rule;

    TRY(chosen_for(a, f, &rule));
    if (rule.is_off || (only_urgent && !is_urgent(&rule)))
        return KW_OK;
    return alerting_raise(&a->alerting, f, rule.severity, rule.action);
}

static enum kw_err raise_it(void *ctx, const struct finding *f)
{
    return raise_as(ctx, f, false);
}

/* ---- what there is to raise ---- */

static enum kw_err take_found(void *ctx, const struct finding *f, bool is_ahead)
{
    struct alerter *a = ctx;

    bool is_old = f->found_us < sync_now_us(a->sync) - OLDEST_US;
    return is_old ? KW_OK : raise_as(a, f, is_ahead);
}

static enum kw_err raise_found(struct alerter *a)
{
    bool is_ours;

    enum kw_err err = found_take(&a->found, counting_file(a->counting), take_found, a, &is_ours);
    if ((err == KW_EDAMAGED || err == KW_EFORMAT) && !is_ours)
        counting_doubt(a->counting);
    return err;
}

static bool disk_is_low(const struct alerter *a)
{
    struct statvfs fs;

    if (statvfs(a->state_dir, &fs) != 0)
        return false;
    return (uint64_t)fs.f_bavail * fs.f_frsize < DISK_LOW_BYTES;
}

static enum kw_err look_at_health(struct alerter *a)
{
    struct counting_state counting;
    struct sync_stats stats;
    struct sync_clock clock;

    sync_stats(a->sync, &stats);
    sync_clock(a->sync, &clock);
    counting_state(a->counting, &counting);
    const struct health_facts facts = {.seals_failed = stats.seals_failed,
                                       .clock_jumped = clock.jumped,
                                       .clock_ahead_us = clock.ahead_us,
                                       .disk_full = sync_disk_is_full(a->sync) || disk_is_low(a),
                                       .record_lag_us = recording_lag_us(a->recording),
                                       .watch_lag_us = counting.lag_us};
    return health_look(&a->health, &facts, clock.now_us, raise_it, a);
}

static enum kw_err look_at_ours(struct alerter *a)
{
    if (clock_boot_us() < a->health_us)
        return a->of_health;
    a->health_us = clock_boot_us() + HEALTH_US;
    enum kw_err health = look_at_health(a), webhooks = webhooks_off(a->sync, raise_it, a);
    a->of_health = health != KW_OK ? health : webhooks;
    return a->of_health;
}

/* None of the three stops the others. */
static enum kw_err pass(struct alerter *a)
{
    enum kw_err resumed = a->is_resumed ? KW_OK : alerting_resume(&a->alerting);
    a->is_resumed = resumed == KW_OK;
    enum kw_err ours = look_at_ours(a), found = raise_found(a);

    return resumed != KW_OK ? resumed : found != KW_OK ? found : ours;
}

/* ---- the thread ---- */

static void tell(struct alerter *a, enum kw_err err)
{
    if (err != a->last)
        log_line(err == KW_OK ? LOG_INFO : LOG_WARN, "alerts are %s%s",
                 err == KW_OK ? "raised again" : "not raised at the moment: ",
                 err == KW_OK ? "" : kw_strerror(err));
    a->last = err;
}

static void *run(void *arg)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    struct alerter *a = arg;

    while (!atomic_load_explicit(&a->stopping, memory_order_relaxed)) {
        tell(a, pass(a));
        nanosleep(&nap, NULL);
    }
    return NULL;
}

enum kw_err alerter_start(const char *state_dir, struct sync *sync, struct recording *recording,
                          struct counting *counting, struct tally *tally, struct alerter **out)
{
    struct alerter *a = calloc(1, sizeof *a);

    if (a == NULL)
        return KW_ENOMEM;
    a->sync = sync;
    a->recording = recording;
    a->counting = counting;
    a->alerting.sync = sync;
    a->alerting.tally = tally;
    a->state_dir = state_dir;
    enum kw_err err = alerting_count_open(&a->alerting);
    if (err == KW_OK && pthread_create(&a->thread, NULL, run, a) != 0)
        err = KW_EUNAVAILABLE;
    if (err != KW_OK) {
        free(a);
        return err;
    }
    *out = a;
    return KW_OK;
}

void alerter_stop(struct alerter *a)
{
    if (a == NULL)
        return;
    atomic_store_explicit(&a->stopping, true, memory_order_relaxed);
    pthread_join(a->thread, NULL);
    free(a);
}
