/* walk.h - gives the records of a batch, those that are asked for, to whoever asked. */
#ifndef RECORD_WALK_H
#define RECORD_WALK_H

#include "base/buf.h"
#include "record/search.h"
#include "record/segment.h"

struct walk {
    const char *audit_dir;
    const struct record_query *q;
    record_entry_fn *each;
    void *ctx;
    uint64_t n_done;  /* batches and days that are behind it */
    uint64_t owed;    /* records to be looked at before `enough` is asked again */
    uint64_t left;    /* matches that may still be given */
    struct buf bytes; /* of a batch */
    size_t *at;       /* owns; BATCH_RECORDS_MAX: where the records of a batch begin */
};

/* The caller has filled in the first five members. */
enum kw_err walk_init(struct walk *w) MUST_USE;
void walk_deinit(struct walk *w);

/* Leaves out the first `skip` records, which is for those who walk oldest first. KW_EDAMAGED, or
 * what `each` returned. */
enum kw_err walk_batch(struct walk *w, const struct batch *b, uint32_t skip) MUST_USE;

#endif
