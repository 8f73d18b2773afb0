/* identify.c - see identify.h. The header of a SQLite file: https://www.sqlite.org/fileformat2.html
 * section 1.3. */
#include "store/identify.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "store/migrate.h"

enum { HEADER_LEN = 100, PAGE_SIZE_AT = 16, PAGE_COUNT_AT = 28, APPLICATION_ID_AT = 68 };

static uint32_t big_endian(const uint8_t b[4])
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* While there is a write-ahead log, what the file lacks may be in there. */
static bool has_wal(const char *path)
{
    char wal[PATH_MAX];
    struct stat st;

    snprintf(wal, sizeof wal, "%s-wal", path);
    return stat(wal, &st) == 0 && st.st_size > 0;
}

/* SQLite itself takes a last page that is cut in two for one that ends in zeros. */
static enum kw_err check_length(const uint8_t h[HEADER_LEN], const char *path, off_t size,
                                char why[WHY_MAX])
{
    uint64_t page = (uint64_t)h[PAGE_SIZE_AT] << 8 | h[PAGE_SIZE_AT + 1];

    if (page == 1) /* says the format */
        page = 65536;
    if ((uint64_t)size >= page * big_endian(h + PAGE_COUNT_AT) || has_wal(path))
        return KW_OK;
    return because(why, KW_EDAMAGED, "%s was cut short: " WHY_PUT_BACK, path);
}

static enum kw_err check_header(int fd, const char *path, off_t size, char why[WHY_MAX])
{
    static const char magic[] = "SQLite format 3";
    uint8_t h[HEADER_LEN];

    enum kw_err err = file_pread(fd, h, sizeof h, 0);
    if (err != KW_OK)
        return because(why, err, "%s cannot be read", path);
    if (memcmp(h, magic, sizeof magic) != 0)
        return because(why, KW_EFORMAT, "%s is not a database: put keyward.db back from a backup",
                       path);
    if (big_endian(h + APPLICATION_ID_AT) != APPLICATION_ID)
        return because(why, KW_EFORMAT, "%s is a database of some other program, not Keyward's",
                       path);
    return check_length(h, path, size, why);
}

static enum kw_err check_file(int fd, const char *path, char why[WHY_MAX])
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return because(why, KW_EIO, "%s cannot be looked at", path);
    if (!S_ISREG(st.st_mode))
        return because(why, KW_EFORMAT, "%s is not a file", path);
    if (st.st_size == 0)
        return because(
            why, KW_EFORMAT,
            "%s is empty: put it back from a backup (to begin anew, remove it together with "
            "head and run `keyward init`)",
            path);
    if (st.st_size < HEADER_LEN)
        return because(why, KW_EFORMAT, "%s is not a database: put keyward.db back from a backup",
                       path);
    return check_header(fd, path, st.st_size, why);
}

enum kw_err identify(const char *path, char why[WHY_MAX])
{
    AUTO(file_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);

    enum kw_err err = fd < 0 ? file_err(errno) : file_check_private(path, false);
    if (err == KW_ENOTFOUND)
        return because(why, err, "there is no database at %s: `keyward init` makes one", path);
    if (err == KW_EPERM)
        return because(why, err,
                       "%s must belong to this user, and be closed to all others: mode 0600", path);
    if (err != KW_OK)
        return because(why, err, "%s cannot be opened: %s", path, kw_strerror(err));
    return check_file(fd, path, why);
}
