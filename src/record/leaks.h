/* leaks.h - the reports of leaked keys that wait to be put on the record. */
#ifndef RECORD_LEAKS_H
#define RECORD_LEAKS_H

#include "record/leak.h"

/* Those of keys that work one by one, up to 256 of them in memory: they survive a batch that failed, and not the process. All
 * others are counted, by what and by whom, and become a record for each. */
enum { LEAKS_MAX = 256, LEAKS_TAKEN_MAX = LEAKS_MAX + LEAK_N_WHATS * LEAK_N_BYS };

struct leaks;
enum kw_err leaks_new(struct leaks **out) MUST_USE; /* KW_ENOMEM */
void leaks_free(struct leaks *q);                   /* takes NULL */

/* Takes a copy. url and note are redacted by the caller, who knows the key. Any thread; waits for nothing but the others that are
 * here. */
void leaks_put(struct leaks *q, const struct leak *l);

struct leak_taken { /* one that was taken, encoded */
    int64_t time_us;
    size_t n;
    uint8_t bytes[LEAK_MAX];
};

/* Gives all of them and returns how many; counts have the time now_us. They are still kept: leaks_settle forgets what was taken last,
 * once it is durable; without it they are given again. One thread for these two. */
uint32_t leaks_take(struct leaks *q, int64_t now_us, struct leak_taken out[LEAKS_TAKEN_MAX]);
void leaks_settle(struct leaks *q);

#endif
