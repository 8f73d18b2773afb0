/* baseline.c - see baseline.h. */
#include "watch/baseline.h"

#include <assert.h>

enum {
    HOUR_S = 3600,
    STEPS_PER_HOUR = HOUR_S / BASELINE_STEP_S,
    CODES_PER_DOUBLING = 8,
    FAR_BELOW = 2 * CODES_PER_DOUBLING, /* a quarter of the busiest minute is never far too much */
    GROWS_BY = CODES_PER_DOUBLING,      /* by an alarm, and by a day, an hour doubles at most */
    SLACK_MAX = CODES_PER_DOUBLING,     /* what varies much is let more */
    FORGETS_HOURS = 4 * 24,
    SILENT_HOURS_MAX = 14 * 24, /* a longer silence is learnt as one of so long */
    SPREAD_PARTS = 4,           /* of a code */
    NEARLY = 4,                 /* codes: two thirds */
    CODE_MOST = UINT8_MAX + 1,  /* the one above the largest there is */
    DOWN_BY = 128, /* parts of what it is less, at least a code an hour that is learnt */
    NOISE = 3,     /* the busiest minute of an hour is so many roots above the mean */
};

static_assert(sizeof(struct baseline) == 92, "an image has no padding");

/* ---- codes ---- */

uint8_t baseline_code(uint64_t n)
{
    if (n == 0)
        return 0;
    unsigned doublings = 63 - (unsigned)__builtin_clzll(n);
    uint64_t eighths = doublings >= 3 ? n >> (doublings - 3) : n << (3 - doublings);
    unsigned code = 1 + doublings * CODES_PER_DOUBLING + (unsigned)(eighths & 7);
    return code > UINT8_MAX ? UINT8_MAX : (uint8_t)code;
}

uint64_t baseline_number(unsigned code)
{
    if (code == 0)
        return 0;
    if (code > CODE_MOST)
        return UINT64_MAX;
    unsigned doublings = (code - 1) / CODES_PER_DOUBLING, eighths = 8 + (code - 1) % 8;
    return doublings >= 3 ? (uint64_t)eighths << (doublings - 3)
                          : (uint64_t)eighths >> (3 - doublings);
}

/* ---- slots ---- */

/* 1970 began on a Thursday: days 2 and 3 of each seven are a weekend. */
static unsigned slot_of(uint32_t hour)
{
    uint32_t weekday = hour / BASELINE_HOURS % 7;
    bool is_weekend = weekday == 2 || weekday == 3;

    return hour % BASELINE_HOURS + (is_weekend ? BASELINE_HOURS : 0);
}

