/* recorder.h - takes the events out of the rings and puts them on the record, each exactly once. */
#ifndef RECORD_RECORDER_H
#define RECORD_RECORDER_H

#include "core/spend_event.h"
#include "record/leak.h"
#include "record/reading.h"
#include "record/retention.h"
#include "record/segment.h"
#include "record/sign_in.h"

/*     recorder_open(&(struct recorder_options){…}, &r);
 *     every 100 ms, and whenever somebody wants to read:  recorder_drain(r, now_us, &result);
 *
 * Rings are hostile input: they are read and written with pread and pwrite, and a slot that does
 * not hold becomes a gap record. A batch takes events in order, is made durable, and only then are
 * the tails moved; the positions inside of the last whole batch say where to go on, so that a crash
 * at any moment neither loses nor doubles an event.
 *
 * Threads   One at a time, but for recorder_sign_in, recorder_leak, recorder_reading and recorder_warn. */

typedef enum kw_err recorder_take_fn(void *sink, const struct record_change *c);

typedef enum kw_err recorder_spend_fn(void *sink, const struct spend_event *e);

struct recorder_options { /* borrows; what is pointed to must outlive the recorder */
    const char *audit_dir, *run_dir;
    struct signer *signer;
    void *ctx; /* given to those below; each of them may be NULL */

    /* Gives the management changes after the given entry of change_log to take, in order, at most
     * limit; take's error is to be passed on. When it fails, the events are recorded without it. */
    enum kw_err (*changes)(void *ctx, uint64_t after, uint32_t limit, recorder_take_fn *take,
                           void *sink);

    /* The same for what was spent, behind a number; what is on the record is told by recorder_spends. */
    enum kw_err (*spends)(void *ctx, uint64_t after, uint32_t limit, recorder_spend_fn *take,
                          void *sink);

    /* The newest entry of change_log when the recorder is opened; NULL: not known. Where the record is
     * ahead of it, the entries in between were given up by `keyward recover`, and their numbers are
     * given to other changes: it goes on from here. */
    const uint64_t *newest_change;

    /* A ring file cannot be read any more and must be replaced by a new one of another ring_id.
     * Called with each drain until that has happened. */
    void (*damaged)(void *ctx, uint32_t number, enum kw_err why);

    /* Called for each event once it is durable, in the order of the record: for what is lost with the process. Whoever
     * has to count exactly reads the segments (watch/round.h). */
    void (*recorded)(void *ctx, const struct event *e);

    struct segment_io io; /* for tests */
};

struct recorder_result {
    uint32_t batches, records;
    uint64_t attempts; /* what the events among them stand for: singles and counts */
    bool more;         /* there was more than a drain takes: call again at once */
};

struct recorder;

/* As segments_open. */
enum kw_err recorder_open(const struct recorder_options *o, struct recorder **out) MUST_USE;
void recorder_close(struct recorder *r);
void recorder_closep(struct recorder **r);

/* Puts on the record what the rings hold, in batches of up to 4,096. Once the day of the last batch has been over for five minutes, the
 * day of now is begun also where there is nothing to record, with a batch without records: so the day before is closed, and its signed
 * end can be kept elsewhere. now_us is believed time, which no jump of the wall clock moves. On an error of the disk
 * nothing is lost that the rings can hold; the next drain tries again. *out is written in any case.
 * KW_EFULL, KW_EIO, KW_EPERM, KW_ENOMEM; KW_ENOTFOUND: there is no run/rings (changes are recorded
 * all the same); or what `changes` returned, with the events recorded all the same. */
enum { RECORDER_DAY_OVER_US = 5 * 60 * 1000000 };
enum kw_err recorder_drain(struct recorder *r, int64_t now_us, struct recorder_result *out) MUST_USE;

/* A sentence (at most 63 bytes) that the next batch has as a gap record; a later one takes its place. */
void recorder_note(struct recorder *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* From which batch on the record is kept: the next batch has it as a gap record of its own (retention.h). False as long as that is not
 * durable: days are dropped only when it is. */
void recorder_keep_from(struct recorder *r, const struct retention_cut *cut);
bool recorder_is_kept_from(const struct recorder *r, const struct retention_cut *cut);

/* A sign-in, which the next batch has; see sign_ins.h. Any thread, at any time, also while the recorder is draining. */
void recorder_sign_in(struct recorder *r, const struct sign_in *s);

/* The same of a report that a key leaked; see leaks.h. */
void recorder_leak(struct recorder *r, const struct leak *l);

/* The same of somebody who read the record; see readings.h, also for what alike is, and what it returns. */
bool recorder_reading(struct recorder *r, const struct reading *reading, uint64_t alike);

/* From which spend on there is something to be recorded: n is the newest that is there already. To be told before the first drain, and found
 * out after the opening, which cuts off what a torn batch left. */
void recorder_spends_from(struct recorder *r, uint64_t n);

/* The number of the newest spend that is on the record for good. */
uint64_t recorder_spends(const struct recorder *r);

/* The same of a warning (core/warning.h); see warnings.h. False: there is no room until the next batch. */
bool recorder_warn(struct recorder *r, const struct event *e) MUST_USE;

/* The signed end of the record. */
void recorder_head(const struct recorder *r, struct record_head *out);

#endif
