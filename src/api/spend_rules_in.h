/* spend_rules_in.h - what a key may spend, from JSON into the document that is kept. */
#ifndef API_SPEND_RULES_IN_H
#define API_SPEND_RULES_IN_H

#include "base/buf.h"
#include "json/json_in.h"

/* Reads {"rules":[{"currency":…,"decimals":…,"perTransaction":…, …, "destinations":[…],"prefixes":[…]}]} and appends the
 * document of core/spend_rules.h. KW_EINVAL, and *p says why; KW_ENOMEM. */
enum kw_err spend_rules_in(const json_t *body, struct problem *p, struct buf *document) MUST_USE;

#endif
