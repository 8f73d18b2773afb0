/* bench.h - what every benchmark here needs: keys by the million, a stopwatch, figures on lines. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "core/grant.h"
#include "core/key.h"

/* Ends the program with a sentence when err is not KW_OK. */
void must(const char *what, enum kw_err err);

/* Prints "name value unit", as the figures are read by people and programs. */
void figure(const char *name, double value, const char *unit);

/* Numbers that look random and are the same for the same seed: splitmix64. */
struct stream {
    uint64_t at;
};
uint64_t stream_next(struct stream *s);

/* Nanoseconds that this thread has run: what a busy machine gives to others in between does not count. */
uint64_t thread_ns(void);

/* The median of n values, which it sorts. */
double median_of(double *values, size_t n);

/* ---- keys ---- */

struct key_text {
    char p[KEY_MAX];
    size_t n;
};

/* The text of key number i, sandbox, brand mk. Made from a seed that is not random: good for measuring only. */
void key_text_of(uint64_t i, struct key_text *out);

/* The key itself, of an account: read_only, with a rate and a quota
 * that no benchmark reaches. Its slot and version are zero. */
struct grant key_grant_of(uint64_t i, const char *account, uint32_t account_slot);

#endif
