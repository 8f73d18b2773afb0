/* warned.h - of what each key has been warned: read from the record, so that it is warned of once, whoever was killed in between. */
#ifndef WATCH_WARNED_H
#define WATCH_WARNED_H

#include "core/warning.h"
#include "watch/book.h"

/* Kept of each key for its current generation and the one before; that an event's is one of them is the caller's to see to. */

/* Notes a warning that is on the record, and that one is owed where a secret was used after its end; no other event. `key` is its
 * number (subjects.h), 0: none. Within a transaction. */
enum kw_err warned_count(struct book *b, uint32_t key, const struct event *e) MUST_USE;

/* Whether it is on the record, as far as that is counted. */
enum kw_err warned_ask(struct book *b, struct str key_id, uint32_t generation, enum warning what,
                       bool *out) MUST_USE;

struct warned_owed { /* borrows */
    struct str key_id, account;
    uint32_t generation;
};

/* Calls each for what is owed, at most `limit`; stops and returns its error when it is not KW_OK. */
typedef enum kw_err warned_owed_fn(void *ctx, const struct warned_owed *owed);
enum kw_err warned_owed(struct book *b, uint32_t limit, warned_owed_fn *each, void *ctx) MUST_USE;

#endif
