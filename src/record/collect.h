/* collect.h - puts one batch together out of what the rings hold at the moment. */
#ifndef RECORD_COLLECT_H
#define RECORD_COLLECT_H

#include "core/spend_event.h"
#include "record/flood.h"
#include "record/leaks.h"
#include "record/merge.h"
#include "record/readings.h"
#include "record/rings.h"
#include "record/sign_ins.h"
#include "record/warnings.h"

/* Where a batch's 4,096 records go: changes, spends, sign-ins, leaks, readings, warnings, notes (gaps), summaries and single unproved attempts
 * have their maximum; the proved attempts get what these leave. */
enum {
    COLLECT_CHANGES = 256,
    COLLECT_SIGN_INS = 512,
    COLLECT_SPENDS = 256,
    COLLECT_NOTES = 512,
    COLLECT_UNPROVED =
        1536, /* no further ring of unproved attempts is read once there are so many records */
    COLLECT_SLOTS = BATCH_RECORDS_MAX,
};

struct collect {
    int64_t now_us;
    bool more;           /* something was left for the next batch */
    enum kw_err trouble; /* the first error that did not stop it */
    uint64_t attempts;
    uint64_t change_seq, done_change_seq;

    struct rings rings;
    struct flood *flood; /* owns, like all below */
    uint32_t turn;       /* which ring is first: another one each time */

    struct entry *entries; /* BATCH_RECORDS_MAX: one run behind the other */
    uint32_t n_entries;
    struct entry *notes; /* run 0 */
    uint32_t n_notes;
    struct run *runs;
    uint32_t n_runs;
    uint32_t *heap;
    struct record *records; /* the batch */
    uint32_t n_records;
    struct ring_mark *marks; /* how far the rings will have been read with it */

    uint8_t *scratch; /* bytes of what we write ourselves: EVENT_MAX for each gap and summary */
    uint32_t n_scratch;
    uint8_t *change_scratch;              /* CHANGE_MAX each */
    uint8_t *spend_scratch;               /* SPEND_EVENT_MAX each */
    uint32_t n_spends;                    /* in this batch */
    uint64_t spend_n, done_spend_n;       /* the newest on the record */
    struct sign_ins *sign_ins;            /* who was let in and who was not, since the last batch */
    struct sign_in_taken *taken;          /* COLLECT_SIGN_INS */
    struct leaks *leaks;                  /* what was reported as leaked, since the last batch */
    struct leak_taken *taken_leaks;       /* LEAKS_TAKEN_MAX */
    struct readings *readings;            /* who read the record, since the last batch */
    struct reading_taken *taken_readings; /* READINGS_TAKEN_MAX */
    struct warnings *warnings;            /* of what keys are warned, since the last batch */
    struct warning_taken taken_warnings[WARNINGS_TAKEN_MAX];
    struct ring_slot *slots[2];
    uint32_t n_slots[2]; /* in use */
    uint64_t *committed;
};

enum kw_err collect_init(struct collect *c, const char *run_dir,
                         const struct batch_head *last) MUST_USE;
void collect_deinit(struct collect *c);

/* One batch: begin, then changes, spends, sign-ins, leaks, readings, warnings and notes, then the rings, then end; c->records and c->marks are
 * then what is to be written. attempts counts what the events stand for. */
void collect_begin(struct collect *c, int64_t now_us);
enum kw_err collect_change(struct collect *c, const struct record_change *change);
void collect_spends_begin(struct collect *c);
enum kw_err collect_spend(struct collect *c, const struct spend_event *e);
void collect_sign_ins(struct collect *c);
void collect_leaks(struct collect *c);
void collect_readings(struct collect *c);
void collect_warnings(struct collect *c);
void collect_note(struct collect *c, struct event *gap, const char *note);
void collect_rings(struct collect *c);
void collect_end(struct collect *c);

/* It is durable; or it is not, and everything stays as it was. */
void collect_settle(struct collect *c);
void collect_undo(struct collect *c);

/* Moves the tails to what is durable, gives locks back, lets go of files that are over. After every
 * batch. */
void collect_sweep(struct collect *c);

#endif
