/* month.h - a month of traffic drawn from a seed, quiet and attacked, looked at by the detectors. */
#ifndef BENCH_DETECT_MONTH_H
#define BENCH_DETECT_MONTH_H

#include "score.h"

struct month_run {
    struct attacks attacks;
    struct score score;
    uint64_t n_events, n_attempts, ns; /* of the processor */
};

/* A quiet run; one with `each` attacks of each kind and strength, to which small ones with one flood of each strength are
 * added. Not on a stack. */
struct month {
    uint32_t seed, n_keys, each;
    bool is_told; /* every finding, and every medium attack that was missed, on lines with a # in front */
    struct month_run quiet, attacked, flood;
};

struct month_figures {
    double medium_rate; /* found within IN_TIME_S */
    double medium_delay_p95_s;
    double wrong_per_100_key_months; /* alarms that nothing explains, of both runs */
    double notices_per_100_key_months;
    uint32_t quiet_alarms, quiet_notices;
};

/* What it is to be: at least, at most. */
#define MONTH_MEDIUM_RATE    0.95
#define MONTH_MEDIUM_DELAY_S 60
#define MONTH_WRONG_PER_100  1.0
#define MONTH_QUIET_ALARMS   0

void month_play(struct month *m); /* seed, n_keys, each and is_told are given */
double month_key_months(const struct month *m);
struct month_figures month_figures(const struct month *m);
bool month_is_good(const struct month_figures *f);

#endif
