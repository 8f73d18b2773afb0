/* detect_state.h - what the detectors remember, and how they tell what they found: within watch/detect*.c only. */
#ifndef WATCH_DETECT_STATE_H
#define WATCH_DETECT_STATE_H

#include <assert.h>

#include "core/spend_rules.h"
#include "watch/baseline.h"
#include "watch/bucket.h"
#include "watch/detect.h"
#include "watch/known.h"
#include "watch/shelf.h"

/* All are images of usage.db: fixed widths, no padding, the format first. Moments are seconds since 1970, 0: never. */
enum { DETECT_FORMAT = 2 };

/* What is told once for a day of it, however often it comes: those of a key. */
enum once { ONCE_BROWSER, ONCE_OLD_SECRET, ONCE_TOKEN_REUSE, ONCE_ODD_HOURS, N_ONCES };

enum { COUNTRIES_MAX = 6 };

struct key_habits {
    uint32_t format;
    uint32_t first_s, last_s; /* uses with the secret */
    uint32_t n_uses;
    struct baseline all, transact;
    struct bucket failures, denials;
    uint32_t once_s[N_ONCES]; /* when it came last */
    uint32_t hours;           /* a bit for each of the day in which it moved money */
    uint32_t hours_seen;      /* how many there were, day by day */
    uint32_t last_hour;       /* the last of them, since 1970 */
    uint32_t first_transact_s;
    struct known networks, operators; /* prefixes, and whose they are, where a location file tells */
    uint16_t countries[COUNTRIES_MAX]; /* two letters each, as a number; 0: free */
    uint32_t token_s;                  /* when an access token of it was used last */
};
static_assert(sizeof(struct key_habits) == 16 + 2 * 92 + 2 * 16 + 16 + 16 + 2 * 52 + 12 + 4,
              "no padding");

enum { SPEND_CURRENCIES = SPEND_RULES_MAX }; /* no key has more */

struct spend_of {                    /* in one currency */
    char currency[CURRENCY_MAX + 2]; /* empty: free */
    uint32_t n, last_s;
    uint32_t over_s;  /* when an amount was far above the usual last */
    uint16_t highest; /* the largest usual amount, as a code */
    uint16_t hour;    /* in which that was seen or changed last */
    struct bucket edge;
};

struct spend_habits { /* an image has of the currencies only those that are used */
    uint32_t format;
    uint32_t n;
    struct known destinations;
    struct spend_of of[SPEND_CURRENCIES];
};
static_assert(sizeof(struct spend_habits) == 8 + 52 + 16 * 44, "no padding");

/* Somebody who was refused: a source, or a member. Each detector has sets of its own. */
enum suspects { SUSPECT_SOURCES, SUSPECT_SIGN_INS, SUSPECT_PLAIN_HTTP, SUSPECT_IN_URL, N_SUSPECTS };

enum { SUSPECT_WHO = 40, SUSPECTS_PER_SET = 4, SUSPECT_SETS = 1024 };

struct suspect {
    uint64_t hash; /* 0: free */
    uint32_t rank_s; /* bucket_rank_s, which also orders those that have different measures; or when he came last */
    uint32_t unused;
    char who[SUSPECT_WHO]; /* an address, 16 bytes; or the id of a member, filled up with zeros */
    struct bucket bucket;
};

struct suspect_set {
    uint64_t format;
    struct suspect at[SUSPECTS_PER_SET];
};
static_assert(sizeof(struct suspect_set) == 8 + 4 * 72, "no padding");

/* A network of an account, and which of its keys live there. */
enum { HOMES_PER_SET = 7, HOME_SETS = 4096, HOME_SETS_OF_ACCOUNT = 8 };

struct home {
    uint64_t hash; /* of account and network; 0: free */
    uint16_t last_day;
    uint8_t sandbox_days; /* on so many sandbox keys came, and no other */
    uint8_t has_production;
    uint32_t unused;
};

struct home_set {
    uint64_t format;
    struct home at[HOMES_PER_SET];
};
static_assert(sizeof(struct home_set) == 8 + 7 * 16, "no padding");

/* The networks from which keys were proved, by the day of the last. */
enum { OURS_PER_SET = 8, OURS_SETS = 1024 };

struct ours_set {
    uint32_t format;
    uint32_t mark[OURS_PER_SET]; /* 0: free */
    uint16_t day[OURS_PER_SET];
};
static_assert(sizeof(struct ours_set) == 4 + 8 * 6, "no padding");

enum { DETECTORS_ROOM = 64, ACCOUNTS_ROOM = 512 }; /* so that one more is no other format */
static_assert((int)N_DETECTORS <= (int)DETECTORS_ROOM, "each has a place");

