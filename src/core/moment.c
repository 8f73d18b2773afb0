/* moment.c - see moment.h. The calendar is the proleptic Gregorian one, counted in eras of 400
 * years that begin on the first of March, so that the leap day is the last of its year. */
#include "core/moment.h"

#include <stdbool.h>
#include <stdio.h>

enum { ERA_DAYS = 146097, DAYS_TO_1970 = 719468, DAY_S = 86400 };

static const int64_t last_ms = 253402300799999; /* of the year 9999 */

struct date {
    int year, month, day;
};

static int64_t days_of(struct date d)
{
    int64_t year = d.month <= 2 ? d.year - 1 : d.year;
    int64_t era = year / 400, of_era = year % 400;
    int64_t of_year = (153 * (d.month > 2 ? d.month - 3 : d.month + 9) + 2) / 5 + d.day - 1;

    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

static struct date date_of(int64_t days) /* from 1970 on */
{
    int64_t z = days + DAYS_TO_1970;
    int64_t era = z / ERA_DAYS, of_era = z % ERA_DAYS;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA_DAYS - 1)) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t m = (5 * of_year + 2) / 153;
    int month = (int)(m < 10 ? m + 3 : m - 9);

    return (struct date){
        .year = (int)(year + era * 400) + (month <= 2 ? 1 : 0),
        .month = month,
        .day = (int)(of_year - (153 * m + 2) / 5) + 1,
    };
}

/* Takes exactly n digits and the character behind them ('\0': none). */
static bool take_number(struct str *s, size_t n, char behind, int *out)
{
    struct str digits, mark;
    int value = 0;

    if (!str_take(s, n, &digits) || !str_only(digits, "0123456789"))
        return false;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (digits.p[i] - '0');
    *out = value;
    return behind == '\0' || (str_take(s, 1, &mark) && mark.p[0] == behind);
}

static enum kw_err parse_date(struct str *s, int64_t *days)
{
    struct date d;

    if (!take_number(s, 4, '-', &d.year) || !take_number(s, 2, '-', &d.month) ||
        !take_number(s, 2, '\0', &d.day))
        return KW_ESYNTAX;
    if (d.year < 1970 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31)
        return KW_ERANGE;
    int64_t n = days_of(d);
    struct date again = date_of(n);
    if (again.month != d.month || again.day != d.day) /* the 30th of February */
        return KW_ERANGE;
    *days = n;
    return KW_OK;
}

static enum kw_err parse_time(struct str *s, int64_t *seconds)
{
    struct str mark;
    int h, m, sec;

    if (!str_take(s, 1, &mark) || mark.p[0] != 'T')
        return KW_ESYNTAX;
    if (!take_number(s, 2, ':', &h) || !take_number(s, 2, ':', &m) || !take_number(s, 2, 'Z', &sec))
        return KW_ESYNTAX;
    if (h > 23 || m > 59 || sec > 59)
        return KW_ERANGE;
    *seconds = (int64_t)h * 3600 + (int64_t)m * 60 + sec;
    return KW_OK;
}

enum kw_err moment_parse(struct str text, int64_t *out_ms)
{
    struct str rest = text;
    int64_t days, seconds = 0;

    TRY(parse_date(&rest, &days));
    if (rest.n > 0)
        TRY(parse_time(&rest, &seconds));
    if (rest.n > 0)
        return KW_ESYNTAX;
    *out_ms = (days * DAY_S + seconds) * 1000;
    return KW_OK;
}

void moment_print(int64_t ms, char out[MOMENT_LEN + 1])
{
    int64_t in_range = ms < 0 ? 0 : ms > last_ms ? last_ms : ms;
    int64_t s = in_range / 1000;
    struct date d = date_of(s / DAY_S);
    unsigned of_day = (unsigned)(s % DAY_S);

    snprintf(out, MOMENT_LEN + 1, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)d.year % 10000,
             (unsigned)d.month % 100, (unsigned)d.day % 100, of_day / 3600 % 100, of_day / 60 % 60,
             of_day % 60);
}
