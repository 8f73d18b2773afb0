/* key_in.h - what a caller wants a key to be, from JSON into a grant. */
#ifndef API_KEY_IN_H
#define API_KEY_IN_H

#include "core/grant.h"
#include "server/caller.h"
#include "json/json_in.h"

/* Fills a new grant from the members account, name, environment (all required; who sees
 * one account, or has one, may leave it out; to the former another is not there: 400 not_found), permissions, expires, rate, quota, allowIp and rotationDays; the rest is left to the caller. What is absent is the default:
 * read_only, never, no limits (the caller knows the defaults), from everywhere, rotation after
 * GRANT_ROTATION_DAYS. */
enum kw_err key_in_create(const json_t *body, const struct caller *by, int64_t now_ms,
                          struct problem *p, struct grant *out) MUST_USE;

/* Changes a grant by those of the members name, permissions, expires, rate, quota, allowIp and rotationDays that
 * are there; none is refused. */
enum kw_err key_in_change(const json_t *body, int64_t now_ms, struct problem *p,
                          struct grant *g) MUST_USE;

/* Says that there is no such account: 400 not_found, also of one that the caller may not know. */
enum kw_err key_in_no_account(struct problem *p, struct str id) MUST_USE;

#endif