static unsigned max(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static unsigned min(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static unsigned minus(unsigned a, unsigned b)
{
    return a > b ? a - b : 0;
}

/* That of the hour and its neighbours: what comes at the full hour comes a little early or late now and then. */
static unsigned usual_at(const struct baseline *b, uint32_t hour)
{
    unsigned here = b->level[slot_of(hour)], before = b->level[slot_of(hour - 1)];

    return max(max(here, before), b->level[slot_of(hour + 1)]);
}

/* ---- learnt ---- */

static uint64_t root_of(uint64_t n)
{
    uint64_t root = n, next = n / 2 + 1;

    while (next < root) {
        root = next;
        next = (root + n / root) / 2;
    }
    return root;
}

/* Only what is more counts: a silent holiday is no sign that much will come. */
static void learn_spread(struct baseline *b, unsigned level, unsigned code)
{
    unsigned off = SPREAD_PARTS * minus(code, level);

    if (level == 0)
        return;
    if (off > b->spread)
        b->spread = (uint8_t)min(b->spread + (off - b->spread + 15) / 16, UINT8_MAX);
    else
        b->spread = (uint8_t)(b->spread - (b->spread - off + 31) / 32);
}

/* Up by half of what it is more, and at once to nearly all of it; down by so little that what comes once a week is not forgotten before
 * the next. */
static void learn_level(uint8_t *level, unsigned code)
{
    if (*level == 0)
        *level = (uint8_t)code;
    else if (code > *level)
        *level = (uint8_t)max(*level + (code - *level + 1) / 2, minus(code, NEARLY));
    else
        *level = (uint8_t)(*level - (*level - code + DOWN_BY - 1) / DOWN_BY);
}

static unsigned expected_at(const struct baseline *b, uint32_t hour)
{
    return max(usual_at(b, hour), minus(b->highest, FAR_BELOW));
}

static bool is_known(const struct baseline_limits *l, uint32_t now_s)
{
    return now_s >= l->first_s && now_s - l->first_s >= l->learn_s;
}

/* Once it is known, no hour is learnt as more than the busiest was when the day began, or twice what it was itself: else who
 * doubles each hour what he does would be usual each hour. So little that `times` as much is under `least` hides nothing. */
static unsigned most_learnt(const struct baseline *b, uint32_t hour, const struct baseline_limits *l)
{
    unsigned of_alarm = b->over_s / HOUR_S == hour ? expected_at(b, hour) + GROWS_BY : UINT8_MAX;
    unsigned little = baseline_code(l->least / max(l->times, 1));

    if (!is_known(l, hour * HOUR_S))
        return of_alarm;
    return min(of_alarm, max(max(b->highest, b->level[slot_of(hour)] + GROWS_BY), little));
}

static unsigned most_of_levels(const struct baseline *b)
{
    unsigned most = 0;

    for (size_t i = 0; i < BASELINE_SLOTS; i++)
        most = max(most, b->level[i]);
    return most;
}

static void learn_highest(struct baseline *b, uint32_t hour, unsigned code, bool is_at_once)
{
    bool is_last_of_day = (hour + 1) % BASELINE_HOURS == 0;
    unsigned most = is_at_once ? code : is_last_of_day ? most_of_levels(b) : 0;

    if (most > b->highest)
        b->highest = (uint8_t)most;
    else if (hour % FORGETS_HOURS == 0)
        b->highest = (uint8_t)minus(b->highest, 1);
}

static void learn_hour(struct baseline *b, uint32_t hour, uint64_t busiest,
                       const struct baseline_limits *l)
{
    uint8_t *level = &b->level[slot_of(hour)];
    unsigned code = min(baseline_code(busiest), most_learnt(b, hour, l));

    learn_spread(b, *level, code);
    learn_level(level, code);
    learn_highest(b, hour, code, !is_known(l, hour * HOUR_S));
}

/* The busiest of many minutes is above their mean by chance. A minute that stands alone, as a job's does, may as well have come low:
 * it is taken for the mean, and the chance is put on. */
static uint64_t busiest_of_many(const struct baseline *b)
{
    uint32_t alike = b->busiest == 0 || b->total < b->busiest ? 1 : b->total / b->busiest;

    return b->total == UINT16_MAX ? b->busiest : b->busiest + NOISE * root_of(b->busiest) / alike;
}

/* The hour that has ended, and those in which nothing came. */
static void end_hours(struct baseline *b, uint32_t hour, const struct baseline_limits *l)
{
    uint32_t ended = b->step / STEPS_PER_HOUR;

    learn_hour(b, ended, busiest_of_many(b), l);
    b->busiest = 0;
    b->total = 0;
    ended = hour - ended > SILENT_HOURS_MAX ? hour - SILENT_HOURS_MAX : ended + 1;
    for (; ended < hour; ended++)
        learn_hour(b, ended, 0, l);
}

/* ---- counted ---- */

static void go_to_step(struct baseline *b, uint32_t step, const struct baseline_limits *l)
{
    if (step / STEPS_PER_HOUR > b->step / STEPS_PER_HOUR && b->step != 0)
        end_hours(b, step / STEPS_PER_HOUR, l);
    if (step - b->step >= BASELINE_STEPS)
        memset(b->recent, 0, sizeof b->recent);
    else
        for (uint32_t s = b->step + 1; s <= step; s++)
            b->recent[s % BASELINE_STEPS] = 0;
    b->step = step;
}

static uint64_t sum_of(const struct baseline *b)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < BASELINE_STEPS; i++)
        sum += b->recent[i];
    return sum;
}

void baseline_add(struct baseline *b, uint32_t now_s, uint32_t n, const struct baseline_limits *l)
{
    uint32_t step = now_s / BASELINE_STEP_S;

    if (step > b->step)
        go_to_step(b, step, l);
    uint32_t *recent = &b->recent[b->step % BASELINE_STEPS];
    *recent = n > UINT32_MAX - *recent ? UINT32_MAX : *recent + n;
    uint64_t sum = sum_of(b);
    if (sum > b->busiest)
        b->busiest = sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
    b->total = n > (uint32_t)(UINT16_MAX - b->total) ? UINT16_MAX : (uint16_t)(b->total + n);
}

/* ---- judged ---- */

static unsigned expected(const struct baseline *b)
{
    return expected_at(b, b->step / STEPS_PER_HOUR);
}

/* Of few requests the busiest minute is mostly chance, and chance does not grow with what is done: so it is taken off, the mean
 * is multiplied, and the chance of that mean is put on again. What is usual is never too much, also where that leaves nothing. */
static uint64_t most_of(unsigned usual, uint32_t times)
{
    const uint64_t parts = 16, noise = parts * NOISE; /* of a root */
    uint64_t busiest = baseline_number(usual + 1);
    uint64_t root = (root_of(noise * noise + 4 * parts * parts * busiest) - noise) / 2;
    uint64_t mean = times * root * root / (parts * parts);
    uint64_t most = mean + NOISE * root_of(mean), least = baseline_number(usual);

    return usual == 0 ? 0 : most > least ? most : least;
}

static bool is_too_much(const struct baseline *b, uint64_t sum, const struct baseline_limits *l)
{
    unsigned slack = b->spread / SPREAD_PARTS, usual = expected(b);

    if (sum < l->least)
        return false;
    slack = slack > SLACK_MAX ? SLACK_MAX : slack;
    return sum > most_of(usual == 0 ? 0 : usual + slack, l->times);
}

bool baseline_judge(struct baseline *b, uint32_t now_s, const struct baseline_limits *l,
                    struct baseline_excess *out)
{
    uint64_t sum = sum_of(b);

    if (b->began_s != 0 && now_s - b->over_s > BASELINE_QUIET_S)
        b->began_s = 0;
    if (!is_known(l, now_s) || !is_too_much(b, sum, l))
        return false;
    bool is_new = b->began_s == 0;
    b->over_s = now_s;
    if (!is_new)
        return false;
    b->began_s = now_s;
    *out = (struct baseline_excess){sum, baseline_number(expected(b))};
    return true;
}
