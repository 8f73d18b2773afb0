/* health_watch.h - what is to be found of our own health: the record, the watch, the seals, the clock, the disk. */
#ifndef ALERTING_HEALTH_WATCH_H
#define ALERTING_HEALTH_WATCH_H

#include "core/finding.h"

struct health_facts {      /* as they are now */
    uint64_t seals_failed; /* since the start */
    bool clock_jumped;
    int64_t clock_ahead_us;
    bool disk_full;
    uint64_t record_lag_us; /* how old the oldest attempt can be that is not on the record */
    uint64_t watch_lag_us; /* how long ago all was counted, and looked at, that was on the record then */
};

enum { HEALTH_LAG_US = 10 * 1000 * 1000, HEALTH_WATCH_LAG_US = 600 * 1000 * 1000 };

struct health_watch { /* zero: nothing was looked at yet */
    uint64_t seals_failed;
    bool is_bad[N_DETECTORS]; /* as it was told */
};

/* Gives a finding for each that has turned bad since the last look. One that cannot be told is given again with the next, and keeps no
 * other from being told; the first error is returned. Pure. */
typedef enum kw_err health_found_fn(void *ctx, const struct finding *f);
enum kw_err health_look(struct health_watch *w, const struct health_facts *facts, int64_t now_us,
                        health_found_fn *found, void *ctx) MUST_USE;

#endif
