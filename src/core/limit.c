/* limit.c - see limit.h.
 *
 * Ticks of 1/64 microsecond keep the error of a rate that does not divide its window below 2 % at a
 * million a second and far below at what people use, always towards fewer; and a burst of a million
 * at one a day still fits 64 bits. */
#include "core/limit.h"

#include <stdio.h>

enum { TICKS_PER_US = 64, BURST_PART = 10, LIMIT_N_MAX = 1000000, DAY_S = 86400 };

static const uint64_t TICKS_PER_S = UINT64_C(1000000) * TICKS_PER_US;
static const uint64_t TICKS_MAX = UINT64_MAX / 3; /* two such still add up */

/* A word that another thread wrote may be ahead of a time that was taken before: that is no damage.
 */
static const uint64_t SLACK_TICKS = UINT64_C(60) * 1000000 * TICKS_PER_US;

static const int64_t WALL_MAX_S = INT64_C(253402300799); /* the last second of the year 9999 */

static const struct {
    struct str name;
    uint32_t window_s;
} units[] = {
    {STR_INIT("s"), 1}, {STR_INIT("min"), 60}, {STR_INIT("hour"), 3600}, {STR_INIT("day"), DAY_S}};

static const struct {
    struct str name;
    enum quota_window window;
} windows[] = {{STR_INIT("day"), QUOTA_DAY}, {STR_INIT("month"), QUOTA_MONTH}};

/* ---- as text ---- */

static enum kw_err number_parse(struct str text, uint64_t max, uint32_t *out)
{
    uint64_t n;

    TRY(str_u64(text, max, &n));
    if (n == 0)
        return KW_ERANGE;
    *out = (uint32_t)n;
    return KW_OK;
}

static uint32_t default_burst(uint32_t n)
{
    return n < BURST_PART ? 1 : n / BURST_PART;
}

static enum kw_err unit_parse(struct str name, uint32_t *window_s)
{
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (str_eq(name, units[i].name)) {
            *window_s = units[i].window_s;
            return KW_OK;
        }
    return KW_ESYNTAX;
}

enum kw_err rate_parse(struct str text, struct rate *out)
{
    struct str n, unit, burst;
    struct rate rate = {0};

    if (!str_eq(text, STR("none"))) {
        if (!str_cut(text, '/', &n, &unit))
            return KW_ESYNTAX;
        bool has_burst = str_cut(unit, ':', &unit, &burst);
        TRY(unit_parse(unit, &rate.window_s));
        TRY(number_parse(n, LIMIT_N_MAX, &rate.n));
        rate.burst = default_burst(rate.n);
        if (has_burst)
            TRY(number_parse(burst, LIMIT_N_MAX, &rate.burst));
    }
    *out = rate;
    return KW_OK;
}

size_t rate_print(const struct rate *r, char out[48])
{
    const char *unit = "?";

    if (r->n == 0)
        return (size_t)snprintf(out, 48, "none");
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (r->window_s == units[i].window_s)
            unit = units[i].name.p;
    if (r->burst == default_burst(r->n))
        return (size_t)snprintf(out, 48, "%u/%s", r->n, unit);
    return (size_t)snprintf(out, 48, "%u/%s:%u", r->n, unit, r->burst);
}

static enum kw_err window_parse(struct str name, enum quota_window *out)
{
    for (size_t i = 0; i < COUNT_OF(windows); i++)
        if (str_eq(name, windows[i].name)) {
            *out = windows[i].window;
            return KW_OK;
        }
    return KW_ESYNTAX;
}

enum kw_err quota_parse(struct str text, struct quota *out)
{
    struct str n, window;
    struct quota quota = {0};

    if (!str_eq(text, STR("none"))) {
        if (!str_cut(text, '/', &n, &window))
            return KW_ESYNTAX;
        TRY(window_parse(window, &quota.window));
        TRY(number_parse(n, UINT32_MAX, &quota.n));
    }
    *out = quota;
    return KW_OK;
}

size_t quota_print(const struct quota *q, char out[48])
{
    for (size_t i = 0; i < COUNT_OF(windows); i++)
        if (q->window == windows[i].window)
            return (size_t)snprintf(out, 48, "%u/%s", q->n, windows[i].name.p);
    return (size_t)snprintf(out, 48, "none");
}

/* ---- rate ---- */

static uint64_t at_most(uint64_t v, uint64_t max)
{
    return v < max ? v : max;
}

static uint64_t divided_up(uint64_t v, uint64_t by)
{
    return v / by + (v % by != 0);
}

static uint32_t seconds(uint64_t ticks)
{
    return (uint32_t)at_most(divided_up(ticks, TICKS_PER_S), UINT32_MAX);
}

static struct limit_verdict unlimited(uint64_t word)
{
    return (struct limit_verdict){.ok = true, .next = word, .remaining = UINT32_MAX};
}

static uint64_t ticks_of_burst(uint64_t each, uint32_t burst)
{
    uint64_t ticks;

    if (__builtin_mul_overflow(each, burst, &ticks))
        return TICKS_MAX;
    return at_most(ticks, TICKS_MAX);
}

/* The bucket holds `burst` requests, `full` ticks' worth, and regains one in `each` ticks; `used`
 * of it is how far the word is ahead of now. */
struct bucket {
    uint64_t now, each, full, used;
};

static struct bucket bucket_of(const struct rate *r, uint64_t word, uint64_t now_us)
{
    struct bucket b = {.now = at_most(now_us, TICKS_MAX / TICKS_PER_US) * TICKS_PER_US};

