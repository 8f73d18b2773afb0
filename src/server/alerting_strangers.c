/* alerting_strangers.c - how many alerts strangers have brought about; see alerting_inside.h. */
#include "server/alerting_inside.h"

enum { HOUR_MS = 3600 * 1000 };

bool alerting_is_strangers(const struct finding *f)
{
    return f->key_id[0] == '\0' && f->subject[0] != '\0' && f->detector != DETECT_WEBHOOK_OFF;
}

struct alerting_count *alerting_count_of(struct alerting *a, const struct finding *f)
{
    int64_t hour = f->found_us / 1000 / HOUR_MS;

    if (hour != a->hour) {
        memset(a->counts, 0, sizeof a->counts);
        a->n_counts = 0;
        a->hour = hour;
    }
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

void alerting_make_many(const struct alerting *a, struct finding *f)
{
    f->subject[0] = '\0';
    f->began_us = a->hour * HOUR_MS * 1000;
    f->n_facts = 0;
    finding_number(f, "alertsThisHour", ALERTING_STRANGERS_MAX);
}
