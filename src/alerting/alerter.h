/* alerter.h - the thread that makes alerts of what is found: by the detectors, and of our own health. */
#ifndef ALERTING_ALERTER_H
#define ALERTING_ALERTER_H

#include "alerting/alerting.h"
#include "jobs/counting.h"

/* Findings of the detectors are taken from usage.db, where they came together with the counts of the same batch; of each, what its
 * account has chosen says how grave it is and what is done. What was found before the process was killed is taken with the next
 * start; what is older than a day is not. Our own health, and webhooks that were
 * turned off, are looked at every five seconds. */
struct alerter;

/* Borrows all of them, which must live longer; to be called before anybody can change an alert. Errors of store_documents; KW_ENOMEM,
 * KW_EUNAVAILABLE. */
enum kw_err alerter_start(const char *state_dir, struct sync *sync, struct recording *recording,
                          struct counting *counting, struct tally *tally,
                          struct alerter **out) MUST_USE;
void alerter_stop(struct alerter *a); /* takes NULL */

#endif
