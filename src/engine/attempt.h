/* attempt.h - one request on its way through the decision. */
#ifndef ENGINE_ATTEMPT_H
#define ENGINE_ATTEMPT_H

#include "core/event.h"
#include "core/route.h"
#include "crypto/digest.h"
#include "engine/use.h"
#include "engine/view.h"

struct attempt {
    struct kw_engine *engine;
    const struct kw_request *request; /* borrows */
    struct kw_decision *decision;     /* filled in as things become known */
    uint8_t request_id[EVENT_REQUEST_ID];
    struct view *view;
    uint64_t started_ns; /* 0: at a given time, nothing to measure */
    uint64_t boot_us;
    int64_t wall_us;

    struct str path, query; /* as the client sent them */
    uint32_t policy_version;
    struct route_match route;

    size_t n_credentials;
    struct str text;            /* of the last one */
    struct str id;              /* of a key that is whole in form: borrows from text; else empty */
    struct keyring_place place; /* where it seems to be */
    const struct engine_use *use; /* NULL: a request; else a use of a key, see use.h */
    bool is_token;                /* it came as an access token: id and place are its family's */
    unsigned permissions;         /* that the credential holds, once it is proved */

    enum credential_kind credential;
    struct str claimed_id;      /* borrows from the request; empty: no credential, or not in form */
    struct str token_id;        /* the same of the family of an access token */
    struct keyring_found found; /* true of the caller once decision->proved */
    struct keyring_account account;

    bool is_reserved; /* there is a place for this attempt in the proved ring */
    uint64_t position;
};

/* The steps of a decision; each answers KW_WHY_ALLOWED when it finds nothing against the request.
 */
typedef enum kw_reason attempt_step(struct attempt *a);

/* Looks at the credentials, before the first step; judges nothing. What a well-formed key will be looked up by is
 * then on its way from memory while the path is judged. */
void attempt_meet_key(struct attempt *a);

/* Whether a digest is that one; in constant time. */
static inline bool attempt_same(const struct digest *d, const uint8_t there[GRANT_DIGEST_LEN])
{
    struct digest other;

    memcpy(other.b, there, sizeof other.b);
    return digest_eq(d, &other);
}

/* What needs no key to be judged: steps_request.c. */
attempt_step step_forwarded, step_path, step_exposure, step_tls, step_route;

/* Whose key it is, proved: steps_proof.c. */
attempt_step step_expect, step_credential, step_prove;

/* The same by what a key was exchanged for: steps_token.c. Only the second may believe who it is. */
enum kw_reason token_look_up(struct attempt *a);
enum kw_reason token_look_up_used(struct attempt *a);

/* What the key may do: steps_grant.c. step_whose only tells the account, which step_account judges as well. */
attempt_step step_whose, step_state, step_account, step_environment, step_address, step_browser,
    step_permission;

/* What only a request that is otherwise allowed takes: steps_take.c. */
attempt_step step_reserve, step_limits;

/* Tells in the decision where the limits of a proved key stand, whose request was refused before
 * step_limits; takes nothing. */
void attempt_tell_limits(struct attempt *a);

/* Puts the attempt on the record with the reason it came to: record.c. False: its ring is full, and
 * it was counted. */
bool attempt_record(struct attempt *a, enum kw_reason why);

#endif
