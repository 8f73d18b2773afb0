/* failing_sync.c - lets the fsync of the database, or of other files, fail when a test says so: for LD_PRELOAD.
 *
 *     FAILING_SYNC=FILE     fails while there is FILE, and once when there is FILE.once, which it removes
 *     FAILING_PART=TEXT     of files with this in their path; "/keyward.db" otherwise */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_of_those(int fd)
{
    const char *part = getenv("FAILING_PART");
    char descriptor[64], file[PATH_MAX];

    snprintf(descriptor, sizeof descriptor, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(descriptor, file, sizeof file - 1);
    if (n < 0)
        return false;
    file[n] = '\0';
    return strstr(file, part == NULL ? "/keyward.db" : part) != NULL;
}

static bool is_to_fail(int fd)
{
    const char *file = getenv("FAILING_SYNC");
    char once[PATH_MAX];

    if (file == NULL || !is_of_those(fd))
        return false;
    if (snprintf(once, sizeof once, "%s.once", file) >= (int)sizeof once)
        return false;
    return access(file, F_OK) == 0 || unlink(once) == 0;
}

static int fail(void)
{
    errno = EIO;
    return -1;
}

int fsync(int fd)
{
    return is_to_fail(fd) ? fail() : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fildes)
{
    return is_to_fail(fildes) ? fail() : (int)syscall(SYS_fdatasync, fildes);
}
