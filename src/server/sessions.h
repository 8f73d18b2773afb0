/* sessions.h - who is signed in. */
#ifndef SERVER_SESSIONS_H
#define SERVER_SESSIONS_H

#include <keyward/keyward.h>

#include "base/str.h"

/* In memory and bounded: 10,000 in all, 20 of a member; the oldest one ends for a new one. A restart ends all. The text of
 * a session (its cookie) is kept as its digest only.
 *
 * A session ends 15 minutes after it was last seen, 12 hours after it began, and when it is ended. Whether its epoch is
 * still its member's is for the caller to look at: it knows the member.
 *
 * Threads   Any; what is found is a copy. Time is the caller's, of one clock. */
enum {
    SESSION_TEXT_LEN = 43, /* base62: 256 random bits */
    SESSION_AGENT_MAX = 64,
    SESSION_IDLE_MS = 15 * 60 * 1000,
    SESSION_LONGEST_MS = 12 * 3600 * 1000,
    SESSION_WRONG_MAX =
        5, /* proofs: whoever has found a cookie has not found what else its owner knows */
};

struct sessions;

struct session {
    char id[KW_KEY_ID_LEN + 1]; /* to list and to end it by; no secret, stays when the text is renewed */
    uint32_t member_slot;
    char member[KW_KEY_ID_LEN + 1];
    char account[KW_ACCOUNT_MAX + 1];
    uint32_t epoch;
    int64_t created_ms, seen_ms;
    int64_t stepped_up_ms;             /* when all factors were last proved */
    unsigned n_wrong;                  /* proofs since then that did not hold */
    uint8_t source[16];                /* where it began */
    char agent[SESSION_AGENT_MAX + 1]; /* printable ASCII */
    char csrf[SESSION_TEXT_LEN + 1]; /* to be sent along with every change; as secret as the text */
};

struct session_start { /* borrows */
    uint32_t member_slot;
    struct str member, account;
    uint32_t epoch;
    const uint8_t *source; /* 16 bytes */
    struct str agent; /* as it was sent; kept up to SESSION_AGENT_MAX bytes, with '?' for what is not printable ASCII */
};

struct sessions_limits { /* 0: the default */
    unsigned max, max_of_member;
};

enum kw_err sessions_new(const struct sessions_limits *limits,
                         struct sessions **out) MUST_USE; /* KW_ENOMEM */
void sessions_free(struct sessions *t);                   /* takes NULL */
void sessions_freep(struct sessions **t);

void session_wipe(struct session *s); /* for AUTO */

/* A new session; text (terminated) is its cookie. KW_EIO: no random bytes. KW_ERANGE: a member's or an account's id that is
 * too long. `out` may be NULL. */
enum kw_err sessions_begin(struct sessions *t, const struct session_start *start, int64_t now_ms,
                           char text[SESSION_TEXT_LEN + 1], struct session *out) MUST_USE;

/* The session of a text, which is seen by that. KW_ENOTFOUND: none, or no longer. */
enum kw_err sessions_find(struct sessions *t, struct str text, int64_t now_ms,
                          struct session *out) MUST_USE;

struct session_renewal {
    uint32_t epoch;
    bool all_proved; /* all factors were, just now: it is stepped up; else it is as fresh as it was */
};

/* Something was proved, or a factor changed: the session goes on under another text and csrf. The old text is dead at once.
 * Its 12 hours do not begin anew. KW_ENOTFOUND, KW_EIO (the old text lives on). `out` may be NULL. */
enum kw_err sessions_renew(struct sessions *t, struct str text, struct session_renewal how,
                           int64_t now_ms, char new_text[SESSION_TEXT_LEN + 1],
                           struct session *out) MUST_USE;

/* A proof that was asked for in a session did not hold: with the fifth in a row it ends. Whether it has. */
bool sessions_wrong(struct sessions *t, struct str text) MUST_USE;

/* By its text; by its id, if it is this member's; all of a member. How many ended. */
unsigned sessions_end(struct sessions *t, struct str text);
unsigned sessions_end_id(struct sessions *t, uint32_t member_slot, struct str id);
unsigned sessions_end_member(struct sessions *t, uint32_t member_slot);

/* Visits those of a member, without csrf, in no order; the lock is held: no call of sessions_* from there. */
void sessions_list(struct sessions *t, uint32_t member_slot, int64_t now_ms,
                   void (*visit)(void *ctx, const struct session *s), void *ctx);

unsigned sessions_count(struct sessions *t, int64_t now_ms);

/* Whether a request's token is the session's; constant time. */
bool session_csrf_is(const struct session *s, struct str token);

#endif