    b.each = divided_up(r->window_s * TICKS_PER_S, r->n);
    b.full = ticks_of_burst(b.each, r->burst);
    b.used = word > b.now ? word - b.now : 0;
    if (b.used > b.full + SLACK_TICKS)
        b.used = b.full - b.each;
    return b;
}

static bool has_room(const struct bucket *b)
{
    return b->used + b->each <= b->full;
}

static struct limit_verdict state_of(const struct rate *r, const struct bucket *b, bool ok,
                                     uint64_t next)
{
    struct limit_verdict v = {
        .ok = ok, .next = next, .reset_s = seconds(b->used), .window_s = r->window_s};

    if (!ok)
        v.retry_s = seconds(b->used + b->each - b->full);
    if (b->used < b->full)
        v.remaining = (uint32_t)at_most((b->full - b->used) / b->each, UINT32_MAX);
    return v;
}

static bool admits_nothing(const struct rate *r)
{
    return r->burst == 0 || r->window_s == 0;
}

struct limit_verdict rate_look(const struct rate *r, uint64_t word, uint64_t now_us)
{
    if (r->n == 0)
        return unlimited(word);
    if (admits_nothing(r))
        return (struct limit_verdict){.next = word, .retry_s = 1, .window_s = r->window_s};
    struct bucket b = bucket_of(r, word, now_us);
    return state_of(r, &b, has_room(&b), word);
}

struct limit_verdict rate_judge(const struct rate *r, uint64_t word, uint64_t now_us)
{
    if (r->n == 0 || admits_nothing(r))
        return rate_look(r, word, now_us);
    struct bucket b = bucket_of(r, word, now_us);
    if (!has_room(&b))
        return state_of(r, &b, false, word);
    b.used += b.each;
    return state_of(r, &b, true, b.now + b.used);
}

/* ---- quota ---- */

static int64_t days_before_year(int64_t year) /* since 1970-01-01, proleptic Gregorian */
{
    int64_t y = year - 1;

    return 365 * y + y / 4 - y / 100 + y / 400 - 719162;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int64_t days_before_month(int64_t month) /* number since 1970-01 */
{
    static const int16_t before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t year = 1970 + month / 12;

    return days_before_year(year) + before[month % 12] + (month % 12 > 1 && is_leap(year));
}

static int64_t day_of(int64_t wall_s)
{
    if (wall_s < 0)
        return 0;
    return (wall_s < WALL_MAX_S ? wall_s : WALL_MAX_S) / DAY_S;
}

/* No month is shorter than 28 days and none longer than 31, so a guess from the mean is off by one
 * at most. */
static struct quota_span month_of_day(int64_t day)
{
    int64_t month = day * 4800 / 146097;
    int64_t begin = days_before_month(month), end = days_before_month(month + 1);

    if (begin > day) {
        end = begin;
        begin = days_before_month(--month);
    } else if (end <= day) {
        begin = end;
        end = days_before_month(++month + 1);
    }
    return (struct quota_span){(uint32_t)month, begin * DAY_S, end * DAY_S};
}

struct quota_span quota_span_of(enum quota_window w, int64_t wall_s)
{
    int64_t day = day_of(wall_s);

    switch (w) {
    case QUOTA_NONE:
        break;
    case QUOTA_DAY:
        return (struct quota_span){(uint32_t)day, day * DAY_S, (day + 1) * DAY_S};
    case QUOTA_MONTH:
        return month_of_day(day);
    }
    return (struct quota_span){.end_s = INT64_MAX};
}

/* Windows that a word counts in: the current one, or the next, where a clock was set back or
 * another thread is ahead. A word of an older window is over, and one of a later window is damaged:
 * what it has counted goes on, but for one that is left, in the current one. */
struct count {
    struct quota_span in;
    uint32_t n;
};

static struct count count_of(const struct quota *q, uint64_t word, int64_t now_s)
{
    struct count c = {.in = quota_span_of(q->window, now_s)};
    uint32_t window = (uint32_t)(word >> 32), n = (uint32_t)word;

    if (window < c.in.number)
        return c;
    c.n = n;
    if (window == c.in.number + 1)
        c.in = quota_span_of(q->window, c.in.end_s);
    else if (window != c.in.number && n >= q->n)
        c.n = q->n - 1;
    return c;
}

static int64_t clamped_s(int64_t wall_s)
{
    return wall_s < 0 ? 0 : wall_s < WALL_MAX_S ? wall_s : WALL_MAX_S;
}

static struct limit_verdict left_of(const struct quota *q, const struct count *c, int64_t now_s)
{
    struct limit_verdict v = {.ok = c->n < q->n,
                              .reset_s = (uint32_t)(c->in.end_s - now_s),
                              .window_s = (uint32_t)(c->in.end_s - c->in.begin_s)};

    if (v.ok)
        v.remaining = q->n - c->n;
    else
        v.retry_s = v.reset_s;
    return v;
}

struct limit_verdict quota_look(const struct quota *q, uint64_t word, int64_t wall_s)
{
    if (q->window == QUOTA_NONE)
        return unlimited(word);
    struct count c = count_of(q, word, clamped_s(wall_s));
    struct limit_verdict v = left_of(q, &c, clamped_s(wall_s));
    v.next = word;
    return v;
}

struct limit_verdict quota_judge(const struct quota *q, uint64_t word, int64_t wall_s)
{
    if (q->window == QUOTA_NONE)
        return unlimited(word);
    struct count c = count_of(q, word, clamped_s(wall_s));
    struct limit_verdict v = left_of(q, &c, clamped_s(wall_s));
    v.next = v.ok ? quota_word(c.in.number, c.n + 1) : word;
    v.remaining -= v.ok ? 1 : 0;
    return v;
}
