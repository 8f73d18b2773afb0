/* claim.h - a verifier's own pair of rings: claimed, written to, given back. */
#ifndef ENGINE_CLAIM_H
#define ENGINE_CLAIM_H

#include "engine/ring.h"

struct claim; /* one claimed ring file; any number of threads may write events */

/* Claims a free, drained ring file below run_dir. KW_EFULL: none is free; KW_EUNAVAILABLE: there
 * are no rings; KW_EPERM, KW_EFORMAT, KW_ENOMEM, KW_EIO. torn: see guard.h. */
enum kw_err claim_open(const char *run_dir, _Atomic int *torn, struct claim **out) MUST_USE;

/* Gives it back: the lock ends with the descriptor. Nothing is unlocked by hand, because after
 * fork() the lock is the parent's too. */
void claim_close(struct claim *c);
void claim_closep(struct claim **c);

/* The generation of the keyring that is in force, as serve has written it here. */
uint64_t claim_generation(const struct claim *c);
uint64_t claim_ring_id(const struct claim *c);

/* Reserves a place for an event. KW_EFULL: the recorder is behind by a whole ring; the attempt is
 * then counted with claim_count instead. A reserved place must be filled: the recorder waits for
 * it. */
enum kw_err claim_reserve(struct claim *c, int ring, uint64_t *position) MUST_USE;
void claim_fill(struct claim *c, int ring, uint64_t position,
                struct event *e); /* sets ring and position in *e */
void claim_count(struct claim *c, int ring, enum kw_reason why);

#endif
