/* spend.h - what keys have reserved and spent, and what of it is not yet on the record: rows of the same store. */
#ifndef STORE_SPEND_H
#define STORE_SPEND_H

#include "core/spend_event.h"
#include "store/store.h"

/* They carry no seal and no entry in the log of changes: whoever can write the database can give a key its hour, day or month
 * once more, or take it away. He cannot change what the rules say, and what was spent is on the record all the same.
 *
 *     store_spend_begin, any of the others, store_spend_commit: one transaction, all of it or nothing
 *
 * An error of one that writes ends the transaction. Threads as in store.h. */
enum kw_err store_spend_begin(struct store *s) MUST_USE; /* errors of store_begin */
enum kw_err store_spend_commit(struct store *s) MUST_USE; /* errors of store_commit, but for KW_EUNSAVED */

/* ---- reservations ---- */

/* Saves a new one; r->slot is then its slot. KW_EEXISTS: the id, or the reference of this key, is taken. */
enum kw_err store_put_reservation(struct store *s, struct reservation *r) MUST_USE;

/* Saves how one ended: state, committed and ended_ms. KW_EDAMAGED: it was not open. */
enum kw_err store_end_reservation(struct store *s, const struct reservation *r) MUST_USE;

/* KW_ENOTFOUND; KW_EDAMAGED: a row that is not one of ours. account NULL: of any. */
enum kw_err store_reservation(struct store *s, struct str id, const char *account,
                              struct reservation *out) MUST_USE;
enum kw_err store_reservation_by_reference(struct store *s, uint32_t key_slot, struct str reference,
                                           struct reservation *out) MUST_USE;

/* Those of a key, newest first; before_slot 0: from the newest on. As store_keys otherwise. */
typedef enum kw_err store_reservation_fn(void *ctx, const struct reservation *r);
enum kw_err store_reservations(struct store *s, uint32_t key_slot, uint32_t before_slot,
                               uint32_t limit, store_reservation_fn *each, void *ctx) MUST_USE;

/* Those that are open and have expired, in the order of their ends, behind one and at most so many; after NULL: from the oldest on. Rows
 * that are not ours are passed over: nothing seals them, and they must not hold up the others. What `each` returns other than KW_OK is returned. */
enum kw_err store_reservations_due(struct store *s, int64_t now_ms, const struct reservation *after,
                                   uint32_t limit, store_reservation_fn *each, void *ctx) MUST_USE;

/* Forgets a few that ended not later than that. */
enum kw_err store_drop_reservations(struct store *s, int64_t until_ms) MUST_USE;

/* ---- sums ---- */

struct spend_sum { /* of a window; period 0: nothing was ever spent */
    uint32_t period;
    struct amount amount;
};
struct spend_sums { /* of SPEND_PER_TRANSACTION none */
    struct spend_sum of[SPEND_N_LIMITS];
};
enum kw_err store_spend_sums(struct store *s, uint32_t key_slot, struct str currency,
                             struct spend_sums *out) MUST_USE;
enum kw_err store_save_spend_sums(struct store *s, uint32_t key_slot, struct str currency,
                                  const struct spend_sums *sums) MUST_USE;

/* Forgets the sums of windows before `until` (by their numbers) of the next so many keys behind *slot. *slot becomes the last of them, 0: there were no
 * more; *n is how many sums that were. */
enum kw_err store_drop_spend_sums(struct store *s, const uint32_t until[SPEND_N_LIMITS],
                                  uint32_t keys, uint32_t *slot, uint32_t *n) MUST_USE;

/* ---- what is to be recorded ---- */

enum kw_err store_log_spend(struct store *s, const struct spend_event *e) MUST_USE; /* e->n is ignored */

/* Those behind `after`, in their order, with their numbers. As store_changes otherwise. */
typedef enum kw_err store_spend_fn(void *ctx, const struct spend_event *e);
enum kw_err store_spend_log(struct store *s, uint64_t after, uint32_t limit, store_spend_fn *each,
                            void *ctx) MUST_USE;
enum kw_err store_drop_spend_log(struct store *s, uint64_t until) MUST_USE;

#endif
