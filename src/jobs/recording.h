/* recording.h - the thread that puts attempts and changes on the record. */
#ifndef JOBS_RECORDING_H
#define JOBS_RECORDING_H

#include "config/config.h"
#include "jobs/key_uses.h"
#include "jobs/tally.h"
#include "record/recorder.h"
#include "sync/sync.h"

struct recording;

/* Opens the record and starts the thread: it drains the rings every 100 ms, counts
 * what comes onto the record, and notes whose keys were used. Borrows sync, tally and uses, which must live longer; reads the signing key from its file. why is a sentence for the operator. Errors as recorder_open and file_read. */
enum kw_err recording_start(const struct config *config, struct sync *sync, struct tally *tally,
                            struct key_uses *uses, struct recording **out, char why[256]) MUST_USE;

/* Ends the thread, drains once more, closes. Takes NULL. */
void recording_stop(struct recording *r);

/* When the newest batch was written, before a recording is started; 0: there is none. Of a record that cannot be read nothing is known
 * but that it is old: 1. */
int64_t recording_newest_us(const char *audit_dir);

/* Puts a sign-in on the record with the next batch: the strings are copied, and whatever in e-mail and agent looks like one of
 * our credentials is redacted. Never waits for the disk. What cannot be kept until the disk is well is counted, and the count
 * becomes a record. Any thread. */
void recording_sign_in(struct recording *r, const struct sign_in *s);

/* The same of a report that a key leaked; url and note are redacted by the caller. */
void recording_leak(struct recording *r, const struct leak *l);

/* The same of a reading of the record; record/readings.h says what alike is. False: its actor has had 60 of them put on the record within a
 * minute, and is to read nothing before *retry_after_s; nothing is put. Who uses admin.sock ("uid:…") is never refused. */
bool recording_reading(struct recording *r, const struct reading *reading, uint64_t alike,
                       uint32_t *retry_after_s) MUST_USE;

/* The same of a warning. False: there is no room until the next batch. */
bool recording_warn(struct recording *r, const struct event *e) MUST_USE;

/* When it returns KW_OK, every attempt that was decided and every change that was made before the call is on the record.
 * Any thread. */
enum kw_err recording_drain(struct recording *r) MUST_USE;

/* The number of the last batch that is on the record for good. Any thread; waits for nothing. */
uint64_t recording_batch(const struct recording *r);

/* How old the oldest attempt can be that is not yet on the record: everything that was decided before is. Any thread;
 * waits for nothing. */
uint64_t recording_lag_us(const struct recording *r);

/* The same, and a sentence of at most 63 bytes is on the record too, as a gap. */
enum kw_err recording_note(struct recording *r, const char *format, ...) MUST_USE
    __attribute__((format(printf, 2, 3)));

/* Puts on the record from which batch on it is kept, and returns when that is durable. An error: it is not, and nothing may be
 * dropped yet. Any thread. */
enum kw_err recording_keep_from(struct recording *r, const struct retention_cut *cut) MUST_USE;

#endif
