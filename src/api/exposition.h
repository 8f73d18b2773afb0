/* exposition.h - the text in which Prometheus reads numbers, format 0.0.4. */
#ifndef API_EXPOSITION_H
#define API_EXPOSITION_H

#include "base/buf.h"

#define EXPOSITION_TYPE "text/plain; version=0.0.4; charset=utf-8"

/*     exposition_begin(&x, "keyward_ring_slots", "gauge", "Places in all rings.");
 *     exposition_number(&x, (struct label[]){{"ring", "proved"}, {NULL}}, 16384);
 *
 * The numbers are integers until they are digits, so that no locale has a part in it. */
struct exposition {
    struct buf *out; /* borrows */
    const char *name;
};

struct label { /* a list ends with a name of NULL; NULL instead of a list: none */
    const char *name, *value;
};

/* From here on the samples are of this metric. type: "counter", "gauge", "histogram". */
void exposition_begin(struct exposition *x, const char *name, const char *type, const char *help);

void exposition_number(const struct exposition *x, const struct label *labels, uint64_t n);
void exposition_seconds(const struct exposition *x, const struct label *labels, uint64_t us);

/* n / of, six digits behind the point; 0 of 0 is 0. */
void exposition_ratio(const struct exposition *x, const struct label *labels, uint64_t n,
                      uint64_t of);

/* counts has one more than n bounds: what was longer. */
void exposition_histogram(const struct exposition *x, const uint64_t *bounds_us,
                          const uint64_t *counts, size_t n, uint64_t sum_us);

#endif
