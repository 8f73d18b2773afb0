/* hindsight.h - what another route policy would have said to an attempt that is on the record. */
#ifndef CORE_HINDSIGHT_H
#define CORE_HINDSIGHT_H

#include "core/event.h"

/* The policy alone is asked: what came before it in the decision (the path, TLS) and what comes beside it (the key's state,
 * addresses, limits) is taken to come out as it did. What cannot be told from the record is not guessed. */
enum hindsight {
    HINDSIGHT_SAME = 0,    /* it would come out as it did */
    HINDSIGHT_REFUSED = 1, /* it was allowed, and the policy would refuse it */
    HINDSIGHT_ALLOWED =
        2, /* the policy in force refused it, and this one would not; or it would need no key */
    HINDSIGHT_CUT = 3, /* the record holds only a part of its path or method */
    HINDSIGHT_NO_KEY =
        4, /* the route needed no key, or was closed, so none was looked at; now it would need one */
    HINDSIGHT_KEY_GONE = 5, /* what the key may do is not known any more */
    HINDSIGHT_COUNTED = 6,  /* of a summary or a gap the record holds no path */
};
enum { N_HINDSIGHTS = 7 };

struct hindsight_keys {
    unsigned (*permissions)(void *ctx, struct str key_id); /* what it may do at present; 0: not known */
    void *ctx;
};

/* table as route_judge takes it. Asks for a key only where it depends on that. */
enum hindsight hindsight_of(struct str table, const struct event *e,
                            const struct hindsight_keys *keys);

#endif
