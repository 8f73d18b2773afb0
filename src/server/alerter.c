/* alerter.c - see alerter.h. */
#include "server/alerter.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "server/health_watch.h"
#include "server/threshold_doc.h"
#include "server/webhooks_off.h"
#include "watch/findings.h"

enum {
    NAP_NS = 200000000,
    HEALTH_US = 5 * 1000 * 1000,
    AT_ONCE = 256,
};
static const int64_t OLDEST_US = INT64_C(86400) * 1000 * 1000;

struct alerter {
    struct sync *sync; /* borrows, like the next two */
    struct recording *recording;
    struct counting *counting;
    struct alerting alerting;
    struct findings_place place;
    struct health_watch health;
    uint64_t health_us;    /* boot clock: when health is looked at next */
    enum kw_err last;      /* of the last pass: an error is logged when it changes */
    _Atomic bool stopping; /* relaxed: nothing else depends on it */
    pthread_t thread;
};

/* ---- raised ---- */

static enum kw_err chosen_for(struct alerter *a, const struct finding *f, struct detector_rule *out)
{
    struct threshold_doc t;

    struct store *store = sync_lock(a->sync);
    enum kw_err err = threshold_doc_find(store, str_from(f->account), &t);
    sync_unlock(a->sync);
    if (err == KW_EDAMAGED) /* somebody wrote to the database: no reason to be silent */
        t.chosen = *thresholds_default();
    else
        TRY(err);
    *out = t.chosen.rule[f->detector];
    return KW_OK;
}

static enum kw_err raise_it(void *ctx, const struct finding *f)
{
    struct detector_rule rule;
    struct alerter *a = ctx;

    TRY(chosen_for(a, f, &rule));
    if (rule.is_off)
        return KW_OK;
    enum alert_action action = detector_may_act(f->detector) ? rule.action : ALERT_NOTIFY;
    return alerting_raise(&a->alerting, f, rule.severity, action);
}

/* ---- what there is to raise ---- */

static enum kw_err take_found(void *ctx, int64_t no, const struct finding *f)
{
    struct alerter *a = ctx;

    (void)no;
    bool is_old = f->found_us < sync_now_us(a->sync) - OLDEST_US;
    return is_old ? KW_OK : raise_it(a, f);
}

static enum kw_err look_at_health(struct alerter *a)
{
    struct sync_stats stats;
    struct sync_clock clock;

    if (clock_boot_us() < a->health_us)
        return KW_OK;
    sync_stats(a->sync, &stats);
    sync_clock(a->sync, &clock);
    const struct health_facts facts = {.seals_failed = stats.seals_failed,
                                       .clock_jumped = clock.jumped,
                                       .clock_ahead_us = clock.ahead_us,
                                       .disk_full = sync_disk_is_full(a->sync),
                                       .record_lag_us = recording_lag_us(a->recording)};
    TRY(health_look(&a->health, &facts, clock.now_us, raise_it, a));
    TRY(webhooks_off(a->sync, raise_it, a));
    a->health_us = clock_boot_us() + HEALTH_US;
    return KW_OK;
}

static enum kw_err pass(struct alerter *a)
{
    TRY(look_at_health(a));
    enum kw_err err = findings_after(counting_file(a->counting), &a->place, AT_ONCE, take_found, a);
    if (err == KW_EDAMAGED || err == KW_EFORMAT)
        counting_doubt(a->counting);
    return err;
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

enum kw_err alerter_start(struct sync *sync, struct recording *recording, struct counting *counting,
                          struct alerter **out)
{
    struct alerter *a = calloc(1, sizeof *a);

    if (a == NULL)
        return KW_ENOMEM;
    a->sync = sync;
    a->recording = recording;
    a->counting = counting;
    a->alerting.sync = sync;
    if (pthread_create(&a->thread, NULL, run, a) != 0) {
        free(a);
        return KW_EUNAVAILABLE;
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
