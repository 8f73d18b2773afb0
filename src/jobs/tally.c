/* tally.c - see tally.h. */
#include "jobs/tally.h"

const uint64_t tally_bounds_us[TALLY_BOUNDS] = {
    100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000};

static void add(_Atomic uint64_t *to, uint64_t n)
{
    atomic_fetch_add_explicit(to, n, memory_order_relaxed);
}

void tally_event(struct tally *t, const struct event *e)
{
    if (e->kind == EVENT_WARNING)
        add(&t->warnings[warning_in(e)], 1);
    else
        add(&t->decisions[e->kind][e->reason], e->count);
}

void tally_add(_Atomic uint64_t *to)
{
    add(to, 1);
}

void tally_alert(struct tally *t, enum detector d, enum severity s)
{
    add(&t->alerts[d][s], 1);
    add(&t->alerts_open[s], 1);
}

void tally_alert_taken_on(struct tally *t, enum severity s)
{
    atomic_fetch_sub_explicit(&t->alerts_open[s], 1, memory_order_relaxed);
}

void tally_revocation(struct tally *t, uint64_t took_us)
{
    size_t i = 0;

    while (i < TALLY_BOUNDS && took_us > tally_bounds_us[i])
        i++;
    add(&t->revocations[i], 1);
    add(&t->revocations_us, took_us);
}
