/* findings.h - what the detectors have found, kept in usage.db for whoever raises alerts of it. */
#ifndef WATCH_FINDINGS_H
#define WATCH_FINDINGS_H

#include "core/finding.h"
#include "watch/book.h"

/* The newest are kept: so many, and for so long. */
enum { FINDINGS_MAX = 10000, FINDINGS_KEPT_DAYS = 30 };

/* Within a transaction. One of the same detector, subject and beginning is there once. */
enum kw_err findings_add(struct book *b, const struct finding *f) MUST_USE;
enum kw_err findings_sweep(struct book *b, int64_t now_us) MUST_USE;

/* ---- read ---- */

struct findings_place { /* zeros: the beginning */
    int64_t book; /* which usage.db: one that was counted anew is another, and gives all findings again */
    int64_t no; /* the last that was taken */
};

typedef enum kw_err findings_fn(void *ctx, int64_t no, const struct finding *f);

/* Calls each for what is behind the place, in the order in which it was found, at most `limit`, and moves the place on; stops at
 * the first error and returns it: then the place is in front of that one. Findings that come again have the same detector,
 * subject and beginning as before: whoever raises them knows by these what it has raised. Any thread, while the file is being
 * written. No file yet: KW_OK, and nothing is called. KW_EDAMAGED, KW_EFORMAT: see usage_doubt; KW_EIO, KW_ENOMEM, KW_EBUSY. */
enum kw_err findings_after(const char *file, struct findings_place *at, uint32_t limit,
                           findings_fn *each, void *ctx) MUST_USE;

#endif
