/* key_filter.h - which keys are meant: to be listed, or to be changed all at once. */
#ifndef API_KEY_FILTER_H
#define API_KEY_FILTER_H

#include "core/address.h"
#include "server/call.h"

/* As parameters of a query. */
#define KEY_FILTER_NAMES                                                                       \
    "account", "environment", "state", "permission", "name", "q", "createdBy", "createdAfter", \
        "createdBefore", "usedAfter", "usedBefore", "usedFrom", "dueBefore", "expiresBefore"

struct key_filter_state;

struct key_filter {                       /* borrows from the query */
    struct store_key_filter stored;       /* what the store can tell; */
    const struct key_filter_state *state; /* and what it cannot: NULL, any */
    struct address_rule source;           /* a network, of the last use */
    bool has_source;
    int64_t expires_before_ms; /* they end before that, and have not yet; 0: any */
};

/* Reads what is there of KEY_FILTER_NAMES in the call's query, for the account that the caller sees. 400. */
enum kw_err key_filter_read(struct call *c, struct key_filter *out) MUST_USE;

/* Whether a key that the store found is one of them, and when it was last used. The store is the one that sync_lock gave; may be
 * asked while it lists. Errors of store_use. */
enum kw_err key_filter_takes(const struct key_filter *f, const struct call *c, struct store *store,
                             const struct grant *g, struct last_use *use, bool *takes) MUST_USE;

#endif
