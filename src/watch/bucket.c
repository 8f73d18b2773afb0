/* bucket.c - see bucket.h. */
#include "watch/bucket.h"

enum { PARTS = 1000 };

static void drain(struct bucket *b, uint32_t now_s, uint32_t count, uint32_t window_s)
{
    uint64_t holds_s = (uint64_t)b->began_s + window_s / 2,
             from_s = holds_s > b->at_s ? holds_s : b->at_s;
    uint64_t passed_s = now_s > from_s ? now_s - from_s : 0;
    uint64_t gone = passed_s * count * PARTS / window_s;

    b->level = gone >= b->level ? 0 : b->level - (uint32_t)gone;
    b->at_s = now_s > b->at_s ? now_s : b->at_s;
}

uint32_t bucket_rank_s(const struct bucket *b, uint32_t count, uint32_t window_s)
{
    uint64_t rank = b->at_s + (uint64_t)b->level * window_s / ((uint64_t)count * PARTS);

    return rank > UINT32_MAX ? UINT32_MAX : (uint32_t)rank;
}

bool bucket_add(struct bucket *b, uint32_t now_s, uint32_t n, uint32_t count, uint32_t window_s)
{
    uint64_t most = (uint64_t)count * PARTS;

    drain(b, now_s, count, window_s);
    if (b->level == 0) {
        b->began_s = now_s;
        b->is_full = 0;
    }
    uint64_t level = b->level + (uint64_t)n * PARTS;
    b->level = (uint32_t)(level > most ? most : level);
    if (level < most || b->is_full != 0)
        return false;
    b->is_full = 1;
    return true;
}
