/* attack.c - see attack.h. */
#include "attack.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Attacks on one key lie so far apart; those at odd hours begin when hours are learnt, those of sleepers at the end. */
enum { APART_S = 3 * DAY_S, TRIES = 4000, HOURS_LEARNT_DAYS = 16, SLEEPERS_DAY = 34 };

static const struct {
    const char *word, *what;
    double per_minute[N_STRENGTHS];
} kinds[N_ATTACKS] = {
#define X(symbol, word, weak, medium, strong, what) [symbol] = {word, what, {weak, medium, strong}},
    ATTACKS(X)
#undef X
};

static const char *const strengths[N_STRENGTHS] = {
#define X(symbol, word) [symbol] = word,
    STRENGTHS(X)
#undef X
};

static const double factor[N_STRENGTHS] = {3, 8, 30}, factor_of_amount[N_STRENGTHS] = {2, 8, 50};
static const int64_t slept_days[N_STRENGTHS] = {20, 32, 32};

const char *attack_word(enum attack_kind k)
{
    return kinds[k].word;
}

const char *attack_what(enum attack_kind k)
{
    return kinds[k].what;
}

const char *strength_word(enum strength s)
{
    return strengths[s];
}

bool attack_is_told_by(enum attack_kind k, enum detector d)
{
    static const enum detector of[N_ATTACKS] = {
        [ATTACK_PLACE] = DETECT_NEW_NETWORK,        [ATTACK_SPIKE] = DETECT_USAGE_SPIKE,
        [ATTACK_BURST] = DETECT_TRANSACT_BURST,     [ATTACK_ODD] = DETECT_ODD_HOURS,
        [ATTACK_STUFFING] = DETECT_SOURCE_FAILURES, [ATTACK_GUESSING] = DETECT_KEY_FAILURES,
        [ATTACK_PROBING] = DETECT_DENIALS,          [ATTACK_SIGN_IN] = DETECT_SIGN_IN_FAILURES,
        [ATTACK_FLOOD] = DETECT_DENIAL_RATE,        [ATTACK_SLEEPER] = DETECT_DORMANT,
        [ATTACK_OLD_SECRET] = DETECT_OLD_SECRET,    [ATTACK_BROWSER] = DETECT_BROWSER,
        [ATTACK_AMOUNT] = DETECT_SPEND_AMOUNT,      [ATTACK_DESTINATION] = DETECT_SPEND_DESTINATION,
        [ATTACK_EDGE] = DETECT_SPEND_EDGE};

    if (k == ATTACK_PLACE && (d == DETECT_NEW_COUNTRY || d == DETECT_SANDBOX_PLACE))
        return true;
    return of[k] == d;
}

/* ---- drawn ---- */

static bool is_of_key(enum attack_kind k)
{
    return k != ATTACK_STUFFING && k != ATTACK_SIGN_IN && k != ATTACK_FLOOD;
}

static bool suits(const struct attack *a, const struct caller *k)
{
    bool pays = k->spends > 0,
         is_busy = k->kind == KIND_STEADY || k->kind == KIND_OFFICE || k->kind == KIND_GROWING;

    switch (a->kind) {
    case ATTACK_BURST:
        return is_busy;
    case ATTACK_ODD:
        return k->kind == KIND_OFFICE && k->closes;
    case ATTACK_AMOUNT:
        return pays;
    case ATTACK_EDGE:
        return pays && k->most.u > traffic_amount(k->amount * 30).u;
    case ATTACK_DESTINATION:
        return pays && k->is_closed == (a->strength != STRENGTH_WEAK);
    case ATTACK_SLEEPER:
        return k->kind == KIND_RARE || k->kind == KIND_OFFICE;
    case ATTACK_PLACE:
    case ATTACK_SPIKE:
    case ATTACK_GUESSING:
    case ATTACK_PROBING:
    case ATTACK_OLD_SECRET:
    case ATTACK_BROWSER:
        return k->kind != KIND_SANDBOX;
    case ATTACK_STUFFING:
    case ATTACK_SIGN_IN:
    case ATTACK_FLOOD:
    case N_ATTACKS:
        break;
    }
    return true;
}

/* At 19:00 of the key, when it has closed at 18:00; or in its night. */
static int64_t at_odd_hour(const struct attack *a, const struct caller *k, int64_t s)
{
    int64_t hour = a->strength == STRENGTH_WEAK ? 18 : 22 + a->begin_s % 4;

    return s / DAY_S * DAY_S + ((hour - k->zone_h + 48) % 24) * HOUR_S + s % HOUR_S;
}

