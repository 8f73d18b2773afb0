/* retention.h - which days of the record are old enough to go, and what the record says of it. */
#ifndef RECORD_RETENTION_H
#define RECORD_RETENTION_H

#include "record/segment.h"

/*     retention_plan(dir, 400, now_us, counted, &cut);     what may go
 *     retention_note(&cut, note);                          put on the record as a gap, and durable
 *     retention_drop(dir, cut.first_day, &n);              only then
 *
 * Whole days go, oldest first. A note names what goes, from the first batch that was there to the last before the first that is kept. So
 * whoever verifies tells days that were dropped from days that somebody deleted: the record may begin no later than the newest note says,
 * and each note goes on where the one before it ended. A kill between note and drop leaves more than the note says, which is no
 * fault; the next plan goes on with it.
 *
 * Threads   Any; one at a time for a folder. */
struct retention_cut {
    int32_t first_day;    /* the first that is kept */
    uint64_t from_batch;  /* the first that is there and goes */
    uint64_t first_batch; /* the first that is kept */
    size_t n_days;        /* to be dropped before first_day */
};

/* The days that end more than keep_days whole days before today, as far as all of their batches are counted: up to number `counted`. The
 * newest file always stays. KW_ENOTFOUND: none is to go (keep_days 0: for ever); KW_EPERM, KW_EIO, KW_ENOMEM. */
enum kw_err retention_plan(const char *audit_dir, uint32_t keep_days, int64_t now_us,
                           uint64_t counted, struct retention_cut *out) MUST_USE;

/* Removes the files of all days before first_day; *n becomes how many days went, also on an error. KW_EPERM, KW_EIO, KW_ENOMEM. */
enum kw_err retention_drop(const char *audit_dir, int32_t first_day, size_t *n) MUST_USE;

enum { RETENTION_NOTE = EVENT_AGENT_MAX };

/* "retention: from 2026-11-24, dropped 1-16", terminated; and whether a gap's agent is one, exactly (n_days is left 0). */
void retention_note(const struct retention_cut *cut, char out[RETENTION_NOTE]);
bool retention_note_parse(struct str agent, struct retention_cut *out);

/* The newest note in a batch, *record its place from 1; false: none is in it. */
bool retention_find(const struct batch *b, struct retention_cut *out, uint32_t *record);

#endif
