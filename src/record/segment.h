/* segment.h - the files of the record: one per UTC day, appended to in whole batches, never
 * changed. */
#ifndef RECORD_SEGMENT_H
#define RECORD_SEGMENT_H

#include <sys/types.h>

#include "record/batch.h"
#include "record/day.h"

/* audit/YYYY-MM-DD.seg. A batch is one write and one fdatasync. After a write or a sync that failed
 * the file is closed and the next append begins by reading what is there: a sync is never tried
 * again on the same bytes (the kernel forgets what it could not write), so they are cut off and
 * written anew.
 *
 * Threads   One at a time. One process per folder; the caller sees to that. */

/* What is called to write and to sync; for tests that make them fail. An empty one is the system's.
 */
struct segment_io {
    void *ctx;
    enum kw_err (*write)(void *ctx, int fd, const void *bytes, size_t n, off_t at);
    enum kw_err (*sync)(void *ctx, int fd);
};

struct segment_options { /* borrows; the strings and the signer must outlive the segments */
    const char *audit_dir;
    struct signer *signer;
    struct segment_io io;
};

/* The signed end of a record: what `audit head` shows and is kept elsewhere, so that a cut-off end
 * is found. */
struct record_head {
    uint64_t batch; /* 0: nothing is on the record yet */
    int64_t time_us;
    struct digest hash;
    uint8_t signature[SIGNATURE_LEN];
};

struct segments;

/* Opens the folder, which must exist, and reads its last batch. What a crash left behind it, at
 * most one batch that was never acknowledged, is cut off; segments_torn tells. KW_EDAMAGED  the end
 * of the last file is neither a whole batch of ours nor the rest of one: nothing was touched
 *   KW_ECONFLICT its last batch was signed with another key: move the folder away to begin a new
 * record KW_EFORMAT   written by another version KW_ENOTFOUND, KW_EPERM, KW_EIO, KW_ENOMEM */
enum kw_err segments_open(const struct segment_options *o, struct segments **out) MUST_USE;
void segments_close(struct segments *s);
void segments_closep(struct segments **s);

/* The last batch on the record; the marks in it say where to go on. number 0: there is none. Valid
 * until the next call. */
const struct batch_head *segments_last(const struct segments *s);
void segments_head(const struct segments *s, struct record_head *out);

/* How many bytes of which day's file were cut off at open; 0: none. They are kept beside it, as
 * 2026-11-24.cut. */
uint64_t segments_torn(const struct segments *s, int32_t *day);

/* Appends one batch and makes it durable. Number and hash of the batch before are filled in, and a
 * time that is earlier than the batch before becomes equal to it. On an error nothing of it counts
 * as written; segments_last is then what is durable, and the next append opens the file again.
 *   KW_EFULL, KW_EIO, KW_EPERM, KW_ENOMEM; KW_ERANGE as of batch_build */
enum kw_err segments_append(struct segments *s, const struct batch_head *head,
                            const struct record *records, uint32_t n) MUST_USE;

/* The bytes of the batch that was appended last, the day of its file, and where it begins there. */
struct str segments_bytes(const struct segments *s, int32_t *day, uint64_t *offset);

/* ---- for readers: no lock is needed, a batch that is not yet whole is simply not there ---- */

/* Opens the segment of a day for reading. */
enum kw_err segment_open(const char *audit_dir, int32_t day, int *fd, uint64_t *size) MUST_USE;

/* Reads the batch at an offset into out, whose maximum is at least BATCH_MAX, and takes it apart.
 * KW_ENOTFOUND: the end, or a batch that is being written. KW_EDAMAGED: no batch. KW_EFORMAT,
 * KW_EIO, KW_ENOMEM. */
enum kw_err segment_read(int fd, uint64_t size, uint64_t offset, struct buf *out,
                         struct batch *b) MUST_USE;

/* The same for the batch that ends at an offset. KW_ENOTFOUND: the beginning of the file. */
enum kw_err segment_read_back(int fd, uint64_t end, struct buf *out, struct batch *b) MUST_USE;

/* Hops from header to header: *last becomes the offset of the last batch that is there at its full length, *end where it
 * ends. False when there is none. */
bool segment_hop(int fd, uint64_t size, uint64_t *last, uint64_t *end);

/* Where the last whole batch ends, by lengths alone. buf as for segment_read. */
uint64_t segment_end(int fd, uint64_t size, struct buf *buf);

#endif
