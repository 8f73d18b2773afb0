/* warnings.h - the warnings that wait to be put on the record. */
#ifndef RECORD_WARNINGS_H
#define RECORD_WARNINGS_H

#include "core/event.h"

/* In memory: they survive a batch that failed, and not the process; who warns finds on the record what is missing. */
enum { WARNINGS_MAX = 1024, WARNINGS_TAKEN_MAX = 64 };

struct warnings;
enum kw_err warnings_new(struct warnings **out) MUST_USE; /* KW_ENOMEM */
void warnings_free(struct warnings *q);                   /* takes NULL */

/* Takes a copy of an event of kind EVENT_WARNING. False: there is no room until some are on the record. Any thread. */
bool warnings_put(struct warnings *q, const struct event *e) MUST_USE;

struct warning_taken { /* one that was taken, encoded */
    int64_t time_us;
    size_t n;
    uint8_t bytes[EVENT_MAX];
};

/* Gives the first of them and returns how many; *more tells whether others wait. They are still kept: warnings_settle forgets what
 * was taken last, once it is durable; without it they are given again. One thread for these two. */
uint32_t warnings_take(struct warnings *q, struct warning_taken out[WARNINGS_TAKEN_MAX], bool *more);
void warnings_settle(struct warnings *q);

#endif
