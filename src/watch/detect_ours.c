/* detect_ours.c - the networks from which keys were proved lately: what fails there is rather ours than a stranger's. */
#include "record/hash.h"
#include "watch/cells.h"
#include "watch/detect_state.h"

enum { LATELY_DAYS = 7 };

uint64_t detect_network(const struct address *a)
{
    const struct address net = cells_net(a);

    return hash_bytes((struct str){(const char *)net.b, sizeof net.b}, 1);
}

/* How a set knows it; the other half of the hash tells the set. */
static uint32_t mark_of(uint64_t network)
{
    uint32_t mark = (uint32_t)(network >> 32);

    return mark == 0 ? 1 : mark;
}

/* In place of the one where nobody was for longest. */
void detect_see_ours(struct detect *d, uint64_t network, uint32_t day)
{
    struct ours_set *set = &d->ours[network % OURS_SETS];
    uint32_t mark = mark_of(network);
    size_t at = 0;

    for (size_t i = 0; i < OURS_PER_SET && set->mark[at] != mark; i++)
        if (set->mark[i] == mark || set->day[i] < set->day[at])
            at = i;
    if (set->mark[at] == mark && set->day[at] == day)
        return;
    set->format = DETECT_FORMAT;
    set->mark[at] = mark;
    set->day[at] = (uint16_t)day;
    d->is_ours_changed[network % OURS_SETS] = true;
}

bool detect_is_ours(const struct detect *d, const struct sight *s)
{
    uint64_t network = detect_network(&s->e->source);
    const struct ours_set *set = &d->ours[network % OURS_SETS];

    for (size_t i = 0; i < OURS_PER_SET; i++)
        if (set->mark[i] == mark_of(network))
            return day_of(s->now_s) - set->day[i] <= LATELY_DAYS;
    return false;
}
