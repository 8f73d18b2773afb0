/* month.c - see month.h. */
#include "month.h"

#include <stdio.h>

enum { KEYS_IN_FLOODS = 3 };

static struct traffic traffic;

struct playing {
    const struct month *m;
    struct month_run *run;
};

/* ---- what the detectors ask for ---- */

static enum kw_err found(void *ctx, const struct finding *f)
{
    const struct playing *p = ctx;

    score_take(&p->run->score, &traffic, f);
    if (p->m->is_told)
        printf("# %s %s day %.3f\n", detector_word(f->detector), f->subject,
               ((double)f->found_us / 1e6 - BEGIN_S) / DAY_S);
    return KW_OK;
}

/* The id of a key is its number. */
static bool most(void *ctx, struct str key_id, struct str currency, struct amount *out)
{
    uint32_t i = 0;

    (void)ctx;
    (void)currency;
    for (size_t n = 0; n < key_id.n; n++)
        i = i * 10 + (uint32_t)(key_id.p[n] - '0');
    *out = traffic.keys[i].most;
    return true;
}

/* ---- played ---- */

static void play(const struct month *m, struct month_run *r, uint64_t seed, uint32_t n_keys,
                 uint32_t each, bool is_flood)
{
    struct playing p = {m, r};
    const struct detect_options o = {
        .ctx = &p, .found = found, .spend_most = most, .locator = {NULL, traffic_locate}};
    struct detect *d;
    uint64_t began = thread_ns();

    must("detectors", detect_new(&o, &d));
    traffic_init(&traffic, seed, n_keys, d);
    attacks_draw(&r->attacks, &traffic, each, is_flood);
    r->score = (struct score){.attacks = &r->attacks,
                              .measured_from_s = BEGIN_S + (int64_t)LEARN_DAYS * DAY_S};
    for (; traffic.now_s < BEGIN_S + (int64_t)DAYS * DAY_S; traffic.now_s += STEP_S) {
        traffic_step(&traffic);
        attacks_step(&r->attacks, &traffic);
    }
    detect_free(d);
    r->n_events = traffic.n_events;
    r->n_attempts = traffic.n_attempts;
    r->ns = thread_ns() - began;
}

static void add(struct month_run *r, const struct month_run *more)
{
    for (size_t i = 0; i < more->attacks.n && r->attacks.n < ATTACKS_MAX; i++)
        r->attacks.at[r->attacks.n++] = more->attacks.at[i];
    for (enum detector d = 0; d < N_DETECTORS; d++)
        r->score.wrong[d] += more->score.wrong[d];
    r->ns += more->ns;
}

static void tell_missed(const struct attacks *all)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct attack *a = &all->at[i];
        if (a->strength == STRENGTH_MEDIUM && (!a->is_found || a->delay_s > IN_TIME_S))
            printf("# missed %s of %s, day %.3f, %.1f a minute%s\n", attack_word(a->kind),
                   a->subject, (double)(a->begin_s - BEGIN_S) / DAY_S, a->per_s * 60,
                   a->is_found ? ", found late" : "");
    }
}

void month_play(struct month *m)
{
    play(m, &m->quiet, m->seed, m->n_keys, 0, false);
    if (m->each > 0)
        play(m, &m->attacked, m->seed, m->n_keys, m->each, false);
    for (uint32_t i = 0; i < m->each; i++) {
        play(m, &m->flood, m->seed * 1000 + i, KEYS_IN_FLOODS, 1, true);
        add(&m->attacked, &m->flood);
    }
    if (m->is_told)
        tell_missed(&m->attacked.attacks);
}

/* ---- figures ---- */

double month_key_months(const struct month *m)
{
    return (m->each == 0 ? 1.0 : 2.0) * m->n_keys * MEASURED_DAYS / 30;
}

struct month_figures month_figures(const struct month *m)
{
    const struct score_rate r = score_of(&m->attacked.attacks, N_ATTACKS, STRENGTH_MEDIUM);
    uint32_t alarms = score_alarms(&m->quiet.score) + score_alarms(&m->attacked.score);
    uint32_t notices = score_notices(&m->quiet.score) + score_notices(&m->attacked.score);

    return (struct month_figures){
        .medium_rate = r.n == 0 ? 0 : (double)r.n_in_time / r.n,
        .medium_delay_p95_s = r.p95_s,
        .wrong_per_100_key_months = 100 * alarms / month_key_months(m),
        .notices_per_100_key_months = 100 * notices / month_key_months(m),
        .quiet_alarms = score_alarms(&m->quiet.score),
        .quiet_notices = score_notices(&m->quiet.score),
    };
}

bool month_is_good(const struct month_figures *f)
{
    return f->medium_rate >= MONTH_MEDIUM_RATE && f->medium_delay_p95_s <= MONTH_MEDIUM_DELAY_S &&
           f->wrong_per_100_key_months < MONTH_WRONG_PER_100 &&
           f->quiet_alarms <= MONTH_QUIET_ALARMS;
}
