/* worker.h - a thread for what takes long: searching the record and verifying it, so that no other call waits for it. */
#ifndef JOBS_WORKER_H
#define JOBS_WORKER_H

#include <stdbool.h>

#include <keyward/keyward.h>

#include "base/macro.h"
#include "base/str.h"

/* One at a time. 128 wait at most, and 16 of one asker; askers take turns, so that nobody waits for all that another has
 * asked. What one asker wants is done in the order in which it came. Threads: any. */
struct worker;

struct worker_job {
    struct str asker; /* borrowed, and stays as it is, until it is run */
    void (*run)(void *ctx,
                bool is_over); /* in that thread; is_over: the process ends, and nothing is to be done but to say so */
    void *ctx;
};

enum kw_err worker_new(struct worker **out) MUST_USE; /* KW_ENOMEM, KW_EUNAVAILABLE */

/* Each job that was taken is run, exactly once. KW_EBUSY: too many wait, or too many of this asker; KW_EUNAVAILABLE:
 * stopped. */
enum kw_err worker_submit(struct worker *w, const struct worker_job *job) MUST_USE;

/* Whether what runs should end soon, because the process does. */
bool worker_is_over(struct worker *w);

void worker_stop(struct worker *w); /* after the one that runs; all that wait are over */
void worker_free(struct worker *w); /* takes NULL; stops it */
void worker_freep(struct worker **w);

#endif
