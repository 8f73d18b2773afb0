/* refusal.h - a key or a token of it, used with keyward serve itself: decided and recorded like any use, and refused in the
 * gateway's words. */
#ifndef API_REFUSAL_H
#define API_REFUSAL_H

#include "engine/use.h"
#include "server/call.h"

struct refusal {
    struct kw_decision decision;
    char message[PROBLEM_MESSAGE_MAX];
};

/* Asks the engine; *out then holds what it decided, and the call its request id, under which that is on the record. KW_EUNAVAILABLE: it
 * cannot be asked. In any thread that has the call. */
enum kw_err refusal_decide(struct call *c, const struct kw_str *keys, size_t n_keys,
                           enum kw_environment environment, const struct engine_use *use,
                           struct refusal *out) MUST_USE;

static inline bool refusal_allows(const struct refusal *r)
{
    return r->decision.verdict == KW_ALLOW;
}

/* The refusal as the problem of the call. */
enum kw_err refusal_say(struct call *c, const struct refusal *r);

#endif
