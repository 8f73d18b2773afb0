/* follow.h - reads the record batch by batch, from a place in it on. */
#ifndef WATCH_FOLLOW_H
#define WATCH_FOLLOW_H

#include "base/buf.h"
#include "record/segment.h"

struct follow_place { /* behind a batch; an empty one is the beginning of the record */
    int32_t day;
    uint64_t offset;
    uint64_t batch; /* its number, time and hash: they tell whether the record is still the same one */
    int64_t time_us;
    struct digest hash;
};

struct follow {
    const char *audit_dir; /* borrows */
    struct follow_place at;
    /* Within. */
    struct days days; /* listed before a file is opened: when a later one is there, nothing more comes into the earlier */
    struct buf bytes;
    int fd;
    int32_t day; /* of fd, and how long it is */
    uint64_t size;
    int32_t damaged; /* a day whose rest cannot be read and is passed over; 0: none */
};

/* To be called before each round of reading: what has come since is seen from here on. KW_ENOTFOUND: no such folder; KW_EPERM,
 * KW_EIO, KW_ENOMEM. */
enum kw_err follow_begin(struct follow *f) MUST_USE;
void follow_end(struct follow *f);

/* Whether the batch in front of the place is there as it was: KW_ECONFLICT, the record is another one. */
enum kw_err follow_check(struct follow *f) MUST_USE;

/* The batch behind the place, which stays until it is passed; *out borrows until the next call. What cannot be read is passed over
 * to the next day, if there is one. KW_ENOTFOUND: there is none yet. KW_ECONFLICT: it is not the next of the one before;
 * KW_EDAMAGED, KW_EPERM, KW_EIO, KW_ENOMEM. */
enum kw_err follow_next(struct follow *f, struct batch *out) MUST_USE;
void follow_pass(struct follow *f, const struct batch *b);

#endif
