/* restore.c - see restore.h. The database is verified beside its place and gets its name last: what is interrupted leaves no
 * database, and keyward serve does not start. */
#include "server/restore.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "base/file.h"
#include "base/hex.h"
#include "keyring/format.h"
#include "record/verify.h"
#include "store/head.h"
#include "store/store.h"

enum { KEY_TEXT_MAX = 256, LABEL_MAX = 4096, STAGED_MAX = CONFIG_PATH_MAX + 48 };

struct restoring {
    const struct restore_options *o;
    struct config_paths to;
    struct restore_report *report;
    char *why;
    char database[STAGED_MAX], head[STAGED_MAX]; /* beside their places, until they are verified */
    char keyring[STAGED_MAX];
    bool keys_made[3];
};

static const struct key_file {
    const char *name;
    mode_t mode;
} key_files[3] = {{"keys/master.key", 0600}, {"keys/audit.key", 0600}, {"audit.pub", 0644}};

static const char *key_place(const struct restoring *r, size_t i)
{
    return i == 0 ? r->to.master_key : i == 1 ? r->to.audit_key : r->to.audit_pub;
}

static enum kw_err say(const struct restoring *r, enum kw_err err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static enum kw_err say(const struct restoring *r, enum kw_err err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(r->why, BACKUP_WHY_MAX, format, args);
    va_end(args);
    return err;
}

static bool is_there(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 || errno != ENOENT;
}

/* ---- before anything ---- */

static enum kw_err check_label(const struct restoring *r)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(LABEL_MAX);
    char path[BACKUP_PATH_MAX];

    TRY(backup_path(r->o->dir, "backup.json", path));
    if (file_read(path, &text) != KW_OK)
        return say(r, KW_EDAMAGED,
                   "%s is missing: this is no copy that `keyward backup` has finished", path);
    json_t *label = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, NULL);
    json_int_t format = json_integer_value(json_object_get(label, "format"));
    json_decref(label);
    if (format != BACKUP_FORMAT)
        return say(r, KW_EFORMAT, "%s: a copy of format %lld; this program reads %d", path,
                   (long long)format, BACKUP_FORMAT);
    return KW_OK;
}

static enum kw_err check_empty(const struct restoring *r)
{
    AUTO(days_deinit) struct days days = {0};
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char path[STAGED_MAX];

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        snprintf(path, sizeof path, "%s%s", r->to.database, ends[i]);
        if (is_there(path))
            return say(r, KW_EEXISTS,
                       "%s is there already; nothing was touched. Move the state folder away first",
                       path);
    }
    enum kw_err err = days_list(r->to.audit_dir, &days);
    if (err == KW_OK && days.n > 0)
        return say(r, KW_EEXISTS,
                   "there is a record in %s already; nothing was touched. Move it away first",
                   r->to.audit_dir);
    return err == KW_ENOTFOUND ? KW_OK : err;
}

/* ---- keys ---- */

static enum kw_err read_text(const char *path, struct buf *out)
{
    buf_room(out, KEY_TEXT_MAX); /* in one place, to be wiped */
    enum kw_err err = file_read(path, out);
    return err;
}

static bool same_text(const char *a, const char *b)
{
    AUTO(buf_deinit) struct buf first = BUF_MAX(KEY_TEXT_MAX);
    AUTO(buf_deinit) struct buf second = BUF_MAX(KEY_TEXT_MAX);

    bool same = read_text(a, &first) == KW_OK && read_text(b, &second) == KW_OK &&
                str_eq(str_trim(buf_view(&first)), str_trim(buf_view(&second)));
    if (first.p != NULL)
        explicit_bzero(first.p, first.cap);
    if (second.p != NULL)
        explicit_bzero(second.p, second.cap);
    return same;
}

static enum kw_err take_key(struct restoring *r, size_t i)
{
    const char *place = key_place(r, i);
    char copy[BACKUP_PATH_MAX];

