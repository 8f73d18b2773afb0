/* baseline.h - how much of something is usual at which hour, learnt from what came, and whether this minute has far more. */
#ifndef WATCH_BASELINE_H
#define WATCH_BASELINE_H

#include "base/str.h"

/* Counted are steps of 10 s; judged is the sum of the last six. What is usual is kept for each hour of a working day and each of
 * a weekend day (UTC): how much came in its busiest 60 s. It follows what is more within days and what is less within weeks, so
 * growth is no alarm, and neither is a job that comes once a week. Once learnt, an hour at most doubles from a day to the next, or
 * becomes as the busiest was when the day began. A minute that stands alone in its hour counts as the busiest of many would, since it may
 * as well have come low. Sizes are kept as codes, eight to a doubling: one byte each.
 *
 * Integers only, and no clock: the same counts have the same outcome, on every machine. */
enum { BASELINE_STEP_S = 10, BASELINE_STEPS = 6, BASELINE_HOURS = 24, BASELINE_SLOTS = 48 };

/* An episode is over when nothing was far too much for so long. */
enum { BASELINE_QUIET_S = 600 };

struct baseline {  /* an image of usage.db: fixed widths, no padding; zeros: nothing came yet */
    uint32_t step; /* the newest, in steps since 1970 */
    uint32_t recent[BASELINE_STEPS]; /* by step modulo BASELINE_STEPS */
    uint32_t busiest;                /* the most in 60 s of this hour, as yet */
    uint32_t began_s;                /* the episode; 0: there is none */
    uint32_t over_s;                 /* when it was too much last */
    uint8_t level[BASELINE_SLOTS];   /* codes */
    uint8_t highest; /* the code of the busiest hour as the day began, forgotten over months */
    uint8_t spread;  /* by how much an hour is above its level usually, in quarters of a code */
    uint16_t total;  /* of this hour, as yet; at most UINT16_MAX */
};

struct baseline_limits {
    uint32_t times, least; /* too much: more than `times` what is usual, and `least` in 60 s */
    uint32_t first_s;      /* since when it is watched, and for how long nothing is said */
    uint32_t learn_s;
};

struct baseline_excess {
    uint64_t count, usual; /* in 60 s; usual 0: nothing at all */
};

/* Counts n at a moment, which is never before the one of the call before; the limits say when it is learnt. */
void baseline_add(struct baseline *b, uint32_t now_s, uint32_t n, const struct baseline_limits *l);

/* Whether it is too much now and was not before: an episode begins. *out is written only then. */
bool baseline_judge(struct baseline *b, uint32_t now_s, const struct baseline_limits *l,
                    struct baseline_excess *out);

/* A number as a code, and the smallest number of a code. */
uint8_t baseline_code(uint64_t n);
uint64_t baseline_number(unsigned code);

#endif
