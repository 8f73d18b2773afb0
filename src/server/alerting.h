/* alerting.h - raises alerts: once for what is found, with the action that was chosen for it. */
#ifndef SERVER_ALERTING_H
#define SERVER_ALERTING_H

#include "server/alert_doc.h"
#include "sync/sync.h"

#define ALERTING_ACTOR "watch"

/* The same finding is raised once, however often it is handed over and whatever is killed in between. What is found again while its
 * alert is not resolved is counted there, at most once an hour, and is no new one. Of what strangers can bring about as often as they
 * like - findings about no key - ALERTING_STRANGERS_MAX of a detector are raised in an hour; the next is raised as one
 * about many, and the rest are left out.
 *
 * An action is done in three steps: the alert is saved with what there is to take from the key, then it is taken, then the
 * alert says so. A finding that is handed over again goes on where this was interrupted.
 *
 * Threads   One at a time. */
enum { ALERTING_STRANGERS_MAX = 30 };

struct alerting {      /* zero but for sync: nothing was raised yet */
    struct sync *sync; /* borrows */
    int64_t hour;      /* of the counts, since 1970 */
    uint32_t strangers[N_DETECTORS];
};

/* Errors of sync_put_document, with which it is to be handed over again. KW_OK also where nothing new was to be raised. */
enum kw_err alerting_raise(struct alerting *a, const struct finding *f, enum severity severity,
                           enum alert_action action) MUST_USE;

#endif
