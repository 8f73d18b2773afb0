/* failing_calls.c - lets the k-th of a kind of system call fail: for LD_PRELOAD.
 *
 *     FAILING_CALL=write:5:28:FILE   the 5th write fails with errno 28, once; counting begins when there is FILE, which is
 *                                    removed when the call has failed. No FILE: counting begins at once
 *     FAILING_CALL=pwrite:2:0:       half of the bytes are written, once (write and pwrite only)
 *
 * Kinds: open write pwrite fsync rename ftruncate fallocate mmap close. fdatasync counts as fsync; openat and creat as open. A
 * close that fails has closed. Only calls that go through the C library's symbols are seen. */
#undef _FILE_OFFSET_BITS /* by which open would be open64: here both are meant */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/str.h"

static struct {
    struct str kind;
    char file[256]; /* empty: counting begins at once */
    uint64_t at;    /* 0: there is no plan */
    uint64_t error; /* 0: half of the bytes are written */
} plan;
static _Atomic uint64_t count;

__attribute__((constructor)) static void read_plan(void)
{
    const char *given = getenv("FAILING_CALL");
    struct str text = str_from(given == NULL ? "" : given), at, error;
    uint64_t number;

    if (!str_cut(text, ':', &plan.kind, &text) || !str_cut(text, ':', &at, &text) ||
        !str_cut(text, ':', &error, &text) || str_u64(error, 4095, &plan.error) != KW_OK ||
        str_u64(at, UINT32_MAX, &number) != KW_OK)
        return;
    snprintf(plan.file, sizeof plan.file, "%.*s", (int)text.n, text.p);
    plan.at = number;
}

/* Looks at the file by system calls of its own: it must not count itself. */
static bool has_begun(void)
{
    return plan.file[0] == '\0' || syscall(SYS_access, plan.file, F_OK) == 0;
}

static bool is_up(const char *kind)
{
    if (plan.at == 0 || !str_eq(plan.kind, str_from(kind)) || !has_begun())
        return false;
    if (atomic_fetch_add(&count, 1) + 1 != plan.at)
        return false;
    if (plan.file[0] != '\0')
        syscall(SYS_unlink, plan.file);
    return true;
}

static int fail(void)
{
    errno = (int)plan.error;
    return -1;
}

static int open_at(int folder, const char *path, int flags, mode_t mode)
{
    return is_up("open") ? fail() : (int)syscall(SYS_openat, folder, path, flags, mode);
}

static bool has_mode(int flags)
{
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}

#define TAKE_MODE(flags)             \
    mode_t mode = 0;                 \
    if (has_mode(flags)) {           \
        va_list args;                \
        va_start(args, flags);       \
        mode = va_arg(args, mode_t); \
        va_end(args);                \
    }

int open(const char *file, int oflag, ...)
{
    TAKE_MODE(oflag)
    return open_at(AT_FDCWD, file, oflag, mode);
}

int open64(const char *file, int oflag, ...)
{
    TAKE_MODE(oflag)
    return open_at(AT_FDCWD, file, oflag, mode);
}

int openat(int fd, const char *file, int oflag, ...)
{
    TAKE_MODE(oflag)
    return open_at(fd, file, oflag, mode);
}

static ssize_t half_or_fail(size_t n)
{
    if (plan.error != 0)
        return fail();
    return (ssize_t)(n > 1 ? n / 2 : n);
}

/* The kernel's own objects, such as an eventfd, have no type, and no way to fail. */
static bool can_fail(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) != 0;
}

ssize_t write(int fd, const void *buf, size_t n)
{
    if (can_fail(fd) && is_up("write")) {
        ssize_t some = half_or_fail(n);
        return some < 0 ? some : syscall(SYS_write, fd, buf, (size_t)some);
    }
    return syscall(SYS_write, fd, buf, n);
}

static ssize_t write_at(int fd, const void *bytes, size_t n, off_t at)
{
    if (is_up("pwrite")) {
        ssize_t some = half_or_fail(n);
        return some < 0 ? some : syscall(SYS_pwrite64, fd, bytes, (size_t)some, at);
    }
    return syscall(SYS_pwrite64, fd, bytes, n, at);
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t offset)
{
    return write_at(fd, buf, n, offset);
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off_t offset)
{
    return write_at(fd, buf, n, offset);
}

int fsync(int fd)
{
    return is_up("fsync") ? fail() : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fildes)
{
    return is_up("fsync") ? fail() : (int)syscall(SYS_fdatasync, fildes);
}

int rename(const char *old, const char *new)
{
    return is_up("rename") ? fail() : (int)syscall(SYS_rename, old, new);
}

int ftruncate(int fd, off_t length)
{
    return is_up("ftruncate") ? fail() : (int)syscall(SYS_ftruncate, fd, length);
}

int ftruncate64(int fd, off_t length)
{
    return ftruncate(fd, length);
}

/* This one returns its error. */
int posix_fallocate(int fd, off_t offset, off_t len)
{
    if (is_up("fallocate"))
        return (int)plan.error;
    return syscall(SYS_fallocate, fd, 0, offset, len) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off_t offset, off_t len)
{
    return posix_fallocate(fd, offset, len);
}

static void *map(void *where, size_t n, int prot, int flags, int fd, off_t at)
{
    if (is_up("mmap")) {
        errno = (int)plan.error;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, where, n, prot, flags, fd, at);
}

void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
    return map(addr, len, prot, flags, fd, offset);
}

void *mmap64(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
    return map(addr, len, prot, flags, fd, offset);
}

int close(int fd)
{
    int done = (int)syscall(SYS_close, fd);

    return is_up("close") ? fail() : done;
}
