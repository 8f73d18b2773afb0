/* day.c - see day.h. */
#include "record/day.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/file.h"

static const int64_t day_us = 86400 * (int64_t)1000000;

int32_t day_of(int64_t time_us)
{
    if (time_us < 0)
        return 0;
    int64_t day = time_us / day_us;
    return day > DAY_LAST ? DAY_LAST : (int32_t)day;
}

int64_t day_begin_us(int32_t day)
{
    return day * day_us;
}

void day_name(int32_t day, const char *suffix, char out[DAY_NAME_MAX])
{
    time_t at = (time_t)day * 86400;
    struct tm tm;

    if (gmtime_r(&at, &tm) == NULL)
        tm = (struct tm){0};
    snprintf(out, DAY_NAME_MAX, "%04u-%02u-%02u%.4s", (unsigned)(tm.tm_year + 1900) % 10000u,
             (unsigned)(tm.tm_mon + 1) % 100u, (unsigned)tm.tm_mday % 100u, suffix);
}

enum kw_err day_path(const char *folder, int32_t day, const char *suffix, char out[DAY_PATH_MAX])
{
    char name[DAY_NAME_MAX];

    day_name(day, suffix, name);
    int n = snprintf(out, DAY_PATH_MAX, "%s/%s", folder, name);
    return n >= 0 && n < DAY_PATH_MAX ? KW_OK : KW_ERANGE;
}

static bool number_of(struct str s, uint64_t max, uint64_t *out)
{
    while (s.n > 1 && s.p[0] == '0')
        s = (struct str){s.p + 1, s.n - 1};
    return str_u64(s, max, out) == KW_OK;
}

bool day_parse(struct str text, int32_t *out)
{
    struct str year, month, s = text;
    uint64_t y, m, d;
    char again[DAY_NAME_MAX];

    if (s.n != sizeof "2026-11-24" - 1 || !str_cut(s, '-', &year, &s) || !str_cut(s, '-', &month, &s))
        return false;
    if (!number_of(year, 9999, &y) || !number_of(month, 12, &m) || !number_of(s, 31, &d) || y < 1970)
        return false;
    struct tm tm = {.tm_year = (int)y - 1900, .tm_mon = (int)m - 1, .tm_mday = (int)d};
    int32_t day = (int32_t)(timegm(&tm) / 86400);
    day_name(day, "", again);
    *out = day;
    return str_eq(text, str_from(again)); /* a day that there is not comes out as another one */
}

/* The day of "2026-11-24.seg"; false for the name of anything else. */
static bool day_of_file(const char *name, int32_t *out)
{
    struct str s = str_from(name), day;

    return str_take(&s, sizeof "2026-11-24" - 1, &day) && str_eq(s, STR(".seg")) &&
           day_parse(day, out);
}

static int by_day(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

static void closedir_p(DIR **dir)
{
    if (*dir != NULL)
        closedir(*dir);
}

static enum kw_err collect(DIR *dir, struct buf *found)
{
    const struct dirent *entry;
    int32_t day;

    errno = 0;
    while ((entry = readdir(dir)) != NULL)
        if (day_of_file(entry->d_name, &day))
            buf_add(found, &day, sizeof day);
    if (errno != 0)
        return file_err(errno);
    return found->failed ? KW_ENOMEM : KW_OK;
}

enum kw_err days_list(const char *folder, struct days *out)
{
    AUTO(closedir_p) DIR *dir = opendir(folder);
    AUTO(buf_deinit) struct buf found = BUF_MAX((size_t)4 * (DAY_LAST + 1));

    if (dir == NULL)
        return file_err(errno);
    TRY(collect(dir, &found));
    size_t n = found.n / sizeof *out->day;
    if (n > 0)
        qsort(found.p, n, sizeof *out->day, by_day);
    void *days = STEAL(found.p);
    *out = (struct days){.day = days, .n = n};
    return KW_OK;
}

void days_deinit(struct days *d)
{
    free(d->day);
    *d = (struct days){0};
}
