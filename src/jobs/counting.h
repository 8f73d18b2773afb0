/* counting.h - has usage counted from the record, with what `keyward serve` knows of keys and of the disk. */
#ifndef JOBS_COUNTING_H
#define JOBS_COUNTING_H

#include "config/config.h"
#include "jobs/chosen.h"
#include "jobs/recording.h"
#include "watch/usage.h"

struct counting;

/* Borrows sync, recording and chosen, which must live longer. Errors as usage_start. */
enum kw_err counting_start(const struct config *config, struct sync *sync,
                           struct recording *recording, struct chosen *chosen,
                           struct counting **out) MUST_USE;
void counting_stop(struct counting *c); /* takes NULL */

/* Waits so long until what is on the record now is counted; tells how far it has come. Any thread. */
void counting_wait(struct counting *c, uint32_t ms, bool *is_complete, int64_t *counted_us);

/* How far the counting has come, after a moment of waiting for it: while the record cannot be written, and while much of it is
 * still to be counted, as far as it is. Any thread. */
int64_t counting_until_ms(struct counting *c, int64_t now_ms);

/* The last batch that is counted; waits for nothing. Any thread. */
uint64_t counting_batch(const struct counting *c);

/* Whether there is a file that tells countries or networks; without one, prefixes of addresses stand in. Any thread. */
bool counting_knows_places(const struct counting *c);

/* Whether there is the one that tells countries: without it none is counted. Any thread. */
bool counting_knows_countries(const struct counting *c);

/* How it is doing; waits for nothing. Any thread. */
struct counting_state {
    bool is_stuck; /* the file with the counts, or the record, cannot be used at the moment */
    uint64_t lag_us; /* how long ago all was counted that was on the record then; detectors have seen what is counted */
    uint64_t batches;   /* on the record, and not counted */
    uint64_t located_s; /* when the files that tell places were made (locator.h); 0: there is none */
};
void counting_state(const struct counting *c, struct counting_state *out);

/* The file with the counts, for ask_open; and what to say when it is found damaged. */
const char *counting_file(const struct counting *c);
void counting_doubt(struct counting *c);

/* What reading the file came to: one that is damaged is on its way to be counted anew, and until then there is nothing in it,
 * so *until_ms is 0. Other errors are passed on. */
enum kw_err counting_answer(struct counting *c, enum kw_err err, int64_t *until_ms) MUST_USE;

#endif
