/* day.h - the files of a record: one per UTC day, named after it. */
#ifndef RECORD_DAY_H
#define RECORD_DAY_H

#include "base/buf.h"

/* Days count from 1970-01-01. A record has the days 0 to 9999-12-31. */
enum { DAY_NAME_MAX = 16, DAY_LAST = 2932896 };

/* The day that a moment lies in; one outside of the range is the nearest. And when a day begins. */
int32_t day_of(int64_t time_us);
int64_t day_begin_us(int32_t day);

/* "2026-11-24.seg" or ".idx", terminated. */
void day_name(int32_t day, const char *suffix, char out[DAY_NAME_MAX]);

/* The same behind its folder. KW_ERANGE: longer than a path may be. */
enum { DAY_PATH_MAX = 4096 };
enum kw_err day_path(const char *folder, int32_t day, const char *suffix, char out[DAY_PATH_MAX]);

/* The day of "2026-11-24", exactly; false for any other text. */
bool day_parse(struct str text, int32_t *out);

/* The days that have a segment in the folder, in order, as int32_t in out (at most 1,000,000 bytes
 * of them). KW_ENOTFOUND: no such folder; KW_EPERM, KW_EIO, KW_ENOMEM, KW_EFULL. */
struct days {
    int32_t *day; /* owns */
    size_t n;
};
enum kw_err days_list(const char *folder, struct days *out) MUST_USE;
void days_deinit(struct days *d); /* for AUTO, too */

#endif