struct all_state {
    uint32_t format;
    uint32_t first_s;   /* the first refusal */
    uint32_t refused_s; /* when requests were refused last, as they could not be recorded */
    uint32_t counted_s; /* when refusals were only counted last: strangers can have that */
    uint32_t hour;      /* of the next */
    /* Findings of this hour that strangers made, of each detector: about no account, the same of networks of ours, and about accounts. */
    uint8_t by_strangers[DETECTORS_ROOM], by_neighbours[DETECTORS_ROOM];
    uint16_t of_accounts[DETECTORS_ROOM];
    uint8_t of_account[ACCOUNTS_ROOM]; /* about one, by the hash of it and the detector */
    struct bucket summed;              /* sign-ins that were only counted */
    struct baseline denied;
};

static_assert(sizeof(struct all_state) == 20 + 4 * DETECTORS_ROOM + ACCOUNTS_ROOM + 16 + 92,
              "no padding");

struct detect {
    struct detect_options o;
    struct shelf *keys, *spends; /* owns */
    struct all_state all;
    bool is_all_changed;
    uint64_t seed;
    struct suspect_set suspects[N_SUSPECTS * SUSPECT_SETS];
    struct home_set homes[HOME_SETS];
    struct ours_set ours[OURS_SETS];
    bool is_ours_changed[OURS_SETS];
    bool is_suspect_changed[N_SUSPECTS * SUSPECT_SETS], is_home_changed[HOME_SETS];
};

/* One thing on the record, as all detectors see it. */
struct sight {
    const struct detect_who *who;
    const struct event *e; /* NULL: it is no attempt */
    int64_t time_us;       /* of its batch */
    uint32_t now_s;
    const struct thresholds *t;
};

enum { DAY_S = 86400, ONCE_QUIET_S = DAY_S };

static inline uint32_t day_of(uint32_t s)
{
    return s / DAY_S;
}

/* Whether what came at *last_s and comes now again is to be told of: it did not come for `quiet_s` before. Notes it. */
static inline bool detect_once(uint32_t *last_s, uint32_t now_s, uint32_t quiet_s)
{
    bool is_new = *last_s == 0 || now_s - *last_s > quiet_s;

    *last_s = now_s;
    return is_new;
}

/* What an account has chosen (empty: the installation). */
const struct thresholds *detect_thresholds(const struct detect *d, struct str account);

/* The same as all of us see it: it is of no account, and the installation has chosen what counts. */
struct sight detect_sight_of_all(const struct detect *d, const struct sight *s);

/* A finding about the key of an attempt, or (`is_key` false) about no key; the caller adds subject and facts. */
struct finding detect_finding(const struct sight *s, enum detector which, uint32_t began_s);
struct finding detect_finding_of_key(const struct sight *s, enum detector which, uint32_t began_s);

/* Hands it out, unless the account has switched the detector off, and notes whether an access token brought it about. What strangers can have
 * found is handed out so often an hour, of each detector: what is about no account, and as often once more where it comes from a network of
 * ours; what is about accounts, so often for each, together no more than ACCOUNTS_PER_HOUR, beyond which each account still has its first. */
enum { STRANGERS_PER_HOUR = 60, ACCOUNT_PER_HOUR = 12, ACCOUNTS_PER_HOUR = 240 };
enum kw_err detect_raise(struct detect *d, const struct sight *s, const struct finding *f) MUST_USE;
enum kw_err detect_raise_of_stranger(struct detect *d, const struct sight *s,
                                     const struct finding *f) MUST_USE;

/* The text of an address, and of the network it lies in, as facts. */
void detect_fact_source(struct finding *f, const struct address *a);
void detect_fact_network(struct finding *f, const struct address *a);

/* ---- where from ---- */

/* The /24 of an address, of IPv6 the /48, as a hash. */
uint64_t detect_network(const struct address *a);

/* A key was proved from there; whether one was lately from where this comes. */
void detect_see_ours(struct detect *d, uint64_t network, uint32_t day);
bool detect_is_ours(const struct detect *d, const struct sight *s);

/* ---- who is refused ---- */

struct tally {
    uint32_t n, count, window_s; /* so many now; so many are too many, in so long */
};

/* Counts somebody; true when there are too many of him, for the first time of an episode, which began at *began_s. */
bool detect_suspect_counts(struct detect *d, const struct sight *s, enum suspects which,
                           const char who[SUSPECT_WHO], const struct tally *t, uint32_t *began_s);

/* Whether somebody was not met for a day. */
bool detect_suspect_is_new(struct detect *d, const struct sight *s, enum suspects which,
                           const char who[SUSPECT_WHO]);

/* ---- the detectors ---- */

enum kw_err detect_place(struct detect *d, const struct sight *s, struct key_habits *k) MUST_USE;
enum kw_err detect_rate(struct detect *d, const struct sight *s, struct key_habits *k) MUST_USE;
enum kw_err detect_denied_rate(struct detect *d, const struct sight *s) MUST_USE;
enum kw_err detect_use(struct detect *d, const struct sight *s, struct key_habits *k) MUST_USE;
enum kw_err detect_claim(struct detect *d, const struct sight *s, struct key_habits *k) MUST_USE;
enum kw_err detect_money(struct detect *d, const struct sight *s, const struct spend_event *e,
                         struct spend_habits *state) MUST_USE;
enum kw_err detect_stranger(struct detect *d, const struct sight *s) MUST_USE;

#endif
