/* leak_in.h - the reports of one call, on their way to the leak desk. */
#ifndef API_LEAK_IN_H
#define API_LEAK_IN_H

#include "server/call.h"

/* Memory that is wiped when it goes: key texts are in it. */
struct leak_batch {
    struct leak_report *reports; /* owns */
    size_t n, room;
};
enum kw_err leak_batch_init(struct leak_batch *b, size_t room) MUST_USE; /* KW_ENOMEM */
void leak_batch_deinit(struct leak_batch *b);

/* Adds one; there is room. */
void leak_batch_add(struct leak_batch *b, const struct call *c, enum leak_by by, struct str key,
                    struct str url, struct str note);

/* Hands them over, and answers 202, always with the same body. 503 busy, with Retry-After: too many wait. */
enum kw_err leak_batch_send(struct leak_batch *b, struct call *c) MUST_USE;

#endif
