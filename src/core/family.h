/* family.h - what a key was exchanged for: an access token, and the refresh token that gets the next one. */
#ifndef CORE_FAMILY_H
#define CORE_FAMILY_H

#include "core/grant.h"

/* Both are of the shape of a key (core/key.h), under a mark of their own, with the id of their family:
 *
 *     mkt_live_3fR8wLz0YpQ6Hc_…   access token: brand and t
 *     mkr_live_3fR8wLz0YpQ6Hc_…   refresh token: brand and r
 *
 * A refresh makes the next pair, and ends the refresh token before; the access token before stays good until its own end,
 * for requests that are on their way. A family ends with its time, when it is ended, or when a refresh token comes that
 * has been used; and it lets in nobody whom its key would not: whoever decides looks at the key as well, so that what ends the key
 * ends its tokens, without anything being written. That includes the secret of the key that it was exchanged for. */
enum {
    FAMILY_ACCESS_S = 15 * 60, /* unless told otherwise */
    FAMILY_ACCESS_MIN_S = 60,
    FAMILY_ACCESS_MAX_S = 60 * 60,
    FAMILY_LIFE_S = 30 * 24 * 60 * 60, /* then the key has to be exchanged again */
    FAMILY_GRACE_MS = 10 * 1000,       /* who asks again from the same address gets the same pair */
    FAMILY_NONCE_LEN = 16,
    FAMILY_ANCESTORS = 64, /* used refresh tokens that are known again */
    FAMILY_PER_KEY_MAX =
        10000, /* that have not ended: a program that exchanges every 5 minutes has 8,640 */
};

enum family_state { FAMILY_ENDED = 0, FAMILY_ACTIVE = 1 };

/* Which secret of its key a family was exchanged for: the beginning of that secret's digest. */
uint64_t family_secret_mark(const uint8_t digest[GRANT_DIGEST_LEN]);

struct family {
    uint32_t slot; /* of its row; 0: not stored yet; never reused */
    uint32_t version;
    char id[KW_KEY_ID_LEN + 1];
    char key[KW_KEY_ID_LEN + 1];
    uint32_t key_slot;
    char account[KW_ACCOUNT_MAX + 1]; /* the key's */
    enum kw_environment environment;  /* the key's */
    unsigned permissions;             /* what it may do at most */
    uint64_t secret_mark;
    enum family_state state;
    uint32_t access_s; /* how long an access token is good */
    int64_t created_ms, ends_ms;
    struct address created_from;

    uint8_t access_digest[GRANT_DIGEST_LEN]; /* SHA-256 of the current access token */
    int64_t access_ends_ms;
    uint8_t old_access_digest[GRANT_DIGEST_LEN]; /* of the one before; all zero: none */
    int64_t old_access_ends_ms;

    uint8_t refresh_digest[GRANT_DIGEST_LEN]; /* of the current refresh token */
    uint32_t refreshes;                       /* how many there have been: that many are used */
    int64_t refreshed_ms;                     /* 0: not yet */
    struct address refreshed_from;
    uint8_t nonce[FAMILY_NONCE_LEN]; /* from which, and the token before, the next is derived */
};

/* Whether the family is over by itself: ended, or past its time. */
bool family_is_over(const struct family *f, int64_t now_ms);

/* Until when the secret of that mark is good for its key, which may be over; 0: without end; < 0: it is not good: it was ended by
 * hand, and for good, or is none of the key's. */
int64_t family_secret_ends_ms(const struct grant *key, uint64_t mark);

/* Whether the key lets its tokens in at this moment, as far as the key itself says. */
bool family_key_is_good(const struct family *f, const struct grant *key, int64_t now_ms);

/* The next pair in the place of the current one. KW_EFULL: refreshed 2^32 times. */
struct family_pair {
    uint8_t access_digest[GRANT_DIGEST_LEN], refresh_digest[GRANT_DIGEST_LEN];
};
enum kw_err family_step(struct family *f, const struct family_pair *next,
                        const struct address *from, int64_t now_ms) MUST_USE;

/* Whether who has the refresh token before the current one is told the current pair again, rather than taken for a thief. */
bool family_in_grace(const struct family *f, const struct address *from, int64_t now_ms);

/* Whether `after` lets nobody in whom `before` did not. */
bool family_narrows(const struct family *before, const struct family *after);

#endif
