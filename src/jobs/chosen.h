/* chosen.h - what accounts have chosen of the thresholds, at hand for whoever asks with each event. */
#ifndef JOBS_CHOSEN_H
#define JOBS_CHOSEN_H

#include "core/thresholds.h"
#include "sync/sync.h"

/* Read from the store when it is first asked, and again after chosen_changed. What cannot be read then stays as it was, and is read again
 * after five seconds; a row that does not hold is left out.
 *
 * Threads   chosen_changed: any. The others: one at a time. */
struct chosen;

enum kw_err chosen_new(struct sync *sync, struct chosen **out) MUST_USE; /* borrows; KW_ENOMEM */
void chosen_free(struct chosen *c);                                      /* takes NULL */

/* Of an account, or of the installation (""); good until the next call. */
const struct thresholds *chosen_of(struct chosen *c, struct str account);

void chosen_changed(struct chosen *c);

#endif