static int64_t draw_begin(struct traffic *t, const struct attack *a, const struct caller *k)
{
    uint32_t first = a->kind == ATTACK_ODD       ? HOURS_LEARNT_DAYS
                     : a->kind == ATTACK_SLEEPER ? SLEEPERS_DAY
                                                 : LEARN_DAYS + 1;
    int64_t s = BEGIN_S + (int64_t)first * DAY_S + below(&t->random, (DAYS - 1 - first) * DAY_S);

    return a->kind == ATTACK_ODD ? at_odd_hour(a, k, s) : s;
}

static bool is_apart(const struct attacks *all, const struct attack *a)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct attack *b = &all->at[i];
        bool is_night =
            a->kind == ATTACK_ODD || b->kind == ATTACK_ODD; /* it may learn the hours of another */
        bool sleeps = a->kind == ATTACK_SLEEPER || b->kind == ATTACK_SLEEPER;
        bool is_same = is_of_key(a->kind) && is_of_key(b->kind) && a->key == b->key;
        is_same = is_same || (a->kind == ATTACK_FLOOD && b->kind == ATTACK_FLOOD);
        if (is_same && (sleeps || is_night ||
                        llabs(a->begin_s - b->begin_s) < (is_of_key(a->kind) ? APART_S : DAY_S / 4)))
            return false;
    }
    return true;
}

static void name_subject(struct attack *a, const struct caller *k, uint32_t no)
{
    a->from = traffic_address(k->country + 90, 7 + no, 5);
    if (a->kind == ATTACK_PLACE && a->strength == STRENGTH_WEAK)
        a->from = traffic_address(k->country, 65000 + no % 500, 5);
    if (a->kind == ATTACK_SPIKE || a->kind == ATTACK_BURST || a->kind == ATTACK_BROWSER ||
        a->kind == ATTACK_ODD || a->kind == ATTACK_PROBING)
        a->from = (struct address){.b = {0}}; /* where the key is */
    if (is_of_key(a->kind))
        snprintf(a->subject, sizeof a->subject, "%s", k->id);
    else if (a->kind == ATTACK_STUFFING)
        a->subject[address_print(&a->from, a->subject)] = '\0';
    else if (a->kind == ATTACK_SIGN_IN)
        snprintf(a->subject, sizeof a->subject, "member%u", a->key);
}

static void draw_one(struct attacks *all, struct traffic *t, enum attack_kind kind,
                     enum strength strength)
{
    for (int i = 0; i < TRIES; i++) {
        struct attack a = {.kind = kind, .strength = strength};
        a.key = is_of_key(kind) ? below(&t->random, t->n_keys) : 1000 + (uint32_t)all->n;
        struct caller *k = &t->keys[is_of_key(kind) ? a.key : 0];
        a.begin_s = draw_begin(t, &a, k);
        if (all->n == ATTACKS_MAX || k->is_asleep || !suits(&a, k) || !is_apart(all, &a))
            continue;
        a.per_s = kinds[kind].per_minute[strength] / 60;
        name_subject(&a, k, (uint32_t)all->n);
        k->is_asleep = k->is_asleep || kind == ATTACK_SLEEPER;
        all->at[all->n++] = a;
        return;
    }
}

void attacks_draw(struct attacks *all, struct traffic *t, uint32_t each, bool is_flood)
{
    all->n = 0;
    for (uint32_t i = 0; i < each; i++)
        for (enum attack_kind k = 0; k < N_ATTACKS; k++)
            for (enum strength s = 0; s < N_STRENGTHS; s++)
                if ((k == ATTACK_FLOOD) == is_flood)
                    draw_one(all, t, k, s);
}

/* ---- played ---- */

static void give(struct attack *a, struct traffic *t, enum kw_reason why, uint32_t n, int64_t us)
{
    struct caller *k = &t->keys[a->key];
    struct event e = traffic_event(k, why, n);

    if (a->from.b[10] != 0)
        e.source = a->from;
    if (a->kind == ATTACK_BURST || a->kind == ATTACK_ODD)
        e.route_class = KW_CLASS_TRANSACT;
    if (a->kind == ATTACK_BROWSER)
        e.flags |= EVENT_BROWSER;
    if (why == KW_WHY_WRONG_SECRET || why == KW_WHY_SECRET_ROTATED)
        e.flags = EVENT_TLS;
    if (a->kind == ATTACK_GUESSING)
        e.source = traffic_address(180, below(&t->random, 65536), 3);
    traffic_give(t, a->key, &e, us);
}

