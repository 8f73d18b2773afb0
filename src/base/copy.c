/* copy.c - see copy.h. */
#include "base/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { PIECE = 64 * 1024 };

static enum kw_err copy_bytes(int from, uint64_t n, int to)
{
    char piece[PIECE];

    for (uint64_t at = 0; at < n;) {
        size_t ask = n - at < PIECE ? (size_t)(n - at) : PIECE;
        ssize_t got = pread(from, piece, ask, (off_t)at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_err(errno);
        if (got == 0)
            return n == FILE_COPY_ALL ? KW_OK : KW_EIO;
        TRY(file_pwrite(to, piece, (size_t)got, (off_t)at));
        at += (uint64_t)got;
    }
    return KW_OK;
}

static enum kw_err copy_into(int from, uint64_t n, int to, mode_t mode)
{
    TRY(copy_bytes(from, n, to));
    if (fchmod(to, mode) != 0)
        return file_err(errno);
    return fsync(to) == 0 ? KW_OK : file_err(errno);
}

enum kw_err file_copy(const char *from, uint64_t n, const char *to, mode_t mode)
{
    AUTO(file_closep) int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return file_err(errno);
    AUTO(file_closep) int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0)
        return file_err(errno);
    enum kw_err err = copy_into(in, n, out, mode);
    if (err != KW_OK)
        unlink(to);
    return err;
}
