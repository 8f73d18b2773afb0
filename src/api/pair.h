/* pair.h - a call that is answered with an access token and a refresh token, once the minter has made them. */
#ifndef API_PAIR_H
#define API_PAIR_H

#include "api/refusal.h"
#include "server/call.h"

struct pair { /* of one call; freed, and wiped, at its end */
    struct call *call;
    struct mint_job job;
    struct refusal refusal; /* what was decided about the use of the key */
    call_done *done;
    void *done_ctx;
};

/* A pair whose job is empty, which belongs to the call from here on. KW_ENOMEM. */
enum kw_err pair_new(struct call *c, struct pair **out) MUST_USE;

/* Hands it to the minter. 503 busy: too many wait. */
void pair_go(struct pair *p);

#endif
