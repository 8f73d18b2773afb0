/* spend.h - what backends ask before they move money: reserved, committed, released, each exactly once. */
#ifndef SYNC_SPEND_H
#define SYNC_SPEND_H

#include "store/spend.h"
#include "sync/sync.h"

enum spend_step { SPEND_STEP_RESERVE, SPEND_STEP_COMMIT, SPEND_STEP_RELEASE };

/* The limit that refused something: what it is, what of it is used, and until when. */
struct spend_left {
    struct amount most, used;
    unsigned decimals;
    int64_t until_ms;
};

struct spend_item { /* borrows */
    enum spend_step step;
    const char *account; /* whose keys the caller sees; NULL: all */
    struct str actor;
    uint32_t life_s; /* of a new reservation */

    /* Reserve: id (drawn), key, reference, currency, amount, destination and request_id come in. Commit: id, and committed, 0
     * for all of it. Release: id. What is stored comes out, unless it was refused. */
    struct reservation r;

    enum kw_err err; /* KW_OK: it was decided, and *why is how. Otherwise nothing of it happened */
    enum spend_why why;     /* SPEND_NO_REASON: it was done */
    bool is_replay;         /* it had been done before */
    struct spend_left left; /* where why is a limit */
};

/* All of them in one transaction, in their order: decided by what keys, accounts, environments and rules are at this moment,
 * which no change comes between, by the time that is trusted, and durable, with what is to be recorded of it, before the call
 * returns. Whatever is killed when, an item is done wholly or not at all. Many at once cost hardly more than one. */
void sync_spend(struct sync *s, struct spend_item *const *items, size_t n);

/* Gives back what has expired, and forgets what is on the record, and reservations and windows that ended SPEND_KEPT_MS ago; some of it. To be
 * called every second or so. */
#define SPEND_KEPT_MS (INT64_C(90) * 24 * 60 * 60 * 1000)
enum kw_err sync_tend_spends(struct sync *s) MUST_USE;

/* Everything up to number n is on the record for good. */
void sync_spends_recorded(struct sync *s, uint64_t n);

/* What is used of the current windows of a key, by sums that were read. True: some of it was counted in a window of a far future, and
 * counts for the current one alone: it is to be saved so, that it does not for each that comes. */
bool spend_sums_now(struct spend_sums *sums, int64_t now_ms);

#endif
