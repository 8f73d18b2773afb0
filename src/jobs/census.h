/* census.h - how many keys there are of each kind, and how many want looking after, at a given moment. */
#ifndef JOBS_CENSUS_H
#define JOBS_CENSUS_H

#include "store/store.h"

enum { CENSUS_ACTIVE, CENSUS_DISABLED, CENSUS_EXPIRED, CENSUS_REVOKED, CENSUS_N_STATES };

static const int64_t census_unused_ms = INT64_C(90) * 86400000,
                     census_soon_ms = INT64_C(30) * 86400000;

struct census {
    uint32_t sandbox[CENSUS_N_STATES], production[CENSUS_N_STATES];
    uint32_t overdue, due_soon; /* rotation, of what is neither revoked nor expired; none is in both */
    uint32_t unused, never_used, expiring; /* of what is active */
};

void census_add(struct census *c, const struct key_outline *k, int64_t now_ms);

#endif
