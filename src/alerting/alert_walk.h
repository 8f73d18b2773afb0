/* alert_walk.h - the alerts of an account, gone through in pieces. */
#ifndef ALERTING_ALERT_WALK_H
#define ALERTING_ALERT_WALK_H

#include "sync/sync.h"

/* The alerts of an account (empty: of all), the newest first; KW_EFULL from `each` ends it. Sync's lock is held for one piece
 * at a time, and while `each` is called. n_damaged as in store_document_filter; a row may be counted twice, and a whole piece of such rows
 * ends it. Errors of store_documents. */
enum kw_err alert_walk(struct sync *sync, struct str account, uint32_t *n_damaged,
                       store_document_fn *each, void *ctx) MUST_USE;

/* Whether what was found at `at_ms`, and all that was raised before, is older than `from_ms`. What is found is raised in the order in which
 * it is found, but for what is found out a while later. */
bool alert_walk_is_over(int64_t at_ms, int64_t from_ms);

#endif
