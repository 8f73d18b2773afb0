/* score.h - what was found of what was there: rates, delays, false alarms. */
#ifndef BENCH_DETECT_SCORE_H
#define BENCH_DETECT_SCORE_H

#include "attack.h"

enum { IN_TIME_S = 60 };

struct score {
    struct attacks *attacks;     /* borrows */
    int64_t measured_from_s;     /* before, what is found counts for nothing */
    uint32_t wrong[N_DETECTORS]; /* findings that no attack explains */
    uint32_t wrong_of_kind[N_KINDS];
};

/* Takes a finding of a run. */
void score_take(struct score *s, const struct traffic *t, const struct finding *f);

struct score_rate {
    uint32_t n, n_found, n_in_time;
    double median_s, p95_s; /* of those that were found */
};

/* Of attacks of one kind (N_ATTACKS: of all) and strength. */
struct score_rate score_of(const struct attacks *all, enum attack_kind k, enum strength s);

/* Alarms are findings that somebody should look at today; those of severity low are notices. */
uint32_t score_alarms(const struct score *s);
uint32_t score_notices(const struct score *s);

#endif
