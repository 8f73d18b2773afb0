/* uses.h - when and from where tokens and members were last seen: kept for a while, then saved together. */
#ifndef JOBS_USES_H
#define JOBS_USES_H

#include "core/address.h"
#include "sync/sync.h"

/* Bounded: where there is no room for one more, its use is noted the next time. Lost with the process: a minute's worth.
 * Threads   Any. */
struct uses;

enum kw_err uses_new(struct uses **out) MUST_USE; /* KW_ENOMEM */
void uses_free(struct uses *u);                   /* takes NULL */

/* The source may be all zero: nobody knows. */
void uses_note(struct uses *u, enum use_kind kind, uint32_t slot, int64_t now_ms,
               const struct address *source);

/* What was noted and is not saved yet. False: nothing. */
bool uses_find(struct uses *u, enum use_kind kind, uint32_t slot, struct last_use *out);

/* As text, as far as it is known; terminated. */
void uses_print_source(const struct address *source, char out[USE_SOURCE_MAX + 1]);

/* Saves what was noted, once a minute at most; what cannot be saved is forgotten. */
void uses_tend(struct uses *u, struct sync *sync, uint64_t boot_us);
void uses_save(struct uses *u, struct sync *sync); /* now */

#endif
