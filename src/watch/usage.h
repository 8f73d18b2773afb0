/* usage.h - the thread that counts usage: it reads what is on the record, and nobody waits for it. */
#ifndef WATCH_USAGE_H
#define WATCH_USAGE_H

#include "watch/round.h"

struct usage;

/* Counts every few seconds, and when it is asked to. The functions of the options are called in its thread. KW_ENOMEM,
 * KW_EUNAVAILABLE. */
enum kw_err usage_start(const struct round_options *o, struct usage **out) MUST_USE;
void usage_stop(struct usage *u); /* takes NULL; what is not counted yet is with the next start */

/* Has it count, and waits until a batch is counted or the time is over; tells how far it has come. Any thread. */
void usage_wait(struct usage *u, uint64_t batch, uint32_t ms, struct round_result *out);

/* For people; waits for nothing. Any thread. */
struct usage_state {
    uint64_t batch;  /* the last that is counted */
    uint64_t lag_us; /* how long ago all was counted that was on the record then */
    enum kw_err err; /* of the last round */
};
void usage_state(struct usage *u, struct usage_state *out);

/* Who has read the file found it damaged. Any thread. */
void usage_doubt(struct usage *u);

#endif
