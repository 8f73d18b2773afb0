/* ask.h - what usage.db says about a stretch of time. */
#ifndef WATCH_ASK_H
#define WATCH_ASK_H

#include "core/route.h"
#include "watch/book.h"
#include "watch/cells.h"
#include "watch/latency.h"

enum {
    ASK_BUCKETS_MAX = 750,
    ASK_SOURCES_MAX = 20,
    ASK_SHARES_MAX = 20,
    ASK_CLASSES = KW_CLASS_DENY + 1
};

struct ask {                    /* borrows */
    struct str key_id, account; /* empty: of everybody; with a key, its account is not asked for */
    enum kw_environment environment; /* KW_NO_ENVIRONMENT: of every one */
    enum step step;
    uint32_t first, n; /* buckets, in steps; n at most ASK_BUCKETS_MAX */
};

struct ask_count {
    uint64_t allowed, denied;
};

struct ask_source {
    char net[CELLS_NET_TEXT]; /* or DAILY_OTHER */
    struct ask_count count;
    int64_t last_ms;
};

struct ask_share {
    char name[ROUTE_TEXT_MAX + 1]; /* a route, a country; or a word of daily.h */
    struct ask_count count;
    int64_t last_ms;
};

struct ask_shares {
    struct ask_share at[ASK_SHARES_MAX + 1]; /* the most frequent first, and behind them "other", where there are more */
    size_t n;
};

struct ask_answer {
    struct ask_count all;
    struct ask_count buckets[ASK_BUCKETS_MAX]; /* n of them */
    uint64_t reasons[KW_N_REASONS];            /* by reason: also those of what got through */
    struct ask_count classes[ASK_CLASSES];
    struct ask_source sources[ASK_SOURCES_MAX]; /* of a key, most frequent first; of the days that the stretch touches */
    size_t n_sources;
    struct ask_shares routes, countries; /* likewise by days, of whomever was asked for */
    struct latency latency;              /* of each decision of these days, summaries left out */
};

/* One moment of the file, for many questions; book_close ends it. While it is open the file's log grows: not for long. Where nothing
 * is there yet *out stays closed, which knows nothing. KW_EDAMAGED, KW_EFORMAT: see usage_doubt; KW_EIO, KW_ENOMEM, KW_EBUSY. */
enum kw_err ask_open(const char *file, struct book *out) MUST_USE;

/* Reads as many rows as the answer is made of: for each bucket those of one subject, however many keys there are and however
 * often they were used. Nothing known: zeros. *out is written only on success. Errors as above. */
enum kw_err ask_of(struct book *b, const struct ask *q, struct ask_answer *out) MUST_USE;
enum kw_err ask_usage(const char *file, const struct ask *q, struct ask_answer *out) MUST_USE;

/* From which day on there are counts of any kind, in ms; INT64_MAX: there are none yet. Errors as above. */
enum kw_err ask_begin(struct book *b, int64_t *out_ms) MUST_USE;

#endif
