/* signing.h - what all ways of signing in have in common: a session begins, and what happened is put on the record. */
#ifndef API_SIGNING_H
#define API_SIGNING_H

#include "record/sign_in.h"
#include "server/call.h"

/* Puts on the record what became of an attempt. m NULL: nobody is known; email: as it was typed, or empty. */
void signing_record(struct call *c, enum sign_in_what what, enum sign_in_why why,
                    const struct member *m, struct str email);

/* Begins a session for a member who has proved all his factors: cookie, 201, and the session's answer. The one that his
 * browser had before ends. */
enum kw_err signing_begin(struct call *c, const struct member *m) MUST_USE;

/* The password was right: a session begins, or, where a one-time password is due, 202 with a ticket for it. */
enum kw_err signing_after_password(struct call *c, const struct member *m) MUST_USE;

/* He proved something, or a factor of his has changed, and with it his epoch: then all other sessions are over. This one goes
 * on under a new cookie; stepped up, if all factors that he has were proved just now. */
enum kw_err signing_renew(struct call *c, const struct member *m, bool all_proved,
                          struct session *out) MUST_USE;

/* ASCII letters in lower case, as the store has them. At most MEMBER_EMAIL_MAX bytes. */
void signing_fold_email(struct str email, char out[MEMBER_EMAIL_MAX + 1]);

/* The answer about a session: who, what he may do, the token against forgery, how long, and where this call comes from. NULL: out of memory. */
json_t *signing_session_out(const struct call *c, const struct session *s, const struct member *m);

/* Set-Cookie of a session's text; of an empty one, which ends it in the browser. */
void signing_set_cookie(struct call *c, const char *text);

/* Whose session makes the call. */
enum kw_err signing_self(struct call *c, struct member *out) MUST_USE;

/* Whether the member signed in from the caller's address the last time that he did: no stranger can lock him out of there. */
bool signing_knows_place(struct call *c, const struct member *m);

/* A member by his slot, as he is now. KW_ENOTFOUND: removed. */
enum kw_err signing_member(struct call *c, uint32_t slot, struct member *out) MUST_USE;

/* What the record is told that somebody typed, borrowed: what cannot be an address may be a password, one field too early. */
struct str signing_typed_email(const char *email);

/* A proof that a session was asked for does not hold: on the record; too many end the session. */
void signing_wrong_proof(struct call *c, enum sign_in_why why, const struct member *m);

#endif
