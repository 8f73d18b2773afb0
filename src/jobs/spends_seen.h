/* spends_seen.h - which of what was spent a crash has left on the record and in the store as well. */
#ifndef JOBS_SPENDS_SEEN_H
#define JOBS_SPENDS_SEEN_H

#include "sync/sync.h"

/* What waits to be recorded is deleted only when it is on the record for good. In between a process may end: the next one
 * finds it in both, and looks here how far it had got. *n is the number of the newest that is on the record; 0: none of
 * those that wait. Errors of search_run and store_spend_log. */
enum kw_err spends_seen(struct sync *sync, const char *audit_dir, uint64_t *n) MUST_USE;

#endif
