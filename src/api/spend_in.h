/* spend_in.h - what a backend wants a key to spend, from JSON. */
#ifndef API_SPEND_IN_H
#define API_SPEND_IN_H

#include "sync/spend.h"
#include "json/json_in.h"

/* Fills a new reservation, but for its id, from the members key, reference, currency, amount, destination, requestId (all
 * required) and expiresInS. */
enum kw_err spend_in_reserve(const json_t *body, struct problem *p, struct spend_item *out) MUST_USE;

/* The member amount of a commit; 0 when it is not there. */
enum kw_err spend_in_commit(const json_t *body, struct problem *p, struct amount *out) MUST_USE;

/* An amount of so many decimals, zero or not. The field is what the problem names. */
enum kw_err spend_in_amount(struct str text, const char *field, unsigned decimals,
                            struct problem *p, struct amount *out) MUST_USE;

#endif
