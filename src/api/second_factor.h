/* second_factor.h - a one-time password of a member, or one of his recovery codes, judged and used up. */
#ifndef API_SECOND_FACTOR_H
#define API_SECOND_FACTOR_H

#include "crypto/totp.h"
#include "record/sign_in.h"
#include "server/call.h"

/* Judges a code of six digits: each is good for one use, however many come at once. *why is NO_REASON when it holds.
 * KW_ENOMEM, KW_EDAMAGED (the secret is not as it was written), KW_EIO, KW_EFULL. */
enum kw_err second_factor_code(struct call *c, const struct member *m, struct str code,
                               enum sign_in_why *why) MUST_USE;

/* The same for a code on paper, which is taken off the member's list; *why is RECOVERY_CODE when it holds. */
enum kw_err second_factor_recovery(struct call *c, struct member *m, struct str code,
                                   enum sign_in_why *why) MUST_USE;

/* The secret of a member's one-time passwords. KW_EDAMAGED. */
enum kw_err second_factor_secret(struct call *c, const struct member *m,
                                 struct totp_secret *out) MUST_USE;

#endif
