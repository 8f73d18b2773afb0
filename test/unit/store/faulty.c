/* faulty.c - see faulty.h. */
#include "store/faulty.h"

#include <sqlite3.h>
#include <unistd.h>

#include "suite.h"

/* SQLite's own way to the disk, but for one call that fails once. */
static sqlite3_vfs vfs;

struct faulty faulty;

/* SQLite has a table of methods per kind of file; each gets its counterpart. */
static struct counterpart {
    sqlite3_io_methods methods; /* first: a file points at it */
    const sqlite3_io_methods *real;
} counterparts[8];

static const sqlite3_io_methods *real_of(const sqlite3_file *file)
{
    return ((const struct counterpart *)(const void *)file->pMethods)->real;
}

static bool is_up(int *left)
{
    return *left > 0 && --*left == 0;
}

static int sync_or_fail(sqlite3_file *file, int flags)
{
    return faulty.no_sync || is_up(&faulty.syncs_left) ? SQLITE_IOERR_FSYNC
                                                       : real_of(file)->xSync(file, flags);
}

static int write_or_fail(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
    if (faulty.full_beside != NULL && access(faulty.full_beside, F_OK) == 0)
        return SQLITE_FULL;
    return is_up(&faulty.writes_left) ? faulty.write_error : real_of(file)->xWrite(file, p, n, at);
}

static const sqlite3_io_methods *counterpart_of(const sqlite3_io_methods *real)
{
    size_t i = 0;

    while (counterparts[i].real != NULL && counterparts[i].real != real)
        i++;
    assert_true(i < COUNT_OF(counterparts));
    counterparts[i] = (struct counterpart){*real, real};
    counterparts[i].methods.xSync = sync_or_fail;
    counterparts[i].methods.xWrite = write_or_fail;
    return &counterparts[i].methods;
}

static int open_faulty(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags,
                       int *out_flags)
{
    sqlite3_vfs *usual = self->pAppData;

    int rc = usual->xOpen(usual, name, file, flags, out_flags);
    if (file->pMethods != NULL)
        file->pMethods = counterpart_of(file->pMethods);
    return rc;
}

void faulty_install(void)
{
    faulty = (struct faulty){0};
    if (vfs.zName != NULL)
        return;
    sqlite3_vfs *usual = sqlite3_vfs_find(NULL);
    vfs = *usual;
    vfs.zName = "faulty";
    vfs.pAppData = usual;
    vfs.xOpen = open_faulty;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}
