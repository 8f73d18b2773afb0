/* stragglers.h - who still comes with the old secret of a key: kept beside the counts, from the same record. */
#ifndef WATCH_STRAGGLERS_H
#define WATCH_STRAGGLERS_H

#include "core/event.h"
#include "store/store.h"
#include "watch/book.h"

/* Of each key for its current generation and the one before, by address and agent; so many of them are told apart, the rest
 * is one without an agent, from "other". */
enum { STRAGGLERS_MAX = 200, STRAGGLERS_KEPT_DAYS = 400 };

#define STRAGGLERS_OTHER "other"

struct straggler {
    char source[USE_SOURCE_MAX + 1];
    char agent[EVENT_AGENT_MAX + 1];
    uint64_t allowed, denied; /* with the old secret: inside the overlap, and after it */
    int64_t first_ms, last_ms;
};

struct stragglers { /* who came last first */
    struct straggler at[STRAGGLERS_MAX + 1];
    size_t n;
};

/* Counts an attempt with an old secret, and no other; `key` is its number (subjects.h), 0: none. Within a transaction. The time
 * is that of the batch: what a verifier says of its own is not believed. */
enum kw_err stragglers_count(struct book *b, uint32_t key, const struct event *e,
                             int64_t time_ms) MUST_USE;

/* Takes out those who have not come for so long. Within a transaction. */
enum kw_err stragglers_sweep(struct book *b, int64_t now_ms) MUST_USE;

/* Those of a key, since its secret has that generation. Errors as ask_usage; *out is written only on success. */
enum kw_err stragglers_ask(const char *file, struct str key_id, uint32_t generation,
                           struct stragglers *out) MUST_USE;

#endif
