/* failing_sync.c - lets the database's fsync fail when a test says so: for LD_PRELOAD.
 *
 *     FAILING_SYNC=FILE     fails while there is FILE, and once when there is FILE.once, which it removes */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_of_database(int fd)
{
    char descriptor[64], file[PATH_MAX];

    snprintf(descriptor, sizeof descriptor, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(descriptor, file, sizeof file - 1);
    if (n < 0)
        return false;
    file[n] = '\0';
    return strstr(file, "/keyward.db") != NULL;
}

static bool is_to_fail(int fd)
{
    const char *file = getenv("FAILING_SYNC");
    char once[PATH_MAX];

    if (file == NULL || !is_of_database(fd))
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
