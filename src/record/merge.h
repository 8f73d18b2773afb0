/* merge.h - many runs of records, each in its own order, as one in the order of time. */
#ifndef RECORD_MERGE_H
#define RECORD_MERGE_H

#include "record/batch.h"

struct entry {
    struct record record;
    int64_t time_us;
};

struct run { /* borrows */
    const struct entry *entries;
    uint32_t n;
};

/* Writes the records of all runs to out and returns how many there are. The times of a run never go
 * back: who makes it sees to that. Equal times: the lower run first. runs are used up; heap is room
 * for n_runs numbers. */
uint32_t merge_runs(struct run *runs, uint32_t n_runs, uint32_t *heap, struct record *out);

#endif
