/* traffic.h - what the keys of a payment platform do in a month when nobody attacks them, drawn from a seed. */
#ifndef BENCH_DETECT_TRAFFIC_H
#define BENCH_DETECT_TRAFFIC_H

#include "../bench.h"
#include "watch/detect.h"

/* The run begins on a Monday, 00:00 UTC. The first week is for learning. */
enum {
    LEARN_DAYS = 7,
    MEASURED_DAYS = 30,
    DAYS = LEARN_DAYS + MEASURED_DAYS,
    STEP_S = 10,
    DAY_S = 86400,
    HOUR_S = 3600,
    KEYS_MAX = 4000,
    NETS_MAX = 4
};
#define BEGIN_S ((int64_t)20780 * DAY_S)

/* How a key lives. */
#define KINDS(X)                                                                              \
    X(KIND_STEADY, "steady", 20)   /* a backend, day and night alike */                       \
    X(KIND_OFFICE, "office", 30)   /* by day and week; nights quiet, or nearly so */          \
    X(KIND_CRON, "cron", 15)       /* bursts, every hour, day or week */                      \
    X(KIND_GROWING, "growing", 10) /* by day and week, up to four times as much in a month */ \
    X(KIND_MOBILE, "mobile", 12)   /* from ever new networks */                               \
    X(KIND_RARE, "rare", 8)        /* some requests by hand, at any hour */                   \
    X(KIND_SANDBOX, "sandbox", 5)  /* of developers, who make mistakes */

enum kind {
#define X(symbol, word, percent) symbol,
    KINDS(X)
#undef X
        N_KINDS
};

const char *kind_word(enum kind k);
enum kind traffic_kind(uint32_t i); /* how that one lives: alike for every seed */

struct caller {
    char id[KW_KEY_ID_LEN + 1], account[24];
    enum kind kind;
    bool closes;     /* nothing at night and on weekends */
    bool is_asleep;  /* does nothing any more, for an attack to come */
    double per_s;    /* by day */
    double growth;   /* a day */
    double transact; /* share */
    int zone_h;      /* behind UTC */
    uint32_t burst, burst_minute, burst_hour, burst_day; /* cron: 24 and 7 are every one */
    struct address nets[NETS_MAX];
    uint32_t n_nets, moves_on_day; /* to another of them, once; 0: never */
    uint32_t country;
    double spends;  /* a day */
    double amount;  /* the median */
    bool is_closed; /* pays the same few, else ever new ones */
    struct amount most;

    /* At the moment. */
    double rate;  /* in this hour */
    double zero;  /* the chance of nothing in a step */
    double busy;  /* the most in a minute in this hour and those around it, as a mean */
    double boost; /* by a deployment or retries */
    int64_t boosted_until_s;
    struct address at;     /* from where it comes */
    struct amount largest; /* that it spent */
};

struct traffic {
    struct stream random;
    struct caller keys[KEYS_MAX];
    uint32_t n_keys;
    struct detect *detect;
    int64_t now_s;
    double trouble; /* retries of everybody */
    int64_t trouble_until_s;
    uint64_t n_events, n_attempts;
};

void traffic_init(struct traffic *t, uint64_t seed, uint32_t n_keys, struct detect *d);

/* All that comes in the step of ten seconds that begins now. */
void traffic_step(struct traffic *t);

/* ---- also for those who attack ---- */

double uniform(struct stream *s);             /* 0 to 1 */
uint32_t below(struct stream *s, uint32_t n); /* 0 to n - 1 */
uint32_t poisson(struct stream *s, double mean);
double normal(struct stream *s);

/* How much a key would do in an hour, as a mean, per second. */
double traffic_rate(const struct caller *k, int64_t s);

/* The most that a key does in a minute at this time of day, as a mean; at least a quarter of its busiest hour's. */
double traffic_busy(const struct caller *k, int64_t s);

struct address traffic_address(uint32_t country, uint32_t net, uint32_t host);

/* Countries are the first byte of an address. */
bool traffic_locate(void *ctx, const struct address *a, struct located *out);

/* Gives `count` attempts of a key, at a moment; the caller fills in what is special of them. */
struct event traffic_event(const struct caller *k, enum kw_reason why, uint32_t count);
void traffic_give(struct traffic *t, uint32_t key, const struct event *e, int64_t us);
void traffic_spend(struct traffic *t, uint32_t key, struct amount a, uint32_t destination,
                   int64_t us);
void traffic_sign_in(struct traffic *t, uint32_t member, int64_t us);

/* An amount in hundredths. */
struct amount traffic_amount(double hundredths);

#endif
