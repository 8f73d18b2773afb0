/* alerting.h - raises alerts: once for what is found, with the action that was chosen for it. */
#ifndef ALERTING_ALERTING_H
#define ALERTING_ALERTING_H

#include "alerting/alert_doc.h"
#include "jobs/tally.h"
#include "sync/sync.h"

#define ALERTING_ACTOR "watch"

/* The same finding is raised once, however often it is handed over and whatever is killed in between. What is found again while its
 * alert is not resolved is counted there, at most once an hour, and is no new one - unless an action is chosen by now that would
 * take something: then it is, and is taken; but not where it was found before somebody else did something with that alert, or changed
 * the key: he may have given back what was taken. Of what strangers can bring about as often as they like - findings about no key -
 * ALERTING_STRANGERS_MAX of a detector and an account are raised in an hour, and ALERTING_STRANGERS_A_DAY in a day (UTC); the next is
 * raised as one about many, and the rest are left out.
 *
 * An action is done in three steps: the alert is saved with what there is to take from the key, then it is taken, then the
 * alert says so. alerting_resume goes on with those that were interrupted.
 *
 * A row that somebody else wrote is no alert: what is found is then raised as if there were none, or, where its own row is the one,
 * only acted on.
 *
 * Threads   One at a time. */
enum { ALERTING_STRANGERS_MAX = 30, ALERTING_STRANGERS_A_DAY = 100, ALERTING_COUNTS = 512 };

struct alerting_count { /* of the day */
    enum detector detector;
    char account[KW_ACCOUNT_MAX + 1];
    uint32_t n, n_today; /* n: of the hour */
};

struct alerting {        /* zero but for the first two: nothing was raised yet */
    struct sync *sync;   /* borrows, like the next */
    struct tally *tally; /* is told of what is raised */
    int64_t hour;        /* of the counts, since 1970 */
    struct alerting_count counts[ALERTING_COUNTS]; /* the last one is everybody's for whom there is no other */
    size_t n_counts;
    enum alert_state resume_state; /* alerting_resume has come as far as this */
    uint32_t resume_before;        /* and this slot; 0: the newest */
};

/* Errors of sync_put_document, with which it is to be handed over again. KW_OK also where nothing new was to be raised. */
enum kw_err alerting_raise(struct alerting *a, const struct finding *f, enum severity severity,
                           enum alert_action action) MUST_USE;

/* Counts the alerts that are open. To be called once, before anybody can change one. Errors of store_documents. */
enum kw_err alerting_count_open(struct alerting *a) MUST_USE;

/* To be called at the start, until it is KW_OK: does what alerts say is being done. The lock of sync is held for a hundred at a
 * time; after an error it goes on where it was. */
enum kw_err alerting_resume(struct alerting *a) MUST_USE;

#endif
