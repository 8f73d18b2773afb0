/* spend_out.h - a reservation as it is told, and why something may not be spent. */
#ifndef API_SPEND_OUT_H
#define API_SPEND_OUT_H

#include "server/call.h"
#include "sync/spend.h"

json_t *spend_out(const struct reservation *r, int64_t now_ms); /* NULL: no memory */

/* "1805.00", or null where it stands for no limit. */
json_t *spend_out_amount(struct amount a, unsigned decimals);

/* Says why an item was refused: 403, 404 or 409, with what is left and how to mend it. */
enum kw_err spend_refused(struct call *c, const struct spend_item *i) MUST_USE;

#endif
