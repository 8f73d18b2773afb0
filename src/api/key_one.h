/* key_one.h - the key that a call is about: found, changed, and told. */
#ifndef API_KEY_ONE_H
#define API_KEY_ONE_H

#include "core/grant.h"
#include "core/key.h"
#include "server/call.h"

enum {
    KEY_ONE_TRIES = 3
}; /* of what does not depend on what else the key is: a change in between is no reason to refuse */

/* The key of the path. 404: there is none, or it is another account's. */
enum kw_err key_one_find(struct call *c, struct grant *out) MUST_USE;

/* Whether the caller may change it (403, see key_right.h), and it is not at its end (409). */
enum kw_err key_one_may_change(struct call *c, const struct grant *g) MUST_USE;

/* What an error of sync means to the caller of a change. */
enum kw_err key_one_changed(struct call *c, enum kw_err err) MUST_USE;

/* A new secret for the key: its text on the way out, its digest beside. */
enum kw_err key_one_secret(const struct call *c, const struct grant *g, struct secret_text *text,
                           uint8_t digest[GRANT_DIGEST_LEN]) MUST_USE;

/* The key as it is told, under its version as ETag. */
json_t *key_one_out(const struct call *c, const struct grant *g, const struct last_use *use);
void key_one_tag(struct call *c, const struct grant *g);
enum kw_err key_one_answer(struct call *c, const struct grant *g) MUST_USE;

#endif
