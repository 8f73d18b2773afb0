/* webhooks_off.h - findings about webhooks that were turned off because nothing could be delivered. */
#ifndef ALERTING_WEBHOOKS_OFF_H
#define ALERTING_WEBHOOKS_OFF_H

#include "core/finding.h"
#include "sync/sync.h"

/* One for each that is off and was not turned off by hand, the newest first, at most WEBHOOKS_OFF_MAX: as long as it is, the same
 * finding. Errors of the store, and of `found`, which ends it. */
enum { WEBHOOKS_OFF_MAX = 100 };
typedef enum kw_err webhooks_off_fn(void *ctx, const struct finding *f);
enum kw_err webhooks_off(struct sync *sync, webhooks_off_fn *found, void *ctx) MUST_USE;

#endif
