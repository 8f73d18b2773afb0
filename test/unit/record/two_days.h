/* two_days.h - a record of two days, for the tests of what finds something in it. */
#ifndef TEST_RECORD_TWO_DAYS_H
#define TEST_RECORD_TWO_DAYS_H

#include "record/search.h"
#include "rig.h"

/* Ten batches of twenty events a day. Event i (0 to 399) has its own request id and, by i % 10, one of ten keys,
 * by i % 4 one of four accounts, by i % 100 one of a hundred sources; each fiftieth is denied. Each batch ends with a
 * change of key i % 10, every second one by a member. Every third event is at production. */
enum { DAYS_BATCHES = 20, DAYS_PER_BATCH = 20, DAYS_EVENTS = DAYS_BATCHES * DAYS_PER_BATCH };

struct days_found {
    size_t n;
    uint32_t i[DAYS_EVENTS]; /* the events' numbers */
    size_t n_changes;
    uint64_t change[DAYS_BATCHES];
    size_t stop_after; /* 0: never */
};

/* A rig with all of it; rig_deinit() takes it away. */
void days_init(struct rig *r);

/* The batches from `from` to `to` - 1 alone, behind what there is. */
void days_write(const struct rig *r, uint32_t from, uint32_t to);

int64_t days_time(uint32_t i); /* of event i, in µs */

/* A search's function: keeps what is given in the struct days_found that is its context, and ends the search where that says so. */
enum kw_err days_keep(void *ctx, const struct record_entry *e);

#endif
