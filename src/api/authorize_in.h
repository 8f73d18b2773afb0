/* authorize_in.h - what a backend asks to have decided: the body of POST /v1/authorize as a request. */
#ifndef API_AUTHORIZE_IN_H
#define API_AUTHORIZE_IN_H

#include <keyward/keyward.h>

#include "json/json_in.h"

struct authorize_ask {
    struct kw_request request; /* borrows from the body, and from this struct */
    struct kw_str key, bearer;
};

/* Strict: every member that is not optional has to be there, for a default would be a guess about the client. KW_EINVAL,
 * and *p says why. */
enum kw_err authorize_in(const json_t *body, struct problem *p, struct authorize_ask *out) MUST_USE;

#endif
