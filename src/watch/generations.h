/* generations.h - whether the generation that an event names is one that its key's row can have had: verifiers are not believed. */
#ifndef WATCH_GENERATIONS_H
#define WATCH_GENERATIONS_H

#include "core/event.h"
#include "watch/subjects.h"

/* What the key's row has now. KW_ENOTFOUND: there is no such key, or its row does not hold. */
typedef enum kw_err generations_fn(void *ctx, struct str key_id, uint32_t *out);

enum { GENERATIONS_KNOWN = 64 };

struct generation {
    uint32_t key, is; /* zeros: free */
};

struct generations {     /* zero but for the first two */
    generations_fn *ask; /* NULL: whatever an event names is believed */
    void *ctx;
    struct generation known[GENERATIONS_KNOWN];
};

/* It is the row's, or the one before: nobody asks for earlier ones, and there are no later ones. `key` is the key's number, not 0.
 * What does not fit what is known is asked for anew. Errors of `ask`, but for KW_ENOTFOUND: then it is false. */
enum kw_err generations_fit(struct generations *g, uint32_t key, const struct event *e,
                            bool *out) MUST_USE;

#endif
