/* key_uses.h - when and from where each key was last used: noted for every attempt on the record, saved little by little. */
#ifndef JOBS_KEY_USES_H
#define JOBS_KEY_USES_H

#include "core/event.h"
#include "sync/sync.h"

/* Bounded: of more than KEY_USES_MAX keys at a time the rest are noted when they are used again. Noting one takes no memory and
 * does not wait for the disk. Lost with the process: a minute's worth. What cannot be saved is forgotten.
 * Threads   Any may note and find; one at a time tends or saves. */
struct key_uses;

enum { KEY_USES_MAX = 32768 };

enum kw_err key_uses_new(struct key_uses **out) MUST_USE; /* KW_ENOMEM */
void key_uses_free(struct key_uses *u);                   /* takes NULL */
void key_uses_freep(struct key_uses **u);

/* An attempt that proved a key's secret, whatever came of it; others are passed over. The newest of a key counts. Rings are
 * hostile input: one that says that it comes from the future comes from now, or the key would never again count as unused. */
void key_uses_note(struct key_uses *u, const struct event *e, int64_t now_us);

/* What was noted of a key and may not be saved yet; slot is left 0. False: nothing. */
bool key_uses_find(struct key_uses *u, struct str id, struct last_use *out);

/* Begins to save once a minute, and earlier where the places run out; each call saves some, in one transaction. */
void key_uses_tend(struct key_uses *u, struct sync *sync, uint64_t boot_us);
void key_uses_save(struct key_uses *u, struct sync *sync); /* all of them, now */

#endif
