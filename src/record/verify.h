/* verify.h - whether a record is what was written: every hash, every signature, every batch in its
 * place. */
#ifndef RECORD_VERIFY_H
#define RECORD_VERIFY_H

#include "record/retention.h"

struct verify_report {
    uint32_t files;
    uint64_t batches, records;
    int32_t first_day;    /* from where it holds, when all is well */
    uint64_t first_batch; /* 1, unless retention has dropped days */
    bool has_cut;         /* there is a note of retention, the newest of them: */
    struct retention_cut cut;
    struct record_head head; /* the end, as far as all is well */

    /* The first thing that is wrong; what is NULL when nothing is. */
    const char *what;
    char file[DAY_NAME_MAX];
    uint64_t offset; /* of the batch in the file */
    uint64_t batch;  /* its number; where it does not hold, the number it should have */
    uint32_t record; /* counted from 1; 0: the header; one more than there are: the trailer */
};

/* Walks over all segments of a folder. KW_OK: could be read; the answer is out->what. A record that does not begin with batch 1 must
 * hold a note of retention that names a first batch no later than the one that is there: days that somebody deleted are found. With anchor,
 * the batch that it names must be there with its hash, and what it is signed with must be the key:
 * an end that was cut off is found. KW_ENOTFOUND  no such folder, or no segment in it (and no
 * anchor was given) KW_EPERM, KW_EIO, KW_ENOMEM */
enum kw_err verify_folder(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct record_head *anchor, struct verify_report *out) MUST_USE;

/* The same with the hash of a day that was kept elsewhere: one batch of that day's file must have it, and usually it is the last. */
enum kw_err verify_day(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN], int32_t day,
                       const struct digest *hash, struct verify_report *out) MUST_USE;

/* The same for a day's file that is in memory, from the batch at a place on: *r is what was found before, and goes on. v checks the
 * signatures. KW_ENOMEM. */
enum kw_err verify_bytes(struct verifier *v, int32_t day, struct str bytes, uint64_t at,
                         struct verify_report *r) MUST_USE;

struct verify_part {
    size_t n_days;             /* the newest files alone: what lies before them is not looked at */
    bool (*enough)(void *ctx); /* asked before each batch; true ends it; may be NULL */
    void *ctx;
};

/* The same for a part of it. KW_EBUSY  it was enough before all of it was looked at */
enum kw_err verify_newest(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct verify_part *part, struct verify_report *out) MUST_USE;

/* The signed end of one day, read from its file and not checked; first is the number of its first batch. KW_ENOTFOUND: there is no such
 * day, or no whole batch in it yet; bytes tells which, and is set whatever comes. KW_EDAMAGED, KW_EFORMAT, KW_EPERM, KW_EIO, KW_ENOMEM. */
struct day_head {
    int32_t day;
    uint64_t bytes, first;
    struct record_head head;
};
enum kw_err day_head_read(const char *audit_dir, int32_t day, struct day_head *out) MUST_USE;

/* Whether it is signed with the key, and the file of the next day goes on from it: what is kept elsewhere as an anchor is to be one. KW_EDAMAGED: it
 * is not; KW_EBUSY: the next file has no batch yet. KW_EPERM, KW_EIO, KW_ENOMEM. */
enum kw_err day_head_check(const char *audit_dir, const struct day_head *h, int32_t next_day,
                           const uint8_t public_key[PUBLIC_KEY_LEN]) MUST_USE;

/* How many records a day has, by the headers of its batches, some 100 bytes of each. enough as in verify_part. KW_EBUSY: it was enough. */
enum kw_err day_count(const char *audit_dir, int32_t day, const struct verify_part *part,
                      uint64_t *records) MUST_USE;

/* The signed end of the last segment, read from the files. KW_ENOTFOUND: nothing is on the record.
 * KW_EDAMAGED. */
enum kw_err verify_head(const char *audit_dir, struct record_head *out) MUST_USE;

/* Whether a head is signed. KW_EDAMAGED: not with this key. KW_ENOMEM. */
enum kw_err record_head_check(struct verifier *v, const struct record_head *h) MUST_USE;

enum { RECORD_HEAD_TEXT = 256 };

/* "keyward-head 1 BATCH TIME_US HASH SIGNATURE", terminated; and back, exactly. KW_ESYNTAX,
 * KW_ERANGE. */
size_t record_head_print(const struct record_head *h, char out[RECORD_HEAD_TEXT]);
enum kw_err record_head_parse(struct str text, struct record_head *out);

#endif
