/* pair.h - a call that is answered with an access token and a refresh token, once the minter has made them. */
#ifndef API_PAIR_H
#define API_PAIR_H

#include "api/refusal.h"
#include "server/call.h"

struct pair { /* of one call; freed, and wiped, at its end */
    struct call *call;
    struct mint_job job;
    struct refusal refusal; /* what was decided about the use of the key */
    enum kw_err decided;    /* of what is given up: whether it could be */
    call_done *done;
    void *done_ctx;
};

/* A pair whose job is empty, which belongs to the call from here on. KW_ENOMEM. */
enum kw_err pair_new(struct call *c, struct pair **out) MUST_USE;

/* Hands it to the minter, and answers with the pair; or goes on with `then`, in the thread of the call. 503 busy: too many wait. */
void pair_go(struct pair *p);
void pair_ask(struct pair *p, enum kw_err (*then)(struct call *c));

#endif