static void give_stranger(const struct attack *a, struct traffic *t, enum kw_reason why, uint32_t n,
                          int64_t us)
{
    const struct caller nobody = {.at = a->from};
    struct event e = traffic_event(&nobody, why, n);

    if (a->kind == ATTACK_FLOOD)
        e.source = traffic_address(181, below(&t->random, 65536), 3);
    e.flags = EVENT_TLS;
    traffic_give(t, 0, &e, us);
}

static void give_money(const struct attack *a, struct traffic *t, int64_t us)
{
    const struct caller *k = &t->keys[a->key];
    struct amount sum = traffic_amount(k->amount);
    uint32_t to = a->key * 100;

    if (a->kind == ATTACK_AMOUNT)
        sum = traffic_amount((double)k->largest.u / 1e16 * factor_of_amount[a->strength]);
    if (a->kind == ATTACK_EDGE)
        sum.u = k->most.u / 1000 * (920 + below(&t->random, 70));
    if (a->kind == ATTACK_DESTINATION)
        to = 500000 + (uint32_t)(a->begin_s % 100000000);
    traffic_spend(t, a->key, sum, to, us);
}

static void play(struct attack *a, struct traffic *t, uint32_t n, int64_t us)
{
    switch (a->kind) {
    case ATTACK_PLACE:
    case ATTACK_SPIKE:
    case ATTACK_BURST:
    case ATTACK_ODD:
    case ATTACK_SLEEPER:
    case ATTACK_BROWSER:
        give(a, t, KW_WHY_ALLOWED, n, us);
        return;
    case ATTACK_GUESSING:
        give(a, t, KW_WHY_WRONG_SECRET, n, us);
        return;
    case ATTACK_PROBING:
        give(a, t, KW_WHY_PERMISSION_DENIED, n, us);
        return;
    case ATTACK_OLD_SECRET:
        give(a, t, KW_WHY_SECRET_ROTATED, n, us);
        return;
    case ATTACK_STUFFING:
        give_stranger(a, t, KW_WHY_UNKNOWN_KEY, n, us);
        return;
    case ATTACK_FLOOD:
        give_stranger(a, t, KW_WHY_MISSING_KEY, n, us);
        return;
    case ATTACK_SIGN_IN:
        for (; n > 0; n--)
            traffic_sign_in(t, a->key, us);
        return;
    case ATTACK_AMOUNT:
    case ATTACK_DESTINATION:
    case ATTACK_EDGE:
        for (; n > 0; n--)
            give_money(a, t, us);
        return;
    case N_ATTACKS:
        break;
    }
}

/* It begins with the first attempt; those that are so many times the usual learn here how many these are. */
static void play_second(struct attack *a, struct traffic *t, int64_t s)
{
    bool is_first = s == a->begin_s;
    const struct caller *k = &t->keys[is_of_key(a->kind) ? a->key : 0];

    if (is_first && a->kind == ATTACK_SPIKE)
        a->per_s = fmax(a->per_s, factor[a->strength] * traffic_busy(k, s) / 60);
    if (is_first && a->kind == ATTACK_BURST)
        a->per_s = fmax(a->per_s, factor[a->strength] * traffic_busy(k, s) * k->transact / 60);
    uint32_t n = poisson(&t->random, a->per_s) + is_first;
    if (n > 0)
        play(a, t, n, s * 1000000);
}

/* The last use of a key that is to be woken. */
static void fall_asleep(struct attack *a, struct traffic *t)
{
    int64_t slept_s = a->begin_s - slept_days[a->strength] * DAY_S;

    if (a->kind == ATTACK_SLEEPER && slept_s >= t->now_s && slept_s < t->now_s + STEP_S) {
        struct event e = traffic_event(&t->keys[a->key], KW_WHY_ALLOWED, 1);
        traffic_give(t, a->key, &e, t->now_s * 1000000);
    }
}

void attacks_step(struct attacks *all, struct traffic *t)
{
    for (size_t i = 0; i < all->n; i++)
        fall_asleep(&all->at[i], t);
    for (int64_t s = t->now_s; s < t->now_s + STEP_S; s++)
        for (size_t i = 0; i < all->n; i++) {
            struct attack *a = &all->at[i];
            if (s >= a->begin_s && s < a->begin_s + ATTACK_S)
                play_second(a, t, s);
        }
}
