/* main.c - how well the detectors find attacks in the traffic of a month, and how often they are wrong.
 *
 *     bench-detect [SEED [KEYS [EACH]]]       by default 2, 500, and 12 attacks of each kind and strength
 *
 * Two runs of LEARN_DAYS + 30 days: one in which nobody attacks, one with attacks. bench/README.md says what is drawn, and what
 * the figures mean. The exit status is 1 when an aim is missed. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "score.h"

enum { SEED = 2, KEYS = 500, EACH = 12 };

struct aims {
    double medium_rate, medium_delay_s, per_100_months;
    uint32_t quiet_alarms;
};
static const struct aims aims = {0.95, 60, 1, 0};

static struct traffic traffic;

struct run {
    struct attacks attacks;
    struct score score;
    uint64_t ns;
};

/* ---- a run ---- */

static enum kw_err found(void *ctx, const struct finding *f)
{
    struct run *r = ctx;

    score_take(&r->score, &traffic, f);
    if (getenv("DETECT_WRONG") != NULL)
        printf("# %s %s day %.3f of %s\n", detector_word(f->detector), f->subject,
               (double)(f->found_us / 1000000 - BEGIN_S) / DAY_S, f->key_id);
    return KW_OK;
}

static bool most(void *ctx, struct str key_id, struct str currency, struct amount *out)
{
    (void)ctx;
    (void)currency;
    for (uint32_t i = 0; i < traffic.n_keys; i++)
        if (str_eq(key_id, str_from(traffic.keys[i].id))) {
            *out = traffic.keys[i].most;
            return true;
        }
    return false;
}

static void run(struct run *r, uint64_t seed, uint32_t keys, uint32_t each)
{
    const struct detect_options o = {
        .ctx = r, .found = found, .spend_most = most, .locator = {NULL, traffic_locate}};
    struct detect *d;
    uint64_t began = thread_ns();

    must("detectors", detect_new(&o, &d));
    traffic_init(&traffic, seed, keys, d);
    attacks_draw(&r->attacks, &traffic, each);
    r->score =
        (struct score){.attacks = &r->attacks, .measured_from_s = BEGIN_S + LEARN_DAYS * DAY_S};
    for (; traffic.now_s < BEGIN_S + (int64_t)DAYS * DAY_S; traffic.now_s += STEP_S) {
        traffic_step(&traffic);
        attacks_step(&r->attacks, &traffic);
    }
    detect_free(d);
    r->ns = thread_ns() - began;
}

/* ---- printed ---- */

static void print_rate(const char *word, enum attack_kind k, enum strength s,
                       const struct attacks *all)
{
    const struct score_rate r = score_of(all, k, s);

    if (r.n > 0)
        printf("%-15s %-7s %5u %8.1f%% %8.1f%% %9.0f %9.0f\n", word, strength_word(s), r.n,
               100.0 * r.n_found / r.n, 100.0 * r.n_in_time / r.n, r.median_s, r.p95_s);
}

static void print_table(const struct attacks *all)
{
    printf("%-15s %-7s %5s %9s %9s %9s %9s\n", "attack", "", "n", "found", "in 60 s", "median s",
           "p95 s");
    for (enum attack_kind k = 0; k < N_ATTACKS; k++)
        for (enum strength s = 0; s < N_STRENGTHS; s++)
            print_rate(attack_word(k), k, s, all);
    for (enum strength s = 0; s < N_STRENGTHS; s++)
        print_rate("all", N_ATTACKS, s, all);
}

static void print_wrong(const struct run *quiet, const struct run *attacked, double months)
{
    printf("\n%-15s %-8s %12s %12s %18s\n", "detector", "severity", "wrong, quiet", "wrong, other",
           "per 100 key-months");
    for (enum detector d = 0; d < N_DETECTORS; d++) {
        uint32_t a = quiet->score.wrong[d], b = attacked->score.wrong[d];
        if (d <= DETECT_UNRECORDABLE)
            printf("%-15s %-8s %12u %12u %18.2f\n", detector_word(d),
                   severity_word(detector_severity(d)), a, b, 100 * (a + b) / months);
    }
    printf("\nalarms by kind of key (quiet, other):");
    for (enum kind k = 0; k < N_KINDS; k++)
        printf(" %s %u %u", kind_word(k), quiet->score.wrong_of_kind[k],
               attacked->score.wrong_of_kind[k]);
    printf("\n\n");
}

static bool print_figures(const struct run *quiet, const struct run *attacked, double months)
{
    const struct score_rate r = score_of(&attacked->attacks, N_ATTACKS, STRENGTH_MEDIUM);
    double rate = r.n == 0 ? 0 : (double)r.n_in_time / r.n;
    double wrong = 100 * (score_alarms(&quiet->score) + score_alarms(&attacked->score)) / months;

    printf("quiet_notices %u\n", score_notices(&quiet->score));
    printf("notices_per_100_key_months %.2f\n",
           100 * (score_notices(&quiet->score) + score_notices(&attacked->score)) / months);
    printf("detect_medium_rate %.4f\n", rate);
    printf("detect_medium_delay_p95_s %.0f\n", r.p95_s);
    printf("false_alarms_per_100_key_months %.3f\n", wrong);
    printf("quiet_alarms %u\n", score_alarms(&quiet->score));
    return rate >= aims.medium_rate && r.p95_s <= aims.medium_delay_s &&
           wrong < aims.per_100_months && score_alarms(&quiet->score) <= aims.quiet_alarms;
}

static uint32_t number(char **argv, int i, int argc, uint32_t otherwise)
{
    uint64_t n;

    if (i >= argc)
        return otherwise;
    must(argv[i], str_u64(str_from(argv[i]), KEYS_MAX, &n));
    return (uint32_t)n;
}

int main(int argc, char **argv)
{
    static struct run quiet, attacked;
    uint32_t seed = number(argv, 1, argc, SEED), keys = number(argv, 2, argc, KEYS);
    uint32_t each = number(argv, 3, argc, EACH);
    double months = 2.0 * keys * MEASURED_DAYS / 30;

    run(&quiet, seed, keys, 0);
    printf("seed %u, %u keys, %u + %u days; %.1f million attempts as %.1f million events, %.0f s "
           "of processor time\n\n",
           seed, keys, LEARN_DAYS, MEASURED_DAYS, (double)traffic.n_attempts / 1e6,
           (double)traffic.n_events / 1e6, (double)quiet.ns / 1e9);
    run(&attacked, seed, keys, each);
    print_table(&attacked.attacks);
    print_wrong(&quiet, &attacked, months);
    return print_figures(&quiet, &attacked, months) ? 0 : 1;
}