    TRY(backup_path(r->o->dir, key_files[i].name, copy));
    bool in_copy = is_there(copy), here = is_there(place);
    if (!in_copy && !here)
        return say(r, KW_EINVAL,
                   "%s is missing, and the copy holds no keys: put it back from where it is kept",
                   place);
    if (in_copy && here && !same_text(copy, place))
        return say(r, KW_EINVAL, "%s is another than that of the copy: move it away first", place);
    if (here)
        return KW_OK;
    enum kw_err err = file_copy(copy, FILE_COPY_ALL, place, key_files[i].mode);
    if (err != KW_OK)
        return say(r, err, "%s cannot be written: %s", place, kw_strerror(err));
    r->keys_made[i] = true;
    return KW_OK;
}

static enum kw_err take_keys(struct restoring *r)
{
    if (mkdir(r->to.keys_dir, 0700) != 0 && errno != EEXIST)
        return say(r, file_err(errno), "the folder %s cannot be made: %s", r->to.keys_dir,
                   kw_strerror(file_err(errno)));
    for (size_t i = 0; i < COUNT_OF(key_files); i++)
        TRY(take_key(r, i));
    return KW_OK;
}

/* ---- the record ---- */

static enum kw_err check_record(const struct restoring *r, const char *audit)
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(KEY_TEXT_MAX);
    uint8_t key[PUBLIC_KEY_LEN];
    struct verify_report v;

    enum kw_err err = file_read(r->to.audit_pub, &text);
    if (err == KW_OK)
        err = hex_get(str_trim(buf_view(&text)), key, sizeof key);
    if (err != KW_OK)
        return say(r, err, "%s cannot be read: %s", r->to.audit_pub, kw_strerror(err));
    err = verify_folder(audit, key, NULL, &v);
    if (err == KW_ENOTFOUND) /* nothing had been recorded */
        return KW_OK;
    if (err != KW_OK)
        return say(r, err, "the record in %s cannot be read: %s", audit, kw_strerror(err));
    if (v.what != NULL)
        return say(r, KW_EDAMAGED, "%s/%s: batch %llu does not hold: %s", audit, v.file,
                   (unsigned long long)v.batch, v.what);
    r->report->batches = v.batches;
    return KW_OK;
}

static enum kw_err put_record(const struct restoring *r, const char *audit)
{
    AUTO(days_deinit) struct days days = {0};
    char from[DAY_PATH_MAX], to[DAY_PATH_MAX];

    if (mkdir(r->to.audit_dir, 0700) != 0 && errno != EEXIST)
        return file_err(errno);
    TRY(days_list(audit, &days));
    for (size_t i = 0; i < days.n; i++) {
        TRY(day_path(audit, days.day[i], ".seg", from));
        TRY(day_path(r->to.audit_dir, days.day[i], ".seg", to));
        TRY(file_copy(from, FILE_COPY_ALL, to, 0600));
    }
    return days.n == 0 ? KW_OK : file_sync_folder(to);
}

/* ---- the database ---- */

/* How much the installation knows that the copy does not. Without a head nothing is known here; one that cannot be read
 * is another matter: what it knew may be a revocation. */
static enum kw_err count_lost(const struct restoring *r)
{
    struct link here;

    r->report->lost = 0;
    enum kw_err err = head_read(r->to.head, &here);
    if (err == KW_OK && here.n > r->report->changes)
        r->report->lost = here.n - r->report->changes;
    if (err == KW_OK || err == KW_ENOTFOUND || r->o->accept_loss)
        return KW_OK;
    return say(r, KW_ECONFLICT,
               "%s cannot be read (%s), so nobody can tell which changes were acknowledged after "
               "the copy was made; keys revoked in them would be valid again",
               r->to.head, kw_strerror(err));
}

static enum kw_err stage(const struct restoring *r)
{
    char database[BACKUP_PATH_MAX], head[BACKUP_PATH_MAX];

    TRY(backup_path(r->o->dir, "keyward.db", database));
    TRY(backup_path(r->o->dir, "head", head));
    unlink(r->database); /* of a restore that was interrupted */
    unlink(r->head);
    enum kw_err err = file_copy(database, FILE_COPY_ALL, r->database, 0600);
    if (err == KW_OK)
        err = file_copy(head, FILE_COPY_ALL, r->head, 0600);
    if (err != KW_OK)
        return say(r, err, "the copy cannot be read, or there is no room: %s", kw_strerror(err));
    return KW_OK;
}

