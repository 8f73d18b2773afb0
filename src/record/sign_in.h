/* sign_in.h - one sign-in of a member, or whatever became of a session, a link or a token, as a struct and as bytes. */
#ifndef RECORD_SIGN_IN_H
#define RECORD_SIGN_IN_H

#include "core/event.h"

/* X(enumerator, word, whether it was refused, sentence). The numbers are on the record: new ones at the end. */
#define SIGN_IN_WHATS(X)                                                                          \
    X(SIGN_IN_DONE, "signed_in", false, "signed in")                                              \
    X(SIGN_IN_FAILED, "sign_in_failed", true, "was not let in")                                   \
    X(SIGN_IN_HALF, "half_done", false, "gave the right password and was asked for a code")       \
    X(SIGN_IN_STEPPED_UP, "stepped_up", false, "proved once more who it is")                      \
    X(SIGN_IN_STEP_UP_FAILED, "step_up_failed", true, "did not prove once more who it is")        \
    X(SIGN_IN_SIGNED_OUT, "signed_out", false, "signed out")                                      \
    X(SIGN_IN_SESSION_ENDED, "session_ended", false, "had a session that came to its end")        \
    X(SIGN_IN_SESSION_REFUSED, "session_refused", true, "came with a session that does not hold") \
    X(SIGN_IN_LINK_USED, "link_used", false, "used a one-time link")                              \
    X(SIGN_IN_LINK_FAILED, "link_failed", true, "came with a one-time link that does not hold")   \
    X(SIGN_IN_TOKEN_REFRESHED, "token_refreshed", false, "was given a new token for an old one")  \
    X(SIGN_IN_TOKEN_REFUSED, "token_refused", true, "came with a token that does not hold")       \
    X(SIGN_IN_RESET_SENT, "reset_sent", false, "asked for a new password, and was sent a link")   \
    X(SIGN_IN_RESET_REFUSED, "reset_refused", true, "asked for a new password, and got none")

/* X(enumerator, word, sentence): why. */
#define SIGN_IN_WHYS(X)                                                                \
    X(SIGN_IN_NO_REASON, "", "")                                                       \
    X(SIGN_IN_WRONG_PASSWORD, "wrong_password", "the password was wrong")              \
    X(SIGN_IN_UNKNOWN_EMAIL, "unknown_email", "nobody has this e-mail")                \
    X(SIGN_IN_NOT_ACTIVE, "not_active", "the member is not active")                    \
    X(SIGN_IN_LOCKED, "locked", "there had been too many failures")                    \
    X(SIGN_IN_BUSY, "busy", "too many came at once")                                   \
    X(SIGN_IN_WRONG_CODE, "wrong_code", "the code was wrong")                          \
    X(SIGN_IN_CODE_USED, "code_used", "the code had been used before")                 \
    X(SIGN_IN_TOO_MANY_CODES, "too_many_codes", "too many codes were wrong")           \
    X(SIGN_IN_HALF_EXPIRED, "half_expired", "the code came too late")                  \
    X(SIGN_IN_RECOVERY_CODE, "recovery_code", "with one of the recovery codes")        \
    X(SIGN_IN_LINK_UNKNOWN, "link_unknown", "there is no such link")                   \
    X(SIGN_IN_LINK_EXPIRED, "link_expired", "the link has expired")                    \
    X(SIGN_IN_LINK_SPENT, "link_spent", "the link has been used")                      \
    X(SIGN_IN_IDLE, "idle", "it had not been used for too long")                       \
    X(SIGN_IN_TOO_OLD, "too_old", "it had lasted as long as any may")                  \
    X(SIGN_IN_REVOKED, "revoked", "it had been taken back")                            \
    X(SIGN_IN_MEMBER_CHANGED, "member_changed", "password, code or role have changed") \
    X(SIGN_IN_REPLACED, "replaced", "another took its place")                          \
    X(SIGN_IN_UNKNOWN_SESSION, "unknown_session", "there is no such session")          \
    X(SIGN_IN_UNKNOWN_TOKEN, "unknown_token", "there is no such token")                \
    X(SIGN_IN_WRONG_SECRET, "wrong_secret", "the secret of the token was wrong")       \
    X(SIGN_IN_TOKEN_EXPIRED, "token_expired", "the token has expired")                 \
    X(SIGN_IN_TOKEN_REUSED, "token_reused", "the token had been used before")          \
    X(SIGN_IN_CROSS_SITE, "cross_site", "another site sent it")

enum sign_in_what { /* zero is none */
                    SIGN_IN_NONE = 0,
#define X(symbol, word, refused, sentence) symbol,
                    SIGN_IN_WHATS(X)
#undef X
                        SIGN_IN_N_WHATS
};

enum sign_in_why {
#define X(symbol, word, sentence) symbol,
    SIGN_IN_WHYS(X)
#undef X
        SIGN_IN_N_WHYS
};

enum {
    SIGN_IN_EMAIL_MAX = 96,
    SIGN_IN_AGENT_MAX = 64,
    SIGN_IN_MAX = 320 /* bytes of any that is encoded */
};

struct sign_in {     /* borrows; strings that are too long are cut */
    int64_t time_us; /* wall clock */
    enum sign_in_what what;
    enum sign_in_why why;
    uint32_t summed; /* 0: one by itself; else so many alike in what and why, and nothing else is known of them */
    struct str member;  /* its id; empty: not known */
    struct str token;   /* the id of the management token, as it was claimed; empty: none */
    struct str account; /* of the member; empty: not known */
    struct str email;   /* as it was typed; empty: none was */
    struct address source;
    struct str agent;
    uint8_t request_id[EVENT_REQUEST_ID];
};

/* Never NULL. */
const char *sign_in_what_word(enum sign_in_what what);
const char *sign_in_what_sentence(enum sign_in_what what);
const char *sign_in_why_word(enum sign_in_why why);
const char *sign_in_why_sentence(enum sign_in_why why);

/* Whether somebody was refused: strangers can make as many of these as they like. */
bool sign_in_is_refusal(enum sign_in_what what);

/* Writes it; returns the length, at most SIGN_IN_MAX. */
size_t sign_in_encode(const struct sign_in *s, uint8_t out[SIGN_IN_MAX]);

/* Reads one from hostile bytes: strings borrow from them. KW_EFORMAT for another version, KW_EDAMAGED for a length or an
 * enumerator that cannot be, or bytes left over. sign_in_encode of the result is the same bytes. */
enum kw_err sign_in_decode(struct str bytes, struct sign_in *out);

#endif
