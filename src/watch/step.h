/* step.h - the steps of time in which usage is counted, and for how long each is kept. */
#ifndef WATCH_STEP_H
#define WATCH_STEP_H

#include "base/str.h"

/* In the order of their length; the numbers stand in usage.db. Time is counted in whole steps since 1970. */
enum step { STEP_MINUTE = 0, STEP_HOUR = 1, STEP_DAY = 2 };

enum { N_STEPS = 3 };

const char *step_name(enum step s); /* "minute" */
bool step_parse(struct str text, enum step *out);

int64_t step_ms(enum step s);    /* how long one is */
uint32_t step_kept(enum step s); /* how many of them are kept */

/* The step that a moment lies in; of one outside of what can be counted, the nearest. */
uint32_t step_at(enum step s, int64_t ms);

#endif
