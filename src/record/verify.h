/* verify.h - whether a record is what was written: every hash, every signature, every batch in its
 * place. */
#ifndef RECORD_VERIFY_H
#define RECORD_VERIFY_H

#include "record/segment.h"

struct verify_report {
    uint32_t files;
    uint64_t batches, records;
    uint64_t first_batch;    /* 1, unless retention has dropped days */
    struct record_head head; /* the end, as far as all is well */

    /* The first thing that is wrong; what is NULL when nothing is. */
    const char *what;
    char file[DAY_NAME_MAX];
    uint64_t offset; /* of the batch in the file */
    uint64_t batch;  /* its number; where it does not hold, the number it should have */
    uint32_t record; /* counted from 1; 0: the header; one more than there are: the trailer */
};

/* Walks over all segments of a folder. KW_OK: could be read; the answer is out->what. With anchor,
 * the batch that it names must be there with its hash, and what it is signed with must be the key:
 * an end that was cut off is found. KW_ENOTFOUND  no such folder, or no segment in it (and no
 * anchor was given) KW_EPERM, KW_EIO, KW_ENOMEM */
enum kw_err verify_folder(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct record_head *anchor, struct verify_report *out) MUST_USE;

struct verify_part {
    size_t n_days;             /* the newest files alone: what lies before them is not looked at */
    bool (*enough)(void *ctx); /* asked before each batch; true ends it; may be NULL */
    void *ctx;
};

/* The same for a part of it. KW_EBUSY  it was enough before all of it was looked at */
enum kw_err verify_newest(const char *audit_dir, const uint8_t public_key[PUBLIC_KEY_LEN],
                          const struct verify_part *part, struct verify_report *out) MUST_USE;

/* The signed end of the last segment, read from the files. KW_ENOTFOUND: nothing is on the record.
 * KW_EDAMAGED. */
enum kw_err verify_head(const char *audit_dir, struct record_head *out) MUST_USE;

enum { RECORD_HEAD_TEXT = 256 };

/* "keyward-head 1 BATCH TIME_US HASH SIGNATURE", terminated; and back, exactly. KW_ESYNTAX,
 * KW_ERANGE. */
size_t record_head_print(const struct record_head *h, char out[RECORD_HEAD_TEXT]);
enum kw_err record_head_parse(struct str text, struct record_head *out);

#endif
