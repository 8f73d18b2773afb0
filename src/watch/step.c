/* step.c - see step.h. */
#include "watch/step.h"

#include "base/macro.h"

#define MINUTE_MS INT64_C(60000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* Minutes are for what happens just now, hours for the month, days for the year and the month before it: 10,000 keys that
 * are always busy have 43 million minutes, 14 million hours and 4 million days then. */
static const struct {
    const char *name;
    int64_t ms;
    uint32_t kept;
} steps[N_STEPS] = {
    [STEP_MINUTE] = {"minute", MINUTE_MS, 3 * 24 * 60},
    [STEP_HOUR] = {"hour", HOUR_MS, 60 * 24},
    [STEP_DAY] = {"day", DAY_MS, 400},
};

const char *step_name(enum step s)
{
    return steps[s].name;
}

bool step_parse(struct str text, enum step *out)
{
    size_t i = STR_IN_BY(text, steps, name);

    if (i < N_STEPS)
        *out = (enum step)i;
    return i < N_STEPS;
}

int64_t step_ms(enum step s)
{
    return steps[s].ms;
}

uint32_t step_kept(enum step s)
{
    return steps[s].kept;
}

uint32_t step_at(enum step s, int64_t ms)
{
    int64_t n = ms < 0 ? 0 : ms / steps[s].ms;

    return n > INT32_MAX ? INT32_MAX : (uint32_t)n;
}