static enum kw_err check_database(const struct restoring *r)
{
    const struct store_paths paths = {
        .database = r->database, .master_key = r->to.master_key, .head = r->head};
    char because[256] = "";

    enum kw_err err = store_check(&paths, &r->report->changes, because);
    if (err != KW_OK)
        return say(r, err, "the copy's database does not hold: %s",
                   because[0] == '\0' ? kw_strerror(err) : because);
    TRY(count_lost(r));
    if (r->report->lost > 0 && !r->o->accept_loss && !r->o->only_check)
        return say(r, KW_ECONFLICT,
                   "%llu changes were acknowledged after the copy was made; keys revoked in them "
                   "would be valid again",
                   (unsigned long long)r->report->lost);
    return KW_OK;
}

/* Verifiers may hold a keyring with what is given up here: the next start waits until they have noticed that there is
 * another, as after any start in a boot in which Keyward has run before. */
static enum kw_err mark_boot(const struct restoring *r)
{
    uint8_t boot_id[16];
    char text[2 * sizeof boot_id];

    TRY(keyring_boot_id(boot_id));
    hex_put(boot_id, sizeof boot_id, text);
    return file_replace(r->to.boot, (struct str){text, sizeof text}, 0600);
}

/* It may be of another database, with keys that this one does not know; the next start makes one from this. Verifiers
 * that hold it deny as soon as they look. */
static enum kw_err drop_keyring(const struct restoring *r)
{
    return unlink(r->keyring) == 0 || errno == ENOENT ? KW_OK : file_err(errno);
}

static enum kw_err put_database(const struct restoring *r)
{
    TRY(mark_boot(r));
    TRY(drop_keyring(r));
    if (rename(r->head, r->to.head) != 0)
        return file_err(errno);
    TRY(file_sync_folder(r->to.head));
    if (rename(r->database, r->to.database) != 0)
        return file_err(errno);
    return file_sync_folder(r->to.database);
}

/* ---- all of it ---- */

static enum kw_err put_in_place(const struct restoring *r, const char *audit)
{
    enum kw_err err = put_record(r, audit);

    if (err == KW_OK)
        err = put_database(r);
    if (err != KW_OK)
        return say(r, err, "it cannot be put in place: %s; empty the state folder and try again",
                   kw_strerror(err));
    r->report->restored = true;
    return KW_OK;
}

static enum kw_err check_and_put(struct restoring *r)
{
    char audit[BACKUP_PATH_MAX];

    TRY(check_label(r));
    if (!r->o->only_check)
        TRY(check_empty(r));
    TRY(take_keys(r));
    TRY(backup_path(r->o->dir, "audit", audit));
    TRY(check_record(r, audit));
    TRY(stage(r));
    TRY(check_database(r));
    return r->o->only_check ? KW_OK : put_in_place(r, audit);
}

static void clean(const struct restoring *r)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[STAGED_MAX + 8];

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        snprintf(path, sizeof path, "%s%s", r->database, ends[i]);
        unlink(path);
    }
    unlink(r->head);
    for (size_t i = 0; i < COUNT_OF(key_files) && !r->report->restored; i++)
        if (r->keys_made[i])
            unlink(key_place(r, i));
}

enum kw_err restore_make(const struct config *config, const struct restore_options *options,
                         struct restore_report *out, char why[BACKUP_WHY_MAX])
{
    struct restoring r = {.o = options, .report = out, .why = why};

    *out = (struct restore_report){0};
    why[0] = '\0';
    config_paths_of(config, &r.to);
    /* A check may run beside a restore: it must not put anything into that one's hands. */
    const char *suffix = options->only_check ? "checked" : "restored";
    snprintf(r.database, sizeof r.database, "%s.%s", r.to.database, suffix);
    snprintf(r.head, sizeof r.head, "%s.%s", r.to.head, suffix);
    snprintf(r.keyring, sizeof r.keyring, "%s/keyring", config->run_dir);
    enum kw_err err = check_and_put(&r);
    clean(&r);
    return err;
}
