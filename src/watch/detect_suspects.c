/* detect_suspects.c - who is refused, and how often: for each detector a table of fixed size, which forgets who has done least. */
#include "record/hash.h"
#include "watch/detect_state.h"

void detect_seed(struct detect *d, uint64_t seed)
{
    d->seed = seed;
}

/* ---- places ---- */

struct spot {
    struct suspect *at; /* that of who is looked for; or, if there is none, of who has done least */
    uint64_t hash;
};

static uint32_t set_of(enum suspects which, uint64_t hash)
{
    return (uint32_t)((uint64_t)which * SUSPECT_SETS + hash % SUSPECT_SETS);
}

static struct spot find(struct detect *d, enum suspects which, const char who[SUSPECT_WHO])
{
    uint64_t hash = hash_bytes((struct str){who, SUSPECT_WHO}, d->seed ^ which);
    uint32_t no = set_of(which, hash);
    struct suspect_set *set = &d->suspects[no];
    struct spot spot = {&set->at[0], hash == 0 ? 1 : hash};

    set->format = DETECT_FORMAT;
    d->is_suspect_changed[no] = true;
    for (size_t i = 0; i < SUSPECTS_PER_SET; i++) {
        struct suspect *s = &set->at[i];
        if (s->hash == spot.hash)
            return (struct spot){s, spot.hash};
        spot.at = s->rank_s < spot.at->rank_s ? s : spot.at;
    }
    return spot;
}

static void enter(struct spot spot, const char who[SUSPECT_WHO])
{
    *spot.at = (struct suspect){.hash = spot.hash};
    memcpy(spot.at->who, who, SUSPECT_WHO);
}

/* ---- counted ---- */

/* Somebody new takes as much from who has done least as he has done himself, and his place when nothing is left: so one failure pushes
 * nobody out, and nobody is kept out for good. */
static bool makes_room(struct suspect *least, const struct sight *s, const struct tally *t)
{
    struct bucket fresh = {.level = 0};

    bucket_add(&fresh, s->now_s, t->n, t->count, t->window_s);
    if (least->rank_s <= bucket_rank_s(&fresh, t->count, t->window_s))
        return true;
    least->bucket.level -= least->bucket.level < fresh.level ? least->bucket.level : fresh.level;
    least->rank_s = bucket_rank_s(&least->bucket, t->count, t->window_s);
    return false;
}

bool detect_suspect_counts(struct detect *d, const struct sight *s, enum suspects which,
                           const char who[SUSPECT_WHO], const struct tally *t, uint32_t *began_s)
{
    struct spot spot = find(d, which, who);

    if (spot.at->hash != spot.hash) {
        if (!makes_room(spot.at, s, t))
            return false;
        enter(spot, who);
    }
    bool is_full = bucket_add(&spot.at->bucket, s->now_s, t->n, t->count, t->window_s);
    spot.at->rank_s = bucket_rank_s(&spot.at->bucket, t->count, t->window_s);
    *began_s = spot.at->bucket.began_s;
    return is_full;
}

/* ---- met ---- */

bool detect_suspect_is_new(struct detect *d, const struct sight *s, enum suspects which,
                           const char who[SUSPECT_WHO])
{
    struct spot spot = find(d, which, who);

    if (spot.at->hash != spot.hash)
        enter(spot, who);
    return detect_once(&spot.at->rank_s, s->now_s, ONCE_QUIET_S);
}
