/* ring_file.h - one ring file as the recorder sees it: hostile bytes, never mapped. */
#ifndef RECORD_RING_FILE_H
#define RECORD_RING_FILE_H

#include <sys/types.h>

#include "record/batch.h"

struct ring_file {
    int fd; /* owns; -1: known from the record, not opened yet */
    dev_t dev;
    ino_t ino;
    uint32_t number; /* run/rings/NNN */
    uint32_t n_slots[2];
    bool gone;     /* another file, or none, has its name: read to its end, then let go */
    bool damaged;  /* its header does not hold any more: what is committed is still read, once */
    bool locked;   /* by us: nobody is alive behind it */
    uint64_t lost; /* events that were gone before they were read; not yet told */

    struct ring_mark done; /* what is on the record */
    struct ring_mark next; /* what will be with the batch that is being put together */

    uint64_t head[2]; /* as of the last look, and bounded by next + n_slots */
    uint64_t tail[2]; /* what is written there */
    uint64_t counted[2][KW_N_REASONS];
};

/* Opens run/rings/NNN. KW_EDAMAGED: a file that is no ring file; f then has its fd, dev and ino all
 * the same, and nothing else. KW_ENOTFOUND, KW_EPERM, KW_EIO: cannot be opened at the moment. */
enum kw_err ring_file_open(const char *run_dir, uint32_t number, struct ring_file *f) MUST_USE;
void ring_file_close(struct ring_file *f);

/* Begins at what the file says, of a ring that the record does not know; or goes on behind a mark
 * from the record. Where the record has lost its end and the slots have been used again, f->lost is
 * how many events are gone. KW_EDAMAGED: head and tail cannot be. */
enum kw_err ring_file_begin(struct ring_file *f) MUST_USE;
enum kw_err ring_file_go_on(struct ring_file *f, const struct ring_mark *mark) MUST_USE;

/* From now on the header is not believed: what is committed behind next is still to be read, as far
 * as the ring goes. */
void ring_file_damage(struct ring_file *f);

/* Reads the header again. KW_EDAMAGED: it does not hold. */
enum kw_err ring_file_look(struct ring_file *f) MUST_USE;

/* Reads at most n slots from next.next[ring] on; *got is how many positions there are, up to the
 * first that is not committed, or, while the file is locked by us, of any kind. committed[i] tells.
 * KW_EIO: cut short. */
enum kw_err ring_file_read(const struct ring_file *f, int ring, uint32_t n, struct ring_slot *slots,
                           uint64_t *committed, uint32_t *got) MUST_USE;

/* The event in a slot, if all of it holds: form, ring, position; a single decision. */
bool ring_file_event(const struct ring_file *f, const struct ring_slot *slot, uint64_t position,
                     struct event *e);

/* Takes the lock of a verifier that is no longer alive. False: somebody holds it. */
bool ring_file_lock(struct ring_file *f);
void ring_file_unlock(struct ring_file *f);

/* Tells the verifier how far the record has come; what it may have scribbled there is put right. */
enum kw_err ring_file_move_tail(struct ring_file *f) MUST_USE;

#endif
