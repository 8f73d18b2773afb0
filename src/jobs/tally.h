/* tally.h - what is counted while keyward serve runs, for /metrics. */
#ifndef JOBS_TALLY_H
#define JOBS_TALLY_H

#include <stdatomic.h>

#include "core/detector.h"
#include "core/warning.h"
#include "core/webhook.h"
#include "notify/outbox.h"

enum { TALLY_BOUNDS = 14, TALLY_STATES = OUTBOX_FAILED + 1 };

/* Any thread may add and read: each number is relaxed, as nothing else depends on it. Zeroed memory is an empty one. */
struct tally {
    _Atomic uint64_t decisions[EVENT_GAP + 1][KW_N_REASONS]; /* on the record since the start */
    _Atomic uint64_t warnings[N_WARNINGS];                   /* of these, too */
    _Atomic uint64_t revocations[TALLY_BOUNDS + 1]; /* by how long they took; the last: longer */
    _Atomic uint64_t revocations_us;                /* all of them together */
    _Atomic uint64_t alerts[N_DETECTORS][N_SEVERITIES]; /* raised since the start */
    _Atomic uint64_t alerts_open[N_SEVERITIES];         /* now: nobody has acknowledged them */
    /* Tries since the start, by what followed: OUTBOX_PENDING, it is tried again. */
    _Atomic uint64_t deliveries[TALLY_STATES], letters[TALLY_STATES];
    _Atomic uint64_t webhooks_off[N_WEBHOOK_WHYS]; /* by us, since the start */
    _Atomic uint64_t reports;                      /* of a week, written since the start */
};

/* Upper ends of `revocations`, in microseconds. */
extern const uint64_t tally_bounds_us[TALLY_BOUNDS];

void tally_event(struct tally *t, const struct event *e);
void tally_revocation(struct tally *t, uint64_t took_us);

/* A new alert, which is open. */
void tally_alert(struct tally *t, enum detector d, enum severity s);
void tally_alert_taken_on(struct tally *t, enum severity s); /* an open one is not any more */

/* One more of any of them. */
void tally_add(_Atomic uint64_t *to);

static inline uint64_t tally_read(const _Atomic uint64_t *n)
{
    return atomic_load_explicit(n, memory_order_relaxed);
}

#endif
