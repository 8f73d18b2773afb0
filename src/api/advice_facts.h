/* advice_facts.h - what the record says about a key, as far as advice is drawn from it. */
#ifndef API_ADVICE_FACTS_H
#define API_ADVICE_FACTS_H

#include "core/advice.h"
#include "server/call.h"
#include "watch/ask.h"

struct advice_read {
    struct advice_facts facts; /* borrows from the next */
    struct advice_network networks[ASK_SOURCES_MAX];
    int64_t counted_ms; /* so far the record is counted */
    bool is_current;    /* it is counted up to now, but for an hour */
};

/* Reads what is counted, after a moment of waiting for what is not: for a thread that may take its time. */
enum kw_err advice_facts_read(struct call *c, const struct grant *g, struct advice_read *out) MUST_USE;

/* Whether there is such an advice: *after is the key as it would be. */
bool advice_facts_say(const struct advice_read *r, enum advice_kind kind, const struct grant *g,
                      struct grant *after);

#endif
