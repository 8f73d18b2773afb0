/* bucket.h - whether something happens too often: it fills with what comes, and empties as time goes by. */
#ifndef WATCH_BUCKET_H
#define WATCH_BUCKET_H

#include "base/str.h"

/* In the first half of a window nothing fades, so that so many within it are enough. A full one is an episode, which lasts until it is empty
 * again: so one that goes on is found once. */
struct bucket {       /* an image of usage.db; zeros: empty */
    uint32_t level;   /* in thousandths */
    uint32_t at_s;    /* when it was that */
    uint32_t began_s; /* with what came first */
    uint32_t is_full; /* it was, since */
};

/* Adds n at a moment; true when `count` of them have come faster than `window_s` empties it, for the first time of this
 * episode. A count is at most a million. */
bool bucket_add(struct bucket *b, uint32_t now_s, uint32_t n, uint32_t count, uint32_t window_s);

/* Orders those of one measure at any moment: who has more in it, or added to it later, is higher. About when it will be empty, and not
 * behind that. */
uint32_t bucket_rank_s(const struct bucket *b, uint32_t count, uint32_t window_s);

#endif
