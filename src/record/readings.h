/* readings.h - the readings of the record that wait to be put on it. */
#ifndef RECORD_READINGS_H
#define RECORD_READINGS_H

#include "record/reading.h"

/* In memory: they survive a batch that failed, and not the process (a tenth of a second's). What has no room is counted, by what it
 * was, and becomes a record for each. Of readings alike, those of a page that asks every few seconds, one in ten minutes is taken: the
 * last 1,024 are known, and one that is not known any more is taken again. */
enum {
    READINGS_MAX = 128,
    READINGS_TAKEN_MAX = READINGS_MAX + READING_N_WHATS,
    READINGS_KNOWN = 1024
};
#define READINGS_APART_US ((int64_t)600 * 1000 * 1000)

struct readings;
enum kw_err readings_new(struct readings **out) MUST_USE; /* KW_ENOMEM */
void readings_free(struct readings *q);                   /* takes NULL */

/* Takes a copy. alike names those that count as the same; 0: it is taken in any case. False: one like it was taken just now. Any thread; waits
 * for nothing but the others that are here. */
bool readings_put(struct readings *q, const struct reading *r, uint64_t alike);

struct reading_taken { /* one that was taken, encoded */
    int64_t time_us;
    size_t n;
    uint8_t bytes[READING_MAX];
};

/* Gives all of them and returns how many; counts have the time now_us. They are still kept: readings_settle forgets what was taken
 * last, once it is durable; without it they are given again. One thread for these two. */
uint32_t readings_take(struct readings *q, int64_t now_us,
                       struct reading_taken out[READINGS_TAKEN_MAX]);
void readings_settle(struct readings *q);

#endif
