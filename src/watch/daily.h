/* daily.h - what a round has counted by the day alone: from where, on which routes, from which countries, and how long it took. */
#ifndef WATCH_DAILY_H
#define WATCH_DAILY_H

#include "core/event.h"

/* One mechanism for all four: attempts alike, by day and subject, each under a name. Networks are counted for keys; the others
 * for everybody, an account and a key. */
enum daily_kind {
    DAILY_SOURCES = 0,   /* the network */
    DAILY_ROUTES = 1,    /* the number of the route (routes.h) */
    DAILY_COUNTRIES = 2, /* its two letters */
    DAILY_LATENCIES = 3, /* the bucket (latency.h) */
};

enum { N_DAILY_KINDS = 4 };

/* What a cell's name is in usage.db, beside what says itself. */
#define DAILY_OTHER "other" /* all that are not told apart */
#define DAILY_NONE  "none"  /* no line of the policy */
#define DAILY_UNKNOWN \
    "unknown" /* a line that cannot be told any more; a country that the file does not know */

enum { DAILY_NO_ROUTE = 0, DAILY_COUNTRY_TEXT = 8 };
#define DAILY_UNKNOWN_ROUTE UINT32_MAX /* no enumerator: those are ints */

/* Where an attempt goes and comes from, besides what it says itself. */
struct daily_where {
    uint32_t route;                   /* its number, or one of those above */
    char country[DAILY_COUNTRY_TEXT]; /* "NG", DAILY_UNKNOWN; empty: nobody knows countries, they are not counted */
};

enum { DAILY_NAME = 16, DAILY_TEXT = ADDRESS_RULE_TEXT_MAX };

struct daily_cell {
    enum daily_kind kind;
    uint32_t day, subject;
    enum kw_environment environment;
    uint8_t name[DAILY_NAME]; /* by kind; daily_print says it */
    bool proved;              /* one at least had the secret */
    uint64_t allowed, denied;
    int64_t most; /* when the last came, in ms; of latencies the longest, in ns */
};

struct daily;

enum kw_err daily_new(struct daily **out) MUST_USE; /* KW_ENOMEM */
void daily_free(struct daily *d);                   /* takes NULL */
void daily_clear(struct daily *d);

/* Whether a whole batch, whatever is in it, still fits. */
bool daily_have_room(const struct daily *d);

/* Counts an attempt for everybody (0), its account and its key; 0: it has none. */
void daily_count(struct daily *d, uint32_t account, uint32_t key, const struct daily_where *where,
                 const struct event *e, int64_t ms);

/* What was counted, in the order in which it lies in the file. Borrowed until the next call; then only to be cleared. */
const struct daily_cell *daily_sorted(struct daily *d, size_t *n);

/* The name of a cell in usage.db, terminated. */
void daily_print(const struct daily_cell *c, char out[DAILY_TEXT]);

#endif
