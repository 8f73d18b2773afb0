/* policy.h - a route policy as text: what the store keeps, one line a route. */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "core/route.h"

/* "transact POST /wallet/payout/transfer\n" and so on, in the order in which the routes are
 * numbered. */

/* Reads a document into at most ROUTE_MAX routes, which borrow from it. KW_ESYNTAX, KW_ERANGE. */
enum kw_err policy_read(struct str document, struct route routes[ROUTE_MAX], size_t *n);

/* Adds a route to a document. A text with a line end in it sets out->failed. */
void policy_add(struct buf *document, const struct route *r);

/* Compiles a document into the table of route.h; out has a max of ROUTE_TABLE_MAX. Errors as
 * policy_read and route_compile. */
enum kw_err policy_compile(struct str document, struct buf *out);

#endif
