/* attack.h - attacks of each kind, weak, medium and strong, on keys that live on meanwhile; each is a label to be found. */
#ifndef BENCH_DETECT_ATTACK_H
#define BENCH_DETECT_ATTACK_H

#include "traffic.h"

#define STRENGTHS(X)             \
    X(STRENGTH_WEAK, "weak")     \
    X(STRENGTH_MEDIUM, "medium") \
    X(STRENGTH_STRONG, "strong")

enum strength {
#define X(symbol, word) symbol,
    STRENGTHS(X)
#undef X
        N_STRENGTHS
};

/* X(enumerator, word, attempts a minute of each strength: weak, medium, strong; what happens). Where a factor is given, it is
 * times what the key does in its busiest minute around that hour, and at least so many a minute as stand here. */
#define ATTACKS(X)                                                                                    \
    X(ATTACK_PLACE, "stolen_key", 3, 10, 300,                                                         \
      "a stolen key from elsewhere: its own country, another one, another one")                       \
    X(ATTACK_SPIKE, "usage_spike", 30, 120, 600, "3, 8, 30 times as many requests, from its network") \
    X(ATTACK_BURST, "transact_burst", 10, 40, 200, "3, 8, 30 times as many transactions, likewise")   \
    X(ATTACK_ODD, "odd_hours", 2, 10, 60, "transactions an hour after closing, at night, at night")   \
    X(ATTACK_STUFFING, "key_stuffing", 6, 60, 600, "keys tried from one address")                     \
    X(ATTACK_GUESSING, "guessing", 2, 20, 200, "secrets guessed for one id, from many addresses")     \
    X(ATTACK_PROBING, "probing", 3, 40, 400, "a key that asks for what it may not do")                \
    X(ATTACK_SIGN_IN, "sign_in", 2, 20, 200, "passwords tried for one member")                        \
    X(ATTACK_FLOOD, "flood", 100, 1000, 20000, "requests refused, from everywhere")                   \
    X(ATTACK_SLEEPER, "sleeper", 1, 2, 300, "a key used after 20, 32, 32 days without use")           \
    X(ATTACK_OLD_SECRET, "old_secret", 1, 2, 60, "a secret that its rotation has ended")              \
    X(ATTACK_BROWSER, "browser", 1, 2, 60, "the key in a browser, from its network")                  \
    X(ATTACK_AMOUNT, "amount", 1, 2, 6, "2, 8, 50 times the largest amount")                          \
    X(ATTACK_DESTINATION, "destination", 1, 2, 6,                                                     \
      "money to where it never went: of a key that pays anybody, that pays a few, a few")             \
    X(ATTACK_EDGE, "edge", 0.2, 6, 60, "amounts of 92 to 99 percent of the limit")

enum attack_kind {
#define X(symbol, word, weak, medium, strong, what) symbol,
    ATTACKS(X)
#undef X
        N_ATTACKS
};

enum { ATTACK_S = 600, ATTACKS_MAX = 4096 };

struct attack {
    enum attack_kind kind;
    enum strength strength;
    uint32_t key; /* of whom; of strangers a number of their own */
    int64_t begin_s;
    double per_s;
    char subject[FINDING_SUBJECT_MAX + 1]; /* of the findings that tell of it */
    struct address from;
    bool is_found;
    double delay_s;
};

struct attacks {
    struct attack at[ATTACKS_MAX];
    size_t n;
};

const char *attack_word(enum attack_kind k);
const char *attack_what(enum attack_kind k);
const char *strength_word(enum strength s);

/* Whether a finding of this detector tells of the attack. */
bool attack_is_told_by(enum attack_kind k, enum detector d);

/* Draws `each` of each kind and strength, on keys that can be attacked so; of one key days apart. Floods come alone: a hundred
 * other attacks a month would be what is usual of refusals. */
void attacks_draw(struct attacks *all, struct traffic *t, uint32_t each, bool is_flood);

/* What the attackers do in the ten seconds of a step. */
void attacks_step(struct attacks *all, struct traffic *t);

#endif
