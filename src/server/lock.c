/* lock.c - see lock.h. The lock belongs to the open file description, so that it does not vanish
 * when some library opens and closes the same file. */
#include "server/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

static unsigned holder_of(int fd)
{
    char text[16];
    uint64_t pid;
    ssize_t n = pread(fd, text, sizeof text, 0);
    struct str s = {text, n < 0 ? 0 : (size_t)n};

    return str_u64(str_trim(s), 1u << 30, &pid) == KW_OK ? (unsigned)pid : 0;
}

static enum kw_err write_holder(int fd)
{
    char text[16];
    int n = snprintf(text, sizeof text, "%d\n", (int)getpid());

    if (ftruncate(fd, 0) != 0)
        return file_err(errno);
    return file_pwrite(fd, text, (size_t)n, 0);
}

enum kw_err lock_take(const char *path, int *fd, unsigned *holder)
{
    AUTO(file_closep) int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    if (f < 0)
        return file_err(errno);
    if (fcntl(f, F_OFD_SETLK, &whole) != 0) {
        enum kw_err err = errno == EAGAIN || errno == EACCES ? KW_EBUSY : file_err(errno);
        *holder = holder_of(f);
        return err;
    }
    TRY(write_holder(f));
    *fd = f;
    f = -1;
    return KW_OK;
}
