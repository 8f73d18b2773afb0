/* spend_event.h - one thing that became of money that a key wanted to spend, as a struct and as bytes. */
#ifndef CORE_SPEND_EVENT_H
#define CORE_SPEND_EVENT_H

#include "core/spend.h"

/* X(enumerator, word, whether it was refused, sentence). The numbers are on the record: new ones at the end. */
#define SPEND_WHATS(X)                                                                 \
    X(SPEND_DID_RESERVE, "reserved", false, "was reserved")                            \
    X(SPEND_DID_REFUSE, "refused", true, "was refused")                                \
    X(SPEND_DID_COMMIT, "committed", false, "was committed")                           \
    X(SPEND_DID_RELEASE, "released", false, "was given back")                          \
    X(SPEND_DID_EXPIRE, "expired", false, "was not committed in time, and given back") \
    X(SPEND_DID_REFUSE_COMMIT, "commit_refused", true, "could not be committed")       \
    X(SPEND_DID_REFUSE_RELEASE, "release_refused", true, "could not be given back")

enum spend_what { /* zero is none */
                  SPEND_DID_NOTHING = 0,
#define X(symbol, word, refused, sentence) symbol,
                  SPEND_WHATS(X)
#undef X
                      SPEND_N_WHATS
};

enum { SPEND_ACTOR_MAX = 40, SPEND_EVENT_MAX = 640 /* bytes of any that is encoded */ };

struct spend_event { /* borrows; strings that are too long are cut */
    uint64_t n;      /* they are numbered from 1 on, without a gap */
    int64_t time_us;
    enum spend_what what;
    enum spend_why why;
    enum kw_environment environment;
    struct str key, account; /* the key as it was named; account empty: there is no such key */
    struct str reservation;  /* its id; empty: there is none */
    struct str reference, currency, destination;
    unsigned decimals;
    struct amount amount;    /* that was asked for, or is reserved */
    struct amount committed; /* at a commit: asked for, or done */
    struct str actor;
    uint8_t request_id[SPEND_REQUEST_ID]; /* of the gateway's decision */
};

const char *spend_what_word(enum spend_what what); /* never NULL, like the next */
const char *spend_what_sentence(enum spend_what what);
bool spend_is_refusal(enum spend_what what);

/* Writes it; returns the length, at most SPEND_EVENT_MAX. */
size_t spend_event_encode(const struct spend_event *e, uint8_t out[SPEND_EVENT_MAX]);

/* Reads one from hostile bytes: strings borrow from them. KW_EFORMAT for another version, KW_EDAMAGED for a length or a value
 * that cannot be, or bytes left over. spend_event_encode of the result is the same bytes. */
enum kw_err spend_event_decode(struct str bytes, struct spend_event *out) MUST_USE;

#endif
