/* index.h - beside each segment, what may be in each of its batches. */
#ifndef RECORD_INDEX_H
#define RECORD_INDEX_H

#include "record/segment.h"

/* audit/YYYY-MM-DD.idx: per batch its place, the time range of its records, and a Bloom filter over
 * key id, account, source, reason and request id. Derived: it may be deleted at any time, is never
 * needed to verify, and what it does not cover is read. The recorder appends to it; a reader makes
 * those of days gone by anew when they are missing or are not those of their segment. */

/* A thing to look for: a hash of its kind and its bytes. */
enum index_kind {
    INDEX_KEY = 1,
    INDEX_ACCOUNT,
    INDEX_SOURCE,
    INDEX_REASON,
    INDEX_REQUEST,
    INDEX_CHANGES,
    INDEX_SIGN_INS,
    INDEX_NO_ACCOUNT, /* an attempt of a claimed key, refused before the account was looked up */
    INDEX_LEAKS,
    INDEX_SPENDS,
    INDEX_WARNINGS,
    INDEX_READINGS,
};
uint64_t index_item(enum index_kind kind, struct str bytes);

struct index_entry {
    uint64_t offset, number; /* of the batch */
    uint32_t len, n_records;
    int64_t from_us, until_us; /* of its records; both inclusive */
    struct str bloom;          /* borrows */
};

/* Appends the entry of a batch, as bytes, to out. */
enum kw_err index_build(const struct batch *b, uint64_t offset, struct buf *out) MUST_USE;

/* Whether an item may be in a batch; never false when it is. */
bool index_may_hold(const struct index_entry *e, uint64_t item);

/* Calls each for every entry of a day's index that holds. *covered becomes the offset in the
 * segment behind the last of them: from there on, the segment itself is to be read. KW_EDAMAGED: it is not the segment's, and what
 * was called is to be forgotten; index_update makes it anew. */
typedef enum kw_err index_fn(void *ctx, const struct index_entry *e);
enum kw_err index_read(const char *audit_dir, int32_t day, index_fn *each, void *ctx,
                       uint64_t *covered) MUST_USE;

/* How many days before the day of its file the earliest record of a closed day lies: none, but where the clock went back. False: nobody
 * has kept it yet. segment and size are those of the day's file, as segment_open gives them. */
bool index_reach(const char *audit_dir, int32_t day, int segment, uint64_t size, uint16_t *days);

/* Keeps it beside the entries, where that is permitted. Only for a day that is closed, and whose index covers all of it. */
void index_keep_reach(const char *audit_dir, int32_t day, int segment, uint64_t size, uint16_t days);

/* Brings the index of a day up to the end of its segment: makes it anew when it is missing or does
 * not belong to it. */
enum kw_err index_update(const char *audit_dir, int32_t day) MUST_USE;

/* The recorder's end: appends the entry of a batch just written; opens and updates the day's index
 * when the day changes. An index that cannot be written is left behind and brought up to date
 * later: no error of it concerns the record. */
struct index_writer;
enum kw_err index_writer_new(const char *audit_dir, struct index_writer **out) MUST_USE;
void index_writer_free(struct index_writer *w);
void index_writer_freep(struct index_writer **w);
void index_writer_add(struct index_writer *w, int32_t day, uint64_t offset, struct str batch);

#endif
