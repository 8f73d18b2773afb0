/* backup.c - a database copied while it is in use. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "store/identify.h"
#include "store/inside.h"

static enum kw_err make_file(const char *path, char why[WHY_MAX])
{
    AUTO(file_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd >= 0)
        return KW_OK;
    return because(why, file_err(errno), "%s cannot be made: %s", path, kw_strerror(file_err(errno)));
}

/* What another process has in the log is its own to write into the file, or to leave: a sync that failed there must not
 * be done here. */
static enum kw_err copy(const char *database, const char *to, uint64_t *newest, char why[WHY_MAX])
{
    AUTO(db_closep) struct db from = {0};
    AUTO(db_closep) struct db into = {0};
    sqlite3_int64 n = 0;

    TRY(db_open(database, &from, why));
    db_leave_wal(&from);
    TRY(db_open(to, &into, why));
    enum kw_err err = db_copy(&from, &into);
    if (err == KW_OK)
        err = db_number(&into, SQL_CHANGE_MAX, &n);
    if (err != KW_OK)
        return because(why, err, "%s cannot be copied to %s: %s", database, to, kw_strerror(err));
    *newest = (uint64_t)n;
    return KW_OK;
}

enum kw_err store_backup(const char *database, const char *to, uint64_t *newest, char why[256])
{
    why[0] = '\0';
    TRY(identify(database, why));
    TRY(make_file(to, why));
    enum kw_err err = copy(database, to, newest, why);
    if (err == KW_OK)
        err = file_sync_folder(to);
    if (err != KW_OK)
        unlink(to);
    return err;
}
