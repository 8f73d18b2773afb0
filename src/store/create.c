/* create.c - a new, empty store. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "store/head.h"
#include "store/inside.h"
#include "store/migrate.h"

/* The database is made beside its place and gets its name last: a database that is there is whole.
 * Before that head is written; whoever is killed between the two leaves a head that names an empty
 * log, and can create again. */

static const char *const file_ends[] = {"", "-wal", "-shm", "-journal"}; /* SQLite's */

static enum kw_err join(const char *path, const char *end, char out[PATH_MAX])
{
    int n = snprintf(out, PATH_MAX, "%s%s", path, end);

    return n >= 0 && n < PATH_MAX ? KW_OK : KW_ERANGE;
}

/* A write-ahead log of an earlier database would be played into the new one. */
static enum kw_err check_free(const char *database, char why[WHY_MAX])
{
    char path[PATH_MAX];

    for (size_t i = 0; i < COUNT_OF(file_ends); i++) {
        TRY(join(database, file_ends[i], path));
        if (access(path, F_OK) == 0 || errno != ENOENT)
            return because(why, KW_EEXISTS, "%s is there already; nothing was touched", path);
    }
    return KW_OK;
}

/* A head that names an empty log is what an interrupted create leaves behind. */
static enum kw_err check_head(const char *path, const struct link *start, char why[WHY_MAX])
{
    struct link head;

    enum kw_err err = head_read(path, &head);
    if (err == KW_ENOTFOUND || (err == KW_OK && head.n == 0 && digest_eq(&head.mac, &start->mac)))
        return KW_OK;
    return because(
        why, KW_EEXISTS,
        "%s is there already, and with it a database once was: put that back; nothing was touched",
        path);
}

/* Of a create that was interrupted. */
static enum kw_err remove_files(const char *database)
{
    char path[PATH_MAX];

    for (size_t i = 0; i < COUNT_OF(file_ends); i++) {
        TRY(join(database, file_ends[i], path));
        unlink(path);
    }
    return KW_OK;
}

static enum kw_err make_file(const char *path)
{
    AUTO(file_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return fd < 0 ? file_err(errno) : KW_OK;
}

static enum kw_err make_database(const char *database, char fresh[PATH_MAX], char why[WHY_MAX])
{
    AUTO(db_closep) struct db db = {0};

    TRY(join(database, ".new", fresh));
    TRY(remove_files(fresh));
    TRY(make_file(fresh));
    TRY(db_open(fresh, &db, why));
    TRY(migrate(&db, why));
    return db_use_wal(&db); /* closing puts all of it into the one file */
}

static enum kw_err put_in_place(const char *fresh, const char *database)
{
    if (renameat2(AT_FDCWD, fresh, AT_FDCWD, database, RENAME_NOREPLACE) != 0)
        return file_err(errno);
    return file_sync_folder(database);
}

static enum kw_err create(const struct store_paths *paths, char why[WHY_MAX])
{
    AUTO(seals_closep) struct seals seals = {0};
    char fresh[PATH_MAX];
    struct link start;

    TRY(check_free(paths->database, why));
    TRY(seals_open(paths->master_key, &seals, why));
    TRY(chain_start(seals.log, &start));
    TRY(check_head(paths->head, &start, why));
    TRY(make_database(paths->database, fresh, why));
    TRY(head_write(paths->head, &start));
    return put_in_place(fresh, paths->database);
}

enum kw_err store_create(const struct store_paths *paths, char why[256])
{
    why[0] = '\0';
    enum kw_err err = create(paths, why);
    if (err == KW_OK || why[0] != '\0')
        return err;
    return because(why, err, "%s cannot be made: %s", paths->database, kw_strerror(err));
}
