/* file.c - see file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum kw_err file_err(int errnum)
{
    switch (errnum) {
    case ENOENT:
    case ENOTDIR:
        return KW_ENOTFOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return KW_EPERM;
    case ENOMEM:
        return KW_ENOMEM;
    case ENOSPC:
    case EDQUOT:
        return KW_EFULL;
    case EEXIST:
        return KW_EEXISTS;
    case EAGAIN:
    case EBUSY:
        return KW_EBUSY;
    default: /* errno is an open set */
        return KW_EIO;
    }
}

void file_closep(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Reads up to n bytes, whatever signals come; *got is 0 at the end. */
static enum kw_err read_some(int fd, void *to, size_t n, size_t *got)
{
    ssize_t done;

    do
        done = read(fd, to, n);
    while (done < 0 && errno == EINTR);
    if (done < 0)
        return file_err(errno);
    *got = (size_t)done;
    return KW_OK;
}

static enum kw_err read_to_end(int fd, struct buf *out)
{
    size_t got = 0;
    char extra;

    while (out->n < out->max) {
        size_t left = out->max - out->n, ask = left < 65536 ? left : 65536;
        void *room = buf_room(out, ask);
        if (room == NULL)
            return KW_ENOMEM;
        TRY(read_some(fd, room, ask, &got));
        if (got == 0)
            return KW_OK;
        out->n += got;
    }
    TRY(read_some(fd, &extra, 1, &got));
    return got == 0 ? KW_OK : KW_EFULL;
}

enum kw_err file_read(const char *path, struct buf *out)
{
    AUTO(file_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return file_err(errno);
    return read_to_end(fd, out);
}

enum kw_err file_pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    const char *p = bytes;

    while (n > 0) {
        ssize_t done = pwrite(fd, p, n, at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return file_err(errno);
        p += done;
        n -= (size_t)done;
        at += done;
    }
    return KW_OK;
}

enum kw_err file_pread(int fd, void *bytes, size_t n, off_t at)
{
    char *p = bytes;

    while (n > 0) {
        ssize_t got = pread(fd, p, n, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_err(errno);
        if (got == 0)
            return KW_EIO;
        p += got;
        n -= (size_t)got;
        at += got;
    }
    return KW_OK;
}

enum kw_err file_sync_folder(const char *path)
{
    char copy[PATH_MAX];

    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy)
        return KW_ERANGE;
    AUTO(file_closep) int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return file_err(errno);
    return KW_OK;
}

static enum kw_err write_synced(const char *path, struct str content, mode_t mode)
{
    AUTO(file_closep)
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);

    if (fd < 0 || fchmod(fd, mode) != 0)
        return file_err(errno);
    TRY(file_pwrite(fd, content.p, content.n, 0));
    return fsync(fd) == 0 ? KW_OK : file_err(errno);
}

enum kw_err file_replace(const char *path, struct str content, mode_t mode)
{
    char fresh[PATH_MAX];

    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return KW_ERANGE;
    TRY(write_synced(fresh, content, mode));
    if (rename(fresh, path) != 0)
        return file_err(errno);
    return file_sync_folder(path);
}

enum kw_err file_check_private(const char *path, bool is_secret)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return file_err(errno);
    mode_t forbidden = is_secret ? S_IRWXG | S_IRWXO : S_IWGRP | S_IWOTH;
    if ((st.st_mode & forbidden) != 0 || (st.st_uid != geteuid() && st.st_uid != 0))
        return KW_EPERM;
    return KW_OK;
}
