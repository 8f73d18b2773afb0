/* spend.h - whether a key may spend an amount now, and what becomes of what it has reserved. */
#ifndef CORE_SPEND_H
#define CORE_SPEND_H

#include <keyward/keyward.h>

#include "core/spend_rules.h"

/* X(enumerator, word, sentence): why something was refused. The numbers are on the record: new ones at the end. */
#define SPEND_WHYS(X)                                                                            \
    X(SPEND_NO_REASON, "", "")                                                                   \
    X(SPEND_WHY_PER_TRANSACTION, "per_transaction", "it is more than the key may spend at once") \
    X(SPEND_WHY_PER_HOUR, "per_hour", "it is more than is left of this hour")                    \
    X(SPEND_WHY_PER_DAY, "per_day", "it is more than is left of this day")                       \
    X(SPEND_WHY_PER_MONTH, "per_month", "it is more than is left of this month")                 \
    X(SPEND_WHY_DESTINATION, "destination", "the key may not send money there")                  \
    X(SPEND_WHY_CURRENCY, "currency", "the key has no rule for this currency")                   \
    X(SPEND_WHY_DECIMALS, "decimals", "the currency has fewer decimals")                         \
    X(SPEND_WHY_UNKNOWN_KEY, "unknown_key", "there is no such key")                              \
    X(SPEND_WHY_KEY_REVOKED, "key_revoked", "the key is revoked")                                \
    X(SPEND_WHY_KEY_DISABLED, "key_disabled", "the key is disabled")                             \
    X(SPEND_WHY_KEY_EXPIRED, "key_expired", "the key has expired")                               \
    X(SPEND_WHY_ACCOUNT_SUSPENDED, "account_suspended", "its account is suspended")              \
    X(SPEND_WHY_FROZEN, "frozen", "what moves money is frozen")                                  \
    X(SPEND_WHY_PERMISSION, "permission_denied", "the key has no permission for transactions")   \
    X(SPEND_WHY_OVERDUE, "rotation_overdue", "the key was not rotated in time and only reads")   \
    X(SPEND_WHY_REFERENCE, "reference_used", "the reference was used for something else")        \
    X(SPEND_WHY_UNKNOWN, "unknown_reservation", "there is no such reservation")                  \
    X(SPEND_WHY_COMMITTED, "already_committed", "it was committed before")                       \
    X(SPEND_WHY_RELEASED, "already_released", "it was released before")                          \
    X(SPEND_WHY_EXPIRED, "reservation_expired", "the reservation has expired")                   \
    X(SPEND_WHY_MORE, "more_than_reserved", "it is more than was reserved")

enum spend_why {
#define X(symbol, word, sentence) symbol,
    SPEND_WHYS(X)
#undef X
        SPEND_N_WHYS
};

const char *spend_why_word(enum spend_why why); /* never NULL, like the next */
const char *spend_why_sentence(enum spend_why why);

/* A fixed window of UTC: an hour, a day or a month, by its number since 1970. */
struct spend_span {
    uint32_t number;
    int64_t begin_ms, end_ms;
};
struct spend_span spend_span_of(enum spend_limit window, int64_t now_ms);

const char *spend_limit_member(enum spend_limit limit); /* "perTransaction" … as the API has it */
const char *spend_limit_words(enum spend_limit limit);  /* "at once", "an hour" … */

/* ---- reservations ---- */

enum spend_state { SPEND_RESERVED = 1, SPEND_COMMITTED = 2, SPEND_RELEASED = 3, SPEND_EXPIRED = 4 };
const char *spend_state_name(enum spend_state state);

enum {
    SPEND_ID_LEN = 14, /* of base62 */
    SPEND_REFERENCE_MAX = 100,
    SPEND_LIFE_S = 15 * 60,
    SPEND_LIFE_MAX_S = 24 * 60 * 60,
    SPEND_REQUEST_ID = 16
};

struct reservation {
    uint32_t slot; /* in the order in which they were made; 0: not stored yet */
    char id[SPEND_ID_LEN + 1];
    uint32_t key_slot;
    char key[KW_KEY_ID_LEN + 1];
    char account[KW_ACCOUNT_MAX + 1];
    char reference[SPEND_REFERENCE_MAX + 1]; /* the backend's own name for it, unique for the key */
    char currency[CURRENCY_MAX + 1];
    unsigned decimals; /* of the currency, as they were then */
    struct amount amount, committed;
    char destination[SPEND_DESTINATION_MAX + 1];
    uint8_t request_id[SPEND_REQUEST_ID]; /* of the gateway's decision */
    enum spend_state state;
    bool limited;                              /* the key had rules */
    int64_t reserved_ms, expires_ms, ended_ms; /* ended 0: not yet */
};

/* What it has at the moment; one that was not ended in time has expired, whether or not that has been written down. */
static inline enum spend_state spend_state_at(const struct reservation *r, int64_t now_ms)
{
    return r->state == SPEND_RESERVED && now_ms >= r->expires_ms ? SPEND_EXPIRED : r->state;
}

/* Whether both ask for the same, by the same reference. */
bool spend_is_same(const struct reservation *a, const struct reservation *b);

/* ---- decided ---- */

struct spend_used { /* reserved and committed in the current windows; of SPEND_PER_TRANSACTION nothing */
    struct amount of[SPEND_N_LIMITS];
};

/* Whether *r may be reserved by these rules. No rules: yes. *r gets its decimals, and whether it is limited. */
enum spend_why spend_judge(const struct spend_rules *rules, const struct spend_used *used,
                           struct reservation *r);

/* The limit that a reason speaks of; SPEND_N_LIMITS: of none. */
enum spend_limit spend_limit_of(enum spend_why why);

#endif
