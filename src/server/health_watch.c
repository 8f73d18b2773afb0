/* health_watch.c - see health_watch.h. */
#include "server/health_watch.h"

struct looking {
    struct health_watch *w;
    int64_t now_us;
    health_found_fn *found;
    void *ctx;
};

/* What stays bad is told once; what has become good can be told again. */
static enum kw_err tell(struct looking *l, enum detector d, bool is_bad, const char *name,
                        int64_t number)
{
    struct finding f = {.detector = d, .began_us = l->now_us, .found_us = l->now_us};

    if (is_bad && !l->w->is_bad[d]) {
        finding_number(&f, name, number);
        TRY(l->found(l->ctx, &f));
    }
    l->w->is_bad[d] = is_bad;
    return KW_OK;
}

/* Each row is one more reason to look: the count that was told is what it is held against. */
static enum kw_err tell_seals(struct looking *l, uint64_t failed)
{
    struct finding f = {.detector = DETECT_SEAL, .began_us = l->now_us, .found_us = l->now_us};

    if (failed <= l->w->seals_failed)
        return KW_OK;
    finding_number(&f, "rows", (int64_t)(failed - l->w->seals_failed));
    TRY(l->found(l->ctx, &f));
    l->w->seals_failed = failed;
    return KW_OK;
}

enum kw_err health_look(struct health_watch *w, const struct health_facts *facts, int64_t now_us,
                        health_found_fn *found, void *ctx)
{
    struct looking l = {w, now_us, found, ctx};

    TRY(tell_seals(&l, facts->seals_failed));
    TRY(tell(&l, DETECT_CLOCK, facts->clock_jumped, "aheadSeconds", facts->clock_ahead_us / 1000000));
    TRY(tell(&l, DETECT_DISK, facts->disk_full, "full", 1));
    return tell(&l, DETECT_RECORD_LAG, facts->record_lag_us > HEALTH_LAG_US, "lagSeconds",
                (int64_t)(facts->record_lag_us / 1000000));
}
