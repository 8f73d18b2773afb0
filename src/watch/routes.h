/* routes.h - under which number usage.db counts a route: by its text, so that it is the same one in every version of the policy. */
#ifndef WATCH_ROUTES_H
#define WATCH_ROUTES_H

#include "base/buf.h"
#include "core/event.h"
#include "watch/book.h"

/* Appends the document of a version of the policy (core/policy.h), at most POLICY_DOCUMENT_MAX bytes. KW_ENOTFOUND, KW_EDAMAGED:
 * its lines cannot be told any more. */
typedef enum kw_err routes_policy_fn(void *ctx, uint32_t version, struct buf *document);

/* So many versions are read in a round: rings are hostile input, and could name another one with each event. Lines of further
 * ones count as unknown. */
enum { ROUTES_READ_MAX = 16 };

struct routes;

/* Without a function no line is known. KW_ENOMEM. */
enum kw_err routes_new(routes_policy_fn *policy, void *ctx, struct routes **out) MUST_USE;
void routes_free(struct routes *r); /* takes NULL */

/* A round begins. */
void routes_begin(struct routes *r);

/* The numbers may be those of a transaction that is undone. */
void routes_forget(struct routes *r);

/* The number of the route that an event met; new ones get one, within the caller's transaction. DAILY_NO_ROUTE: it met none;
 * DAILY_UNKNOWN_ROUTE: it cannot be told. Errors of the book, and others of the function. */
enum kw_err routes_number(struct routes *r, struct book *b, const struct event *e,
                          uint32_t *out) MUST_USE;

#endif
