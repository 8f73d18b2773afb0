/* known.h - a small set of what was seen before, which also knows whether something new is usual here. */
#ifndef WATCH_KNOWN_H
#define WATCH_KNOWN_H

#include "base/str.h"

/* A key of a backend comes from two networks all its life; one in a phone from a new one every day. Of the first a new network is
 * worth a word, of the second it says nothing: each new one adds points, which fade over three weeks. While it is learnt, the
 * first few add none. */
enum { KNOWN_MAX = 12, KNOWN_POINTS = 32, KNOWN_FREE = 5 };

struct known {                /* an image of usage.db; zeros: nothing was seen */
    uint32_t hash[KNOWN_MAX]; /* who came last first; 0: free */
    uint16_t day;             /* of the points */
    uint16_t points;
};

enum known_answer { KNOWN_BEFORE, KNOWN_NEW, KNOWN_NEW_AS_USUAL };

struct known_limits {
    bool is_learnt;
    uint32_t usual; /* so many new ones in three weeks, behind which another is usual */
};

/* Whether it was seen, which it is from now on. The hash is of the caller's making; days are counted since 1970. */
enum known_answer known_see(struct known *k, uint64_t hash, uint32_t day, struct known_limits l);

#endif
