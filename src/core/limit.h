/* limit.h - how many requests a key may still make, in integers, at a given moment. */
#ifndef CORE_LIMIT_H
#define CORE_LIMIT_H

#include <keyward/keyward.h>

#include "base/str.h"

/* Two limits. A rate of n per window with a burst, by the generic cell rate algorithm (GCRA, ITU-T
 * I.371): its word is the theoretical arrival time (TAT) in ticks of 1/64 microsecond of boot time.
 * A quota of n per UTC day or month: its word is the number of the window (upper 32 bits) and the
 * count in it (lower 32). Both are pure: words and times come in, the next word goes out; who
 * shares the word between threads swaps it in with compare-and-swap and starts over on conflict. */
enum quota_window { QUOTA_NONE = 0, QUOTA_DAY = 1, QUOTA_MONTH = 2 };

struct rate {          /* n 0: no limit */
    uint32_t n;        /* 1 to 1,000,000 */
    uint32_t window_s; /* 1, 60, 3600 or 86400 */
    uint32_t burst;    /* 1 to 1,000,000: requests that may come at once */
};

struct quota { /* window QUOTA_NONE: no limit */
    uint32_t n;
    enum quota_window window;
};

/* "600/min", "10/s:20", "5000/hour", "100000/day:1", "none". Without ":burst" the burst is n/10, at
 * least 1. KW_ESYNTAX; KW_ERANGE outside of the bounds above. */
enum kw_err rate_parse(struct str text, struct rate *out);
size_t rate_print(const struct rate *r,
                  char out[48]); /* the form that rate_parse reads; returns its length */

/* "1000/day", "250000/month", "none". n is 1 to 4,294,967,295. KW_ESYNTAX, KW_ERANGE. */
enum kw_err quota_parse(struct str text, struct quota *out);
size_t quota_print(const struct quota *q, char out[48]);

struct limit_verdict {
    bool ok;            /* may be admitted */
    uint64_t next;      /* the word after admission; the unchanged word when not ok */
    uint32_t retry_s;   /* when not ok: whole seconds until it would be, rounded up, at least 1 */
    uint32_t remaining; /* may be sent now, after this one if ok */
    uint32_t reset_s; /* seconds until it is full again, rounded up; of a quota: until its window ends */
    uint32_t window_s; /* length of the window that is counted in */
};

/* now_us is boot time, and may be older than what other threads judged by: a word up to a minute
 * further ahead than now + burst admits nothing. One that is further ahead still (damage, another
 * boot) counts as a bucket with one left: only an admission writes a word, so this one repairs it,
 * and the bucket is full again one burst later. A rate without burst or window admits nothing. */
struct limit_verdict rate_judge(const struct rate *r, uint64_t word, uint64_t now_us);

/* wall_s is UTC. A word of the next window (a clock set back, a thread that is ahead) goes on
 * counting in that window: it is not given twice. A word of a later one (damage) counts as one of
 * the current window and, if that is used up, as one with one left, which repairs it. */
struct limit_verdict quota_judge(const struct quota *q, uint64_t word, int64_t wall_s);

/* How the same word stands for somebody who takes nothing: `next` is the word as it is, and what
 * remains is told before any admission. */
struct limit_verdict rate_look(const struct rate *r, uint64_t word, uint64_t now_us);
struct limit_verdict quota_look(const struct quota *q, uint64_t word, int64_t wall_s);

/* The window that a moment lies in: its number (days or months since 1970), when it begins and ends. */
struct quota_span {
    uint32_t number;
    int64_t begin_s, end_s;
};
struct quota_span quota_span_of(enum quota_window w, int64_t wall_s);

/* The word of a window with a count in it. */
static inline uint64_t quota_word(uint32_t window, uint32_t count)
{
    return (uint64_t)window << 32 | count;
}

#endif
