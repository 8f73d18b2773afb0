/* spend_books.h - what sync/spend.c writes down in its transaction: sums of windows, what is to be recorded, how one ended. */
#ifndef SYNC_SPEND_BOOKS_H
#define SYNC_SPEND_BOOKS_H

#include "sync/spend.h"

/* All are called under the lock of sync, within store_spend_begin and store_spend_commit; an error is one of the store, and
 * ends the transaction. */

/* Adds the amount of *r to the sums of its key's windows, and saves them. */
enum kw_err spend_take(struct sync *s, const struct reservation *r, struct spend_sums *sums) MUST_USE;

/* Puts on the list of what is to be recorded what became of *r, or of what was asked for. */
enum kw_err spend_tell(struct sync *s, enum spend_what what, enum spend_why why,
                       struct amount committed, const struct reservation *r,
                       struct str actor) MUST_USE;

/* Saves the end of *r, whose state and committed amount are set: what was not committed is given back to its windows. */
enum kw_err spend_end(struct sync *s, struct reservation *r, enum spend_what what,
                      struct str actor) MUST_USE;

/* Ends it because its time is over; and some of all whose time is. */
enum kw_err spend_expire(struct sync *s, struct reservation *r) MUST_USE;
enum kw_err spend_expire_due(struct sync *s) MUST_USE;

/* Ends the transaction: with what may be forgotten as well, or, where `done` is an error, by undoing it. Returns what it came to. */
enum kw_err spend_books_commit(struct sync *s, enum kw_err done) MUST_USE;

#endif
