/* health_watch.c - see health_watch.h. */
#include "alerting/health_watch.h"

struct looking {
    struct health_watch *w;
    int64_t now_us;
    health_found_fn *found;
    void *ctx;
    enum kw_err first; /* the first error */
};

static bool is_told(struct looking *l, enum detector d, const char *name, int64_t number)
{
    struct finding f = {.detector = d, .began_us = l->now_us, .found_us = l->now_us};

    finding_number(&f, name, number);
    enum kw_err err = l->found(l->ctx, &f);
    if (l->first == KW_OK)
        l->first = err;
    return err == KW_OK;
}

/* What stays bad is told once; what has become good can be told again. */
static void tell(struct looking *l, enum detector d, bool is_bad, const char *name, int64_t number)
{
    l->w->is_bad[d] = is_bad && (l->w->is_bad[d] || is_told(l, d, name, number));
}

/* Each row is one more reason to look: the count that was told is what it is held against. */
static void tell_seals(struct looking *l, uint64_t failed)
{
    if (failed > l->w->seals_failed &&
        is_told(l, DETECT_SEAL, "rows", (int64_t)(failed - l->w->seals_failed)))
        l->w->seals_failed = failed;
}

enum kw_err health_look(struct health_watch *w, const struct health_facts *facts, int64_t now_us,
                        health_found_fn *found, void *ctx)
{
    struct looking l = {w, now_us, found, ctx, KW_OK};

    tell_seals(&l, facts->seals_failed);
    tell(&l, DETECT_CLOCK, facts->clock_jumped, "aheadSeconds", facts->clock_ahead_us / 1000000);
    tell(&l, DETECT_DISK, facts->disk_full, "full", 1);
    tell(&l, DETECT_RECORD_LAG, facts->record_lag_us > HEALTH_LAG_US, "lagSeconds",
         (int64_t)(facts->record_lag_us / 1000000));
    tell(&l, DETECT_WATCH_LAG, facts->watch_lag_us > HEALTH_WATCH_LAG_US, "lagSeconds",
         (int64_t)(facts->watch_lag_us / 1000000));
    return l.first;
}
