/* census.c - see census.h. */
#include "jobs/census.h"

static unsigned state_of(const struct key_outline *k, int64_t now_ms)
{
    if (k->state == KEY_REVOKED)
        return CENSUS_REVOKED;
    if (lifecycle_expired(k->ends_ms, now_ms))
        return CENSUS_EXPIRED;
    return k->state == KEY_ACTIVE ? CENSUS_ACTIVE : CENSUS_DISABLED;
}

static void add_rotation(struct census *c, const struct key_outline *k, int64_t now_ms)
{
    int64_t due_ms = k->rotation_due_ms;

    if (due_ms == 0)
        return;
    c->overdue += due_ms < now_ms;
    c->due_soon += due_ms >= now_ms && due_ms < now_ms + census_soon_ms;
}

static void add_active(struct census *c, const struct key_outline *k, int64_t now_ms)
{
    int64_t since_ms = now_ms - census_unused_ms;

    c->never_used += k->used_ms == 0;
    c->unused += k->created_ms < since_ms && k->used_ms < since_ms;
    c->expiring += k->ends_ms != 0 && k->ends_ms < now_ms + census_soon_ms;
}

void census_add(struct census *c, const struct key_outline *k, int64_t now_ms)
{
    unsigned state = state_of(k, now_ms);

    if (k->environment == KW_PRODUCTION)
        c->production[state]++;
    else
        c->sandbox[state]++;
    if (state == CENSUS_ACTIVE || state == CENSUS_DISABLED)
        add_rotation(c, k, now_ms);
    if (state == CENSUS_ACTIVE)
        add_active(c, k, now_ms);
}
