/* advice_out.h - an advice in words and as the change that would apply it. */
#ifndef API_ADVICE_OUT_H
#define API_ADVICE_OUT_H

#include "server/call.h"
#include "watch/advice_facts.h"

/* The change from one grant to the other, as a body of PATCH. NULL: out of memory. */
json_t *advice_change_out(enum advice_kind kind, const struct grant *after);

/* The item: kind, why, breaks, evidence, change. NULL: out of memory. */
json_t *advice_item_out(const struct advice_read *r, enum advice_kind kind,
                        const struct grant *before, const struct grant *after);

#endif
