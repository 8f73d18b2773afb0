/* main.c - how well the detectors find attacks in the traffic of a month, and how often they are wrong.
 *
 *     bench-detect [-v] [SEED [KEYS [EACH]]]     by default 6, 500, and 12 attacks of each kind and strength
 *
 * With -v every finding is told as well, and every medium attack that was missed. bench/README.md says what is drawn, and what
 * the figures mean. The exit status is 1 when an aim is missed. */
#include <stdio.h>

#include "month.h"

enum { SEED = 6, KEYS = 500, EACH = 12 };

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

static void print_wrong(const struct month_run *quiet, const struct month_run *attacked, double months)
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

static void print_figures(const struct month_figures *f)
{
    printf("quiet_notices %u\n", f->quiet_notices);
    printf("notices_per_100_key_months %.2f\n", f->notices_per_100_key_months);
    printf("detect_medium_rate %.4f\n", f->medium_rate);
    printf("detect_medium_delay_p95_s %.0f\n", f->medium_delay_p95_s);
    printf("false_alarms_per_100_key_months %.3f\n", f->wrong_per_100_key_months);
    printf("quiet_alarms %u\n", f->quiet_alarms);
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
    static struct month m;
    int first = argc > 1 && str_eq(str_from(argv[1]), STR("-v")) ? 2 : 1;

    m.is_told = first == 2;
    m.seed = number(argv, first, argc, SEED);
    m.n_keys = number(argv, first + 1, argc, KEYS);
    m.each = number(argv, first + 2, argc, EACH);
    month_play(&m);
    printf("seed %u, %u keys, %d + %d days; %.0f million attempts as %.0f million events, %.0f s "
           "of processor time\n\n",
           m.seed, m.n_keys, LEARN_DAYS, MEASURED_DAYS, (double)m.quiet.n_attempts / 1e6,
           (double)m.quiet.n_events / 1e6, (double)(m.quiet.ns + m.attacked.ns) / 1e9);
    print_table(&m.attacked.attacks);
    print_wrong(&m.quiet, &m.attacked, month_key_months(&m));
    const struct month_figures f = month_figures(&m);
    print_figures(&f);
    return month_is_good(&f) ? 0 : 1;
}
