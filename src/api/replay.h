/* replay.h - Idempotency-Key: a call that makes something, sent again, makes nothing and is answered as it was. */
#ifndef API_REPLAY_H
#define API_REPLAY_H

#include "server/call.h"

/* As draft-ietf-httpapi-idempotency-key-header has it, for a day, and for each caller apart. The answer is kept together with what
 * was made, in one commit; secrets are not in it.
 *
 *     TRY(replay_begin(c, "/v1/keys", key_public, &replay));        or "/v1/keys/{id}/rotate", as routes.c has it
 *     if (call_is_answered(c))
 *         return KW_OK;
 *     ...
 *     err = replay_settle(c, &replay, sync_create_key(…, replay_reply(&replay)));
 *     if (call_is_answered(c))
 *         return KW_OK;
 */

/* What is answered about an object that was made, but for its secret: "secret" is null. Under sync's lock. NULL: no memory. */
typedef json_t *replay_out(const struct call *c, const void *object);

struct replay { /* borrows */
    const struct call *call;
    const char *path;
    replay_out *out;
    struct sync_reply reply; /* without key.p: none was sent. Its status is 201 unless it is changed */
};

/* Reads the header. 400 when it cannot be a key; 409 idempotency_mismatch when the caller has used it for something else. */
enum kw_err replay_begin(struct call *c, const char *path, replay_out *out, struct replay *r) MUST_USE;

/* To be saved with the object; NULL without a key. */
const struct sync_reply *replay_reply(const struct replay *r);

/* What sync said: if it says that the same was made at this very moment, by a call that came first, this one is answered
 * likewise; anything else is passed on. */
enum kw_err replay_settle(struct call *c, const struct replay *r, enum kw_err err) MUST_USE;

#endif
