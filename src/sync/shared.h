/* shared.h - the files that verifiers write to, as serve makes and looks after them: rings and
 * limits. */
#ifndef SYNC_SHARED_H
#define SYNC_SHARED_H

#include <sys/types.h>

#include "engine/limits.h"
#include "engine/ring.h"

/* Everything here goes by pread and pwrite: a verifier may cut a file short, and a mapping would
 * die of it. */

struct rings {
    const char *run_dir; /* borrows */
    gid_t group;         /* (gid_t)-1: leave it alone */
    uint32_t n_slots[2];
    int fds[RING_PAIRS_MAX];
    unsigned n;
};

/* Opens the ring files that are there; *made is whether there was none. Makes new ones until enough
 * are free. */
enum kw_err rings_open(struct rings *r, bool *made) MUST_USE;
void rings_close(struct rings *r);

/* Writes the generation of the keyring in force into every ring. KW_EIO. */
enum kw_err rings_announce(struct rings *r, uint64_t generation) MUST_USE;

/* Makes spare rings, named after the generation, when fewer are free than are claimed, and at
 * least 2. KW_ENOTFOUND: files have vanished; rings_reset and rings_open make them anew. */
enum kw_err rings_tend(struct rings *r, uint64_t generation) MUST_USE;

/* Puts a new file in the place of one. Its holder sees a generation that never was, and claims another. */
enum kw_err rings_replace(struct rings *r, unsigned number, uint64_t generation) MUST_USE;

struct limits_file {
    int fd;
    uint32_t n_lines;
};

/* Opens the limits of a run folder, or makes them anew (*made), and extends them to n_lines. */
enum kw_err limits_file_open(const char *path, gid_t group, uint32_t n_lines,
                             struct limits_file *out, bool *made) MUST_USE;
void limits_file_close(struct limits_file *f);
enum kw_err limits_file_extend(struct limits_file *f, uint32_t n_lines) MUST_USE;

/* Whether the file at the path is still this one, and whole. */
bool limits_file_ok(const struct limits_file *f, const char *path);

/* A key's quota word, read and written (its rate stays); what a verifier left there may be anything. 0:
 * the line is not this key's. */
enum kw_err limits_file_quota(const struct limits_file *f, uint32_t slot, struct str id,
                              uint64_t *word) MUST_USE;
enum kw_err limits_file_set_quota(const struct limits_file *f, uint32_t slot, struct str id,
                                  uint64_t word) MUST_USE;

#endif
