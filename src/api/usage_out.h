/* usage_out.h - what usage.db says about a stretch of time, as the API tells it. */
#ifndef API_USAGE_OUT_H
#define API_USAGE_OUT_H

#include "server/server.h"
#include "watch/ask.h"

struct usage_stretch {
    int64_t from_ms, until_ms; /* whole steps */
    int64_t recorded_ms;       /* so far the record is counted; 0: nothing is yet */
};

/* The answer to a question; the caller's, NULL when there is no memory. */
json_t *usage_out(const struct server *s, const struct ask *q, const struct usage_stretch *of,
                  const struct ask_answer *answer);

#endif
