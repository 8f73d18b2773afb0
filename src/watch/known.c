/* known.c - see known.h. */
#include "watch/known.h"

#include <assert.h>

enum { POINTS_MAX = 8 * KNOWN_POINTS, FADES_PER_DAY = 3 };

/* Half as many points as would come of another one count as none: the days between two are not exact. */
enum { HALF = KNOWN_POINTS / 2 };

static_assert(sizeof(struct known) == 52, "an image has no padding");

static void fade(struct known *k, uint32_t day)
{
    uint32_t passed = day > k->day ? day - k->day : 0;
    uint32_t gone = passed > POINTS_MAX ? POINTS_MAX : passed * FADES_PER_DAY;

    k->points = (uint16_t)(gone >= k->points ? 0 : k->points - gone);
    k->day = (uint16_t)day;
}

/* To the front; true: it was there. */
static bool put_first(struct known *k, uint32_t hash)
{
    size_t at = 0;

    while (at < KNOWN_MAX - 1 && k->hash[at] != hash && k->hash[at] != 0)
        at++;
    bool was_there = k->hash[at] == hash;
    memmove(&k->hash[1], &k->hash[0], at * sizeof k->hash[0]);
    k->hash[0] = hash;
    return was_there;
}

enum known_answer known_see(struct known *k, uint64_t hash, uint32_t day, struct known_limits l)
{
    uint32_t small = (uint32_t)(hash ^ hash >> 32);
    bool is_free = !l.is_learnt && k->hash[KNOWN_FREE - 1] == 0;

    small = small == 0 ? 1 : small;
    if (k->hash[0] == small || put_first(k, small))
        return KNOWN_BEFORE;
    fade(k, day);
    bool is_usual = k->points > l.usual * KNOWN_POINTS + HALF;
    uint32_t points = k->points + (is_free ? 0u : (uint32_t)KNOWN_POINTS);
    k->points = (uint16_t)(points > POINTS_MAX ? POINTS_MAX : points);
    return is_usual ? KNOWN_NEW_AS_USUAL : KNOWN_NEW;
}
