/* use.h - a use of a key that is no request for a route: it is exchanged for tokens, or one of its tokens is refreshed. */
#ifndef ENGINE_USE_H
#define ENGINE_USE_H

#include "core/family.h"

/* For keyward serve alone, which answers these itself. They are judged, counted against the limits of the key, and put on
 * the record like any request of class read; no line of the policy is asked, for there is no route. */
struct engine_use { /* borrows */
    /* The family whose refresh token was shown, where keyward serve knows it; NULL: the credential is a key, in the request. */
    const struct family *family;
    bool is_reused; /* it had been used before, and has ended its family */
    bool is_refresh; /* the credential is a refresh token; with a family of NULL: one that nobody knows */
};

/* As kw_authorize, whose errors it has. */
enum kw_err engine_use_key(struct kw_engine *engine, const struct kw_request *request,
                           const struct engine_use *use, struct kw_decision *out);

#endif
