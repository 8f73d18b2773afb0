/* backup.c - see backup.h. */
#include "server/backup.h"

#include <errno.h>
#include <keyward/version.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/copy.h"
#include "base/file.h"
#include "core/moment.h"
#include "record/segment.h"
#include "store/head.h"
#include "store/store.h"

struct mark { /* where the record ended; day INT32_MIN: there was none */
    int32_t day;
    uint64_t n;
    int32_t first_day; /* and where it began, where it had days at all */
    size_t n_days;
};

struct making {
    const char *dir;
    struct config_paths from;
    struct backup_report *report;
    char *why;
    struct mark before; /* the database was copied, */
    uint64_t newest;    /* whose newest change this is */
};

static enum kw_err say(const struct making *m, enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(const struct making *m, enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(m->why, BACKUP_WHY_MAX, format, args);
    va_end(args);
    return err;
}

enum kw_err backup_path(const char *dir, const char *name, char out[BACKUP_PATH_MAX])
{
    int n = snprintf(out, BACKUP_PATH_MAX, "%s/%s", dir, name);

    return n >= 0 && n < BACKUP_PATH_MAX ? KW_OK : KW_ERANGE;
}

static enum kw_err make_dir(const struct making *m, const char *path)
{
    if (mkdir(path, 0700) == 0)
        return KW_OK;
    if (errno == EEXIST)
        return say(m, KW_EEXISTS, "%s is there already, and was not touched: name a new folder",
                   path);
    return say(m, file_err(errno), "the folder %s cannot be made: %s", path,
               kw_strerror(file_err(errno)));
}

static enum kw_err copy_file(const struct making *m, const char *from, uint64_t n, const char *name)
{
    char to[BACKUP_PATH_MAX];

    enum kw_err err = backup_path(m->dir, name, to);
    if (err == KW_OK)
        err = file_copy(from, n, to, 0600);
    if (err != KW_OK)
        return say(m, err, "%s cannot be copied into %s: %s", from, m->dir, kw_strerror(err));
    return KW_OK;
}

/* ---- the record ---- */

/* How much of a segment is whole batches: the newest one may be being written. */
static enum kw_err whole_part(const char *audit_dir, int32_t day, uint64_t *n)
{
    AUTO(file_closep) int fd = -1;
    AUTO(buf_deinit) struct buf batch = BUF_MAX(BATCH_MAX);
    uint64_t size;

    TRY(segment_open(audit_dir, day, &fd, &size));
    *n = segment_end(fd, size, &batch);
    return KW_OK;
}

/* How far a segment goes on, behind *n, without a change that the copied database has not. *ends: there is one. */
static enum kw_err known_part(const struct making *m, int32_t day, uint64_t *n, bool *ends)
{
    AUTO(file_closep) int fd = -1;
    AUTO(buf_deinit) struct buf bytes = BUF_MAX(BATCH_MAX);
    struct batch batch;
    uint64_t size;

    TRY(segment_open(m->from.audit_dir, day, &fd, &size));
    for (enum kw_err err; (err = segment_read(fd, size, *n, &bytes, &batch)) != KW_ENOTFOUND;) {
        TRY(err);
        *ends = batch.change_seq > m->newest;
        if (*ends)
            return KW_OK;
        *n += batch.len;
    }
    return KW_OK;
}

/* What was there before the database was copied is all of it known. Not by its numbers: after `keyward recover` they are given again. */
static enum kw_err part_of(const struct making *m, int32_t day, uint64_t *n, bool *ends)
{
    if (day < m->before.day)
        return whole_part(m->from.audit_dir, day, n);
    *n = day == m->before.day ? m->before.n : 0;
    return known_part(m, day, n, ends);
}

static enum kw_err mark_record(struct making *m)
{
    AUTO(days_deinit) struct days days = {0};

    enum kw_err err = days_list(m->from.audit_dir, &days);
    if (err == KW_OK && days.n > 0) {
        m->before.day = days.day[days.n - 1];
        m->before.first_day = days.day[0];
        m->before.n_days = days.n;
        err = whole_part(m->from.audit_dir, m->before.day, &m->before.n);
    }
    if (err == KW_OK || err == KW_ENOTFOUND) /* nothing has been recorded yet */
        return KW_OK;
    return say(m, err, "the record in %s cannot be read: %s", m->from.audit_dir, kw_strerror(err));
}

static enum kw_err copy_day(const struct making *m, int32_t day, bool *ends)
{
    char from[DAY_PATH_MAX], name[DAY_NAME_MAX], to[DAY_NAME_MAX + 8];
    uint64_t n;

    TRY(part_of(m, day, &n, ends));
    if (n == 0)
        return KW_OK;
    TRY(day_path(m->from.audit_dir, day, ".seg", from));
    day_name(day, ".seg", name);
    snprintf(to, sizeof to, "audit/%s", name);
    TRY(copy_file(m, from, n, to));
    m->report->days++;
    m->report->bytes += n;
    return KW_OK;
}

/* The note of it may lie behind what is copied, and the copy would look as if somebody had deleted them. */
static enum kw_err dropped_meanwhile(const struct making *m)
{
    return say(m, KW_EBUSY, "old days of the record were dropped meanwhile: make the copy again");
}

static enum kw_err copy_record(const struct making *m)
{
    AUTO(days_deinit) struct days days = {0};
    char audit[BACKUP_PATH_MAX];
    bool ends = false;

    TRY(backup_path(m->dir, "audit", audit));
    TRY(make_dir(m, audit));
    enum kw_err err = days_list(m->from.audit_dir, &days);
    if (err == KW_ENOTFOUND) /* nothing has been recorded yet */
        return KW_OK;
    if (err == KW_OK && days.n > 0 && m->before.n_days > 0 && days.day[0] != m->before.first_day)
        return dropped_meanwhile(m);
    for (size_t i = 0; i < days.n && err == KW_OK && !ends; i++)
        err = copy_day(m, days.day[i], &ends);
    if (err == KW_ENOTFOUND && m->why[0] == '\0')
        return dropped_meanwhile(m);
    if (err != KW_OK && m->why[0] == '\0')
        return say(m, err, "the record in %s cannot be read: %s", m->from.audit_dir,
                   kw_strerror(err));
    return err;
}

/* ---- database, keys, settings ---- */

static enum kw_err copy_database(struct making *m)
{
    char to[BACKUP_PATH_MAX], because[256] = "";
    struct link head;

    enum kw_err err = head_read(m->from.head, &head);
    if (err != KW_OK)
        return say(m, err, "%s cannot be read: %s", m->from.head, kw_strerror(err));
    m->report->changes = head.n;
    TRY(copy_file(m, m->from.head, FILE_COPY_ALL, "head"));
    TRY(backup_path(m->dir, "keyward.db", to));
    err = store_backup(m->from.database, to, &m->newest, because);
    if (err != KW_OK)
        return say(m, err, "%s", because[0] == '\0' ? kw_strerror(err) : because);
    return KW_OK;
}

static enum kw_err copy_keys(const struct making *m)
{
    char keys[BACKUP_PATH_MAX];

    TRY(backup_path(m->dir, "keys", keys));
    TRY(make_dir(m, keys));
    TRY(copy_file(m, m->from.master_key, FILE_COPY_ALL, "keys/master.key"));
    TRY(copy_file(m, m->from.audit_key, FILE_COPY_ALL, "keys/audit.key"));
    return KW_OK;
}

static enum kw_err write_label(const struct making *m, bool with_keys)
{
    char path[BACKUP_PATH_MAX], made_at[MOMENT_LEN + 1], text[256];

    moment_print(clock_wall_ms(), made_at);
    int n = snprintf(text, sizeof text,
                     "{\"format\": %d, \"version\": \"%s\", \"madeAt\": \"%s\", \"changes\": %llu, "
                     "\"days\": %u, \"withKeys\": %s}\n",
                     BACKUP_FORMAT, KEYWARD_VERSION, made_at, (unsigned long long)m->report->changes,
                     m->report->days, with_keys ? "true" : "false");
    TRY(backup_path(m->dir, "backup.json", path));
    enum kw_err err = file_replace(path, (struct str){text, (size_t)n}, 0600);
    if (err != KW_OK)
        return say(m, err, "%s cannot be written: %s", path, kw_strerror(err));
    return KW_OK;
}

/* The order matters: see backup.h. */
static enum kw_err make(struct making *m, const char *config_file, bool with_keys)
{
    TRY(make_dir(m, m->dir));
    TRY(mark_record(m));
    TRY(copy_database(m));
    TRY(copy_record(m));
    TRY(copy_file(m, m->from.audit_pub, FILE_COPY_ALL, "audit.pub"));
    TRY(copy_file(m, config_file, FILE_COPY_ALL, "keyward.yaml"));
    if (with_keys)
        TRY(copy_keys(m));
    return write_label(m, with_keys);
}

enum kw_err backup_make(const struct config *config, const char *config_file, const char *dir,
                        bool with_keys, struct backup_report *out, char why[BACKUP_WHY_MAX])
{
    struct backup_report report = {0};
    struct making m = {.dir = dir, .report = &report, .why = why, .before = {.day = INT32_MIN}};

    why[0] = '\0';
    config_paths_of(config, &m.from);
    TRY(make(&m, config_file, with_keys));
    *out = report;
    return KW_OK;
}
