/* retention.c - see retention.h. */
#include "record/retention.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

/* ---- what may go ---- */

/* KW_ENOTFOUND: nothing is in it yet; KW_EDAMAGED. */
static enum kw_err first_number(const char *audit_dir, int32_t day, uint64_t *out)
{
    AUTO(file_closep) int fd = -1;
    uint8_t peek[BATCH_PEEK];
    uint64_t size;
    size_t len;

    TRY(segment_open(audit_dir, day, &fd, &size));
    if (size < sizeof peek)
        return KW_ENOTFOUND;
    TRY(file_pread(fd, peek, sizeof peek, 0));
    return batch_peek(peek, &len, out);
}

/* How many days are too old. The last is never: it is being written. */
static size_t count_old(const struct days *days, int64_t oldest)
{
    size_t n = 0;

    while (n + 1 < days->n && days->day[n] < oldest)
        n++;
    return n;
}

/* Of the days up to n, whose number can be read: that of the first that has one. */
static uint64_t first_there(const char *audit_dir, const struct days *days, size_t n)
{
    uint64_t number = 0;

    for (size_t i = 0; i <= n; i++)
        if (first_number(audit_dir, days->day[i], &number) == KW_OK)
            return number;
    return number;
}

/* Only before a day that tells its first batch can be cut, and only behind what is counted. */
static enum kw_err cut_before(const char *audit_dir, const struct days *days, size_t n,
                              uint64_t counted, struct retention_cut *out)
{
    for (; n > 0; n--) {
        uint64_t number = 0;
        enum kw_err err = first_number(audit_dir, days->day[n], &number);
        if (err != KW_OK && err != KW_ENOTFOUND && err != KW_EDAMAGED)
            return err;
        if (err == KW_OK && number > 0 && number - 1 <= counted) {
            *out = (struct retention_cut){.first_day = days->day[n],
                                          .from_batch = first_there(audit_dir, days, n),
                                          .first_batch = number,
                                          .n_days = n};
            return KW_OK;
        }
    }
    return KW_ENOTFOUND;
}

enum kw_err retention_plan(const char *audit_dir, uint32_t keep_days, int64_t now_us,
                           uint64_t counted, struct retention_cut *out)
{
    AUTO(days_deinit) struct days days = {0};

    if (keep_days == 0)
        return KW_ENOTFOUND;
    TRY(days_list(audit_dir, &days));
    size_t n = count_old(&days, (int64_t)day_of(now_us) - keep_days);
    return cut_before(audit_dir, &days, n, counted, out);
}

/* ---- dropped ---- */

/* The segment last: without it nobody would look for the others again. */
static enum kw_err drop_day(const char *audit_dir, int32_t day)
{
    static const char *const suffixes[] = {".idx", ".cut", ".seg"};
    char path[DAY_PATH_MAX];

    for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
        TRY(day_path(audit_dir, day, suffixes[i], path));
        if (unlink(path) != 0 && errno != ENOENT)
            return file_err(errno);
    }
    return KW_OK;
}

/* Each day is gone for good before the next one goes: no power cut leaves a hole. */
static enum kw_err sync_folder(const char *audit_dir)
{
    AUTO(file_closep) int fd = open(audit_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 || fsync(fd) != 0)
        return file_err(errno);
    return KW_OK;
}

enum kw_err retention_drop(const char *audit_dir, int32_t first_day, size_t *n)
{
    AUTO(days_deinit) struct days days = {0};

    *n = 0;
    TRY(days_list(audit_dir, &days));
    for (size_t i = 0; i < days.n && days.day[i] < first_day; i++) {
        TRY(drop_day(audit_dir, days.day[i]));
        TRY(sync_folder(audit_dir));
        ++*n;
    }
    return KW_OK;
}

/* ---- on the record ---- */

void retention_note(const struct retention_cut *cut, char out[RETENTION_NOTE])
{
    char day[DAY_NAME_MAX];

    day_name(cut->first_day, "", day);
    snprintf(out, RETENTION_NOTE, "retention: from %s, dropped %llu-%llu", day,
             (unsigned long long)cut->from_batch, (unsigned long long)cut->first_batch - 1);
}

/* Takes what is known off the front. */
static bool skip(struct str *s, struct str known)
{
    struct str word;

    return str_starts(*s, known) && str_take(s, known.n, &word);
}

bool retention_note_parse(struct str agent, struct retention_cut *out)
{
    struct retention_cut cut = {.n_days = 0};
    struct str day, from, s = agent;
    uint64_t last;

    if (!skip(&s, STR("retention: from ")) || !str_take(&s, sizeof "2026-11-24" - 1, &day) ||
        !skip(&s, STR(", dropped ")) || !str_cut(s, '-', &from, &s))
        return false;
    if (!day_parse(day, &cut.first_day) || str_u64(from, UINT64_MAX, &cut.from_batch) != KW_OK ||
        str_u64(s, UINT64_MAX - 1, &last) != KW_OK)
        return false;
    cut.first_batch = last + 1;
    *out = cut;
    return true;
}

static bool is_gap(const struct record *r)
{
    return r->kind == RECORD_EVENT && r->bytes.n > 1 && r->bytes.p[1] == EVENT_GAP;
}

bool retention_find(const struct batch *b, struct retention_cut *out, uint32_t *record)
{
    struct record r;
    struct event e;
    size_t at = 0;
    bool bad, found = false;

    for (uint32_t i = 1; batch_next(b, &at, &r, NULL, NULL, &bad); i++)
        if (is_gap(&r) && event_decode(r.bytes, &e) == KW_OK && retention_note_parse(e.agent, out)) {
            *record = i;
            found = true;
        }
    return found;
}
