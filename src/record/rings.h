/* rings.h - the ring files of run/rings: which are there, which are new, which have gone. */
#ifndef RECORD_RINGS_H
#define RECORD_RINGS_H

#include "record/ring_file.h"

struct rings {
    const char *run_dir;     /* borrows */
    struct ring_file *files; /* owns; room for BATCH_RINGS_MAX */
    uint32_t n;
    uint32_t n_vanished; /* rings that the record knows, with events in them, and that are no longer
                            there */
};

/* Begins with the marks of the last batch. */
enum kw_err rings_init(struct rings *r, const char *run_dir, const struct batch_head *last) MUST_USE;
void rings_deinit(struct rings *r);

/* Looks into the folder: opens what is new, marks as gone what has been replaced or removed. An
 * error of one file does not keep the others from being opened; the first is returned.
 * KW_ENOTFOUND: there is no such folder (yet). */
enum kw_err rings_scan(struct rings *r) MUST_USE;

/* Lets go of a file; the last one takes its place. */
void rings_drop(struct rings *r, uint32_t i);

#endif
