/* advice.h - what a key could do without, judged by what it did. */
#ifndef CORE_ADVICE_H
#define CORE_ADVICE_H

#include "core/grant.h"

/* Advice only ever takes away, and only where what was seen is enough to say so: a key that was watched for two weeks at least,
 * and, for what is concluded from its requests, a hundred of them. What a key does once in a quarter nobody can see in 60 days:
 * it is a person who applies an advice. */
enum {
    ADVICE_DAYS = 60,     /* so far back is looked */
    ADVICE_DAYS_MIN = 14, /* so long a key is watched before anything is advised */
    ADVICE_REQUESTS_MIN = 100,
    ADVICE_NETWORKS_MAX = 8, /* a list of more is none that anybody looks through */
    ADVICE_UNUSED_DAYS = 30, /* nobody has used it for so long */
    ADVICE_UNUSED_END_DAYS =
        14, /* then it is to end after so many days more: whoever misses it has time to say so */
    ADVICE_EXPIRY_DAYS = 365, /* what never ends is to end then */
    ADVICE_CLASSES = KW_CLASS_MANAGE + 1,
};

/* X(enumerator, word) */
#define ADVICE_KINDS(X)                          \
    X(ADVICE_PERMISSIONS, "smaller_permissions") \
    X(ADVICE_ADDRESSES, "addresses")             \
    X(ADVICE_EXPIRY, "expiry")                   \
    X(ADVICE_UNUSED, "unused")

enum advice_kind {
#define X(symbol, word) symbol,
    ADVICE_KINDS(X)
#undef X
        ADVICE_N_KINDS
};

const char *advice_word(enum advice_kind kind);
enum kw_err advice_parse(struct str word, enum advice_kind *out) MUST_USE; /* KW_ESYNTAX */

struct advice_network { /* that allowed requests came from */
    struct address_rule net;
    uint64_t requests;
};

struct advice_facts { /* what is known of the time from since_ms on; borrows */
    int64_t now_ms;
    int64_t since_ms;                 /* since when every request of the key was counted */
    uint64_t requests;                /* that got through */
    uint64_t classes[ADVICE_CLASSES]; /* of these, by what they asked for */
    int64_t last_used_ms;             /* 0: not since then */
    const struct advice_network *networks;
    size_t n_networks;
    bool has_all_networks; /* false: some were counted together, or there were more than could be told apart */
};

/* When there is enough time to advise anything; not after now_ms: there is. */
int64_t advice_ready_ms(const struct advice_facts *f);

/* Whether an advice of this kind is to be given on a key that can still be used; *out is then the key as it would be, narrower than
 * it is. */
bool advice_of(enum advice_kind kind, const struct advice_facts *f, const struct grant *g,
               struct grant *out);

#endif
