/* retaining.c - see retaining.h. The thread owns nothing but its turn; the files it removes are those that no batch goes to. */
#include "jobs/retaining.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"

enum { NAP_NS = 100000000, PAUSE_US = 10 * 1000 * 1000 };

struct retaining {
    const struct config *config; /* borrows, like the next three */
    struct sync *sync;
    struct recording *recording;
    struct counting *counting;
    uint64_t next_us;      /* boot clock */
    enum kw_err last;      /* of the last look: an error is logged when it changes */
    _Atomic bool stopping; /* relaxed: nothing else depends on it */
    pthread_t thread;
};

/* ---- one look ---- */

/* An administrator's word is needed for a clock that jumped, or that was far ahead at a start: what it makes old would be gone for good. */
static enum kw_err may_drop(struct sync *sync, const struct sync_clock *clock)
{
    if (clock->jumped)
        return KW_EBUSY;
    return sync_disk_is_full(sync) ? KW_EFULL : KW_OK;
}

static void tell_dropped(size_t n, const struct retention_cut *cut)
{
    char day[DAY_NAME_MAX];

    day_name(cut->first_day, "", day);
    log_info(
        "%zu days of the record are old enough and were dropped: it begins with %s, batch %llu", n,
        day, (unsigned long long)cut->first_batch);
}

enum kw_err retaining_pass(const struct config *config, struct sync *sync,
                           struct recording *recording, struct counting *counting, size_t *n)
{
    struct config_paths paths;
    struct retention_cut cut;
    struct sync_clock clock;

    *n = 0;
    if (config->record_days == 0)
        return KW_OK;
    sync_clock(sync, &clock);
    config_paths_of(config, &paths);
    enum kw_err err = retention_plan(paths.audit_dir, config->record_days,
                                     clock.now_us - clock.doubt_us, counting_batch(counting), &cut);
    if (err == KW_ENOTFOUND)
        return KW_OK;
    TRY(err);
    TRY(may_drop(sync, &clock));
    TRY(recording_keep_from(recording, &cut));
    err = retention_drop(paths.audit_dir, cut.first_day, n);
    if (*n > 0)
        tell_dropped(*n, &cut);
    return err;
}

/* ---- the thread ---- */

static void tell(enum kw_err err)
{
    if (err == KW_OK)
        log_info("old days of the record are dropped again");
    else if (err == KW_EBUSY)
        log_warn(
            "old days of the record stay while the clock is not believed: `keyward clock show`");
    else if (err == KW_EFULL)
        log_error("old days of the record stay while the disk is full, as nothing can be put on "
                  "the record: make room for it");
    else
        log_error("old days of the record are not dropped at the moment: %s", kw_strerror(err));
}

static void look(struct retaining *r)
{
    size_t n;

    enum kw_err err = retaining_pass(r->config, r->sync, r->recording, r->counting, &n);
    if (err != r->last)
        tell(err);
    r->last = err;
}

static void *run(void *arg)
{
    struct retaining *r = arg;
    const struct timespec nap = {.tv_nsec = NAP_NS};

    while (!atomic_load_explicit(&r->stopping, memory_order_relaxed)) {
        nanosleep(&nap, NULL);
        if (clock_boot_us() < r->next_us)
            continue;
        look(r);
        r->next_us = clock_boot_us() + PAUSE_US;
    }
    return NULL;
}

/* ---- started and stopped ---- */

enum kw_err retaining_start(const struct config *config, struct sync *sync,
                            struct recording *recording, struct counting *counting,
                            struct retaining **out)
{
    struct retaining *r = calloc(1, sizeof *r);

    if (r == NULL)
        return KW_ENOMEM;
    r->config = config;
    r->sync = sync;
    r->recording = recording;
    r->counting = counting;
    r->next_us = clock_boot_us() + PAUSE_US;
    if (pthread_create(&r->thread, NULL, run, r) != 0) {
        free(r);
        return KW_EUNAVAILABLE;
    }
    *out = r;
    return KW_OK;
}

void retaining_stop(struct retaining *r)
{
    if (r == NULL)
        return;
    atomic_store_explicit(&r->stopping, true, memory_order_relaxed);
    pthread_join(r->thread, NULL);
    free(r);
}
