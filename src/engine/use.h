/* use.h - a use of a key that is no request for a route: it is exchanged for tokens, or one of those is refreshed or given up. */
#ifndef ENGINE_USE_H
#define ENGINE_USE_H

#include "core/family.h"

/* For keyward serve alone, which answers these itself. They are judged, counted against the limits of the key, and put on
 * the record like any request of class read; no line of the policy is asked, for there is no route. A token is given up whatever
 * its key may do at that moment, and takes nothing from its limits: nothing holds back what only narrows. */
enum engine_use_kind { USE_EXCHANGE, USE_REFRESH, USE_REVOKE };

struct engine_use { /* borrows */
    enum engine_use_kind kind;
    unsigned permissions; /* of an exchange: those that are asked for; none: all that the key has */
    /* Of the others, whose credential is a token: the family that keyward serve knows it to be of; NULL: it is nobody's. */
    const struct family *family;
    bool is_reused; /* a refresh token that had been used before, and has ended its family */
};

/* As kw_authorize, whose errors it has. */
enum kw_err engine_use_key(struct kw_engine *engine, const struct kw_request *request,
                           const struct engine_use *use, struct kw_decision *out);

#endif
