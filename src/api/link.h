/* link.h - one-time links: "<member id>_<43 base62>", kept in the member's row as a digest with an end. */
#ifndef API_LINK_H
#define API_LINK_H

#include "core/member.h"
#include "server/call.h"

/* It travels in the fragment of a URL, which browsers keep to themselves: https://…/accept#<text>. */
enum { LINK_SECRET_LEN = 43, LINK_TEXT_MAX = KW_KEY_ID_LEN + 1 + LINK_SECRET_LEN };
enum { LINK_INVITATION_MS = 7 * 86400 * 1000, LINK_RESET_MS = 3600 * 1000 };

/* Draws a new link into a member, in the place of one that is open. text is terminated, a secret. KW_EIO. */
enum kw_err link_make(struct member *m, enum member_link kind, int64_t now_ms, int64_t life_ms,
                      char text[LINK_TEXT_MAX + 1]) MUST_USE;

/* The member whose open link a text is. KW_ENOTFOUND: nobody's, used, or expired. */
enum kw_err link_find(struct call *c, struct str text, struct member *out) MUST_USE;

void link_close(struct member *m); /* it has been used */

/* "setup", "invitation", "reset"; "none". */
const char *link_name(enum member_link kind);

#endif
