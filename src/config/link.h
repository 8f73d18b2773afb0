/* link.h - one-time links: "<member id>_<43 base62>", kept in the member's row as a digest with an end. */
#ifndef CONFIG_LINK_H
#define CONFIG_LINK_H

#include <stdbool.h>

#include "core/member.h"
#include "crypto/secret.h"

/* It travels in the fragment of a URL, which browsers keep to themselves: https://…/accept#<text>. */
enum { LINK_SECRET_LEN = 43, LINK_TEXT_MAX = KW_KEY_ID_LEN + 1 + LINK_SECRET_LEN };
enum { LINK_INVITATION_MS = 7 * 86400 * 1000, LINK_RESET_MS = 3600 * 1000 };

/* Draws a new link into a member, in the place of one that is open. text is terminated, a secret. KW_EIO. */
enum kw_err link_make(struct member *m, enum member_link kind, int64_t now_ms, int64_t life_ms,
                      char text[LINK_TEXT_MAX + 1]) MUST_USE;

/* The id of the member whose link a text can be, borrowed from it, and its digest. KW_ENOTFOUND: it has not the form. */
enum kw_err link_read(struct str text, struct str *id, struct digest *digest) MUST_USE;

/* Whether the link of this digest is the one that is open for him. */
bool link_is_open(const struct member *m, const struct digest *digest, int64_t now_ms);

void link_close(struct member *m); /* it has been used */

/* "setup", "invitation", "reset"; "none". */
const char *link_name(enum member_link kind);

#endif
