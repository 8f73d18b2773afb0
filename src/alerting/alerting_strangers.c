/* alerting_strangers.c - how many alerts strangers have brought about; see alerting_inside.h. */
#include "alerting/alerting_inside.h"

enum { HOUR_MS = 3600 * 1000, HOURS = 24 };

bool alerting_is_strangers(const struct finding *f)
{
    return f->key_id[0] == '\0' && f->subject[0] != '\0' && f->detector != DETECT_WEBHOOK_OFF;
}

/* What was counted of an hour, or of a day, that is over. */
static void turn(struct alerting *a, int64_t hour)
{
    if (hour / HOURS != a->hour / HOURS)
        a->n_counts = 0;
    if (a->n_counts == 0)
        memset(a->counts, 0, sizeof a->counts);
    if (hour != a->hour)
        for (size_t i = 0; i < ALERTING_COUNTS; i++)
            a->counts[i].n = 0;
    a->hour = hour;
}

/* The last place is shared by all for whom there is none left. */
static struct alerting_count *count_of(struct alerting *a, const struct finding *f)
{
    turn(a, f->found_us / 1000 / HOUR_MS);
    for (size_t i = 0; i < a->n_counts; i++)
        if (a->counts[i].detector == f->detector && strcmp(a->counts[i].account, f->account) == 0)
            return &a->counts[i];
    if (a->n_counts == ALERTING_COUNTS - 1)
        return &a->counts[ALERTING_COUNTS - 1];
    struct alerting_count *c = &a->counts[a->n_counts++];
    c->detector = f->detector;
    memcpy(c->account, f->account, sizeof c->account);
    return c;
}

void alerting_count_stranger(struct alerting *a, const struct finding *f)
{
    struct alerting_count *c = count_of(a, f);

    c->n++;
    c->n_today++;
}

static void be_about_many(const struct alerting *a, struct finding *f, const char *name, int64_t n)
{
    f->subject[0] = '\0';
    f->began_us = a->hour * HOUR_MS * 1000;
    f->n_facts = 0;
    finding_number(f, name, n);
}

bool alerting_admit_stranger(struct alerting *a, struct finding *f)
{
    const struct alerting_count *c = count_of(a, f);

    if (c->n > ALERTING_STRANGERS_MAX || c->n_today > ALERTING_STRANGERS_A_DAY)
        return false;
    if (c->n_today == ALERTING_STRANGERS_A_DAY)
        be_about_many(a, f, "alertsThisDay", ALERTING_STRANGERS_A_DAY);
    else if (c->n == ALERTING_STRANGERS_MAX)
        be_about_many(a, f, "alertsThisHour", ALERTING_STRANGERS_MAX);
    return true;
}
