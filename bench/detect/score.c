/* score.c - see score.h. */
#include "score.h"

#include <math.h>
#include <stdlib.h>

/* What is found shortly behind an attack is still about it. */
enum { AFTERWARDS_S = 120 };

static bool is_refused(enum attack_kind k)
{
    return k == ATTACK_STUFFING || k == ATTACK_GUESSING || k == ATTACK_PROBING ||
           k == ATTACK_FLOOD || k == ATTACK_OLD_SECRET;
}

/* About the same key or stranger; or refusals together, which any attack that is refused makes. */
static bool is_about(const struct attack *a, const struct finding *f, double *delay_s)
{
    *delay_s = (double)f->found_us / 1e6 - (double)a->begin_s;
    if (*delay_s < 0 || *delay_s > ATTACK_S + AFTERWARDS_S)
        return false;
    if (f->detector == DETECT_DENIAL_RATE)
        return is_refused(a->kind);
    return str_eq(str_from(a->subject), str_from(f->subject));
}

static enum kind kind_of(const struct traffic *t, const struct finding *f)
{
    for (uint32_t i = 0; i < t->n_keys && f->key_id[0] != '\0'; i++)
        if (str_eq(str_from(t->keys[i].id), str_from(f->key_id)))
            return t->keys[i].kind;
    return N_KINDS;
}

void score_take(struct score *s, const struct traffic *t, const struct finding *f)
{
    bool is_explained = false;
    double delay_s;

    if (f->found_us / 1000000 < s->measured_from_s)
        return;
    for (size_t i = 0; s->attacks != NULL && i < s->attacks->n; i++) {
        struct attack *a = &s->attacks->at[i];
        if (!is_about(a, f, &delay_s))
            continue;
        is_explained = true;
        if (attack_is_told_by(a->kind, f->detector) && !a->is_found) {
            a->is_found = true;
            a->delay_s = delay_s;
        }
    }
    if (is_explained)
        return;
    enum kind kind = kind_of(t, f);
    s->wrong[f->detector]++;
    if (kind != N_KINDS && detector_severity(f->detector) != SEVERITY_LOW)
        s->wrong_of_kind[kind]++;
}

/* ---- rates ---- */

struct score_rate score_of(const struct attacks *all, enum attack_kind k, enum strength s)
{
    static double delays[ATTACKS_MAX];
    struct score_rate r = {.n = 0};

    for (size_t i = 0; i < all->n; i++) {
        const struct attack *a = &all->at[i];
        if ((k != N_ATTACKS && a->kind != k) || a->strength != s)
            continue;
        r.n++;
        if (a->is_found)
            delays[r.n_found++] = a->delay_s;
        r.n_in_time += a->is_found && a->delay_s <= IN_TIME_S;
    }
    r.median_s = r.p95_s = NAN;
    if (r.n_found > 0) {
        r.median_s = median_of(delays, r.n_found); /* sorts */
        r.p95_s = delays[(r.n_found * 95 + 99) / 100 - 1];
    }
    return r;
}

static uint32_t count(const struct score *s, bool is_low)
{
    uint32_t n = 0;

    for (enum detector d = 0; d < N_DETECTORS; d++)
        if ((detector_severity(d) == SEVERITY_LOW) == is_low)
            n += s->wrong[d];
    return n;
}

uint32_t score_alarms(const struct score *s)
{
    return count(s, false);
}

uint32_t score_notices(const struct score *s)
{
    return count(s, true);
}
