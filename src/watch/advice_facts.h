/* advice_facts.h - what the record says about a key, as far as advice is drawn from it. */
#ifndef WATCH_ADVICE_FACTS_H
#define WATCH_ADVICE_FACTS_H

#include "core/advice.h"
#include "watch/ask.h"

struct advice_read {
    struct advice_facts facts; /* borrows from the next */
    struct advice_network networks[ASK_SOURCES_MAX];
    int64_t counted_ms; /* so far the record is counted */
    bool is_current;    /* it is counted up to now, but for an hour */
};

/* Nothing is known, as of that moment. */
void advice_facts_none(int64_t now_ms, struct advice_read *out);

/* Reads what is counted of a key; the caller says how far that is. *out is none on errors, which are those of ask_of. */
enum kw_err advice_facts_read(struct book *usage, const struct grant *g, int64_t now_ms,
                              int64_t counted_ms, struct advice_read *out) MUST_USE;

/* Whether there is such an advice: *after is the key as it would be. */
bool advice_facts_say(const struct advice_read *r, enum advice_kind kind, const struct grant *g,
                      struct grant *after);

#endif
