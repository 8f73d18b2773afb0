/* reporter_inside.h - what reporter.c shows to its tests. */
#ifndef ALERTING_REPORTER_INSIDE_H
#define ALERTING_REPORTER_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "alerting/reporter.h"

struct reporter {
    struct report_sources from;
    struct webhooks *webhooks; /* borrows, like the next */
    struct tally *tally;       /* is told of each that was written */
    bool has_mail;
    int64_t week;          /* whose reports are all written */
    uint64_t look_us;      /* boot clock: when it is looked at next */
    enum kw_err last;      /* of the last pass: an error is logged when it changes */
    uint32_t n_damaged;    /* accounts that could not be read, as the log was told last */
    _Atomic bool stopping; /* relaxed: nothing else depends on it */
    pthread_t thread;
};

/* Writes and sends the reports of the week before a moment, of all accounts. What goes wrong with one keeps nothing from the
 * others: the first error, when all have had their turn. An account whose row does not hold has none; the log says so once. Once, however often it is called. */
enum kw_err reporter_write_week(struct reporter *r, int64_t to_ms) MUST_USE;

#endif
