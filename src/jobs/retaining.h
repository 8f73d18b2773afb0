/* retaining.h - drops the days of the record that are older than they are to be kept. */
#ifndef JOBS_RETAINING_H
#define JOBS_RETAINING_H

#include "jobs/counting.h"

/* A thread of its own, which looks every 10 s. A day goes when it is older than record_days of keyward.yaml, all of it is counted, and
 * the wall clock is believed: nothing is ever dropped by a clock that jumped, or that was far ahead of all that is known when the machine
 * started (trusted.h), until an administrator has accepted it. What is dropped is put on the record before it goes (record/retention.h). No decision and no batch waits for it. */
struct retaining;

/* Borrows all of them, which must live longer. KW_ENOMEM, KW_EUNAVAILABLE. */
enum kw_err retaining_start(const struct config *config, struct sync *sync,
                            struct recording *recording, struct counting *counting,
                            struct retaining **out) MUST_USE;
void retaining_stop(struct retaining *r); /* takes NULL; what was not dropped is with the next start */

/* One look, as the thread takes it; *n becomes how many days went. KW_EBUSY: there are some, and the clock is not believed;
 * KW_EFULL: or the disk is full. Errors
 * of the record and its folder. */
enum kw_err retaining_pass(const struct config *config, struct sync *sync,
                           struct recording *recording, struct counting *counting,
                           size_t *n) MUST_USE;

#endif
