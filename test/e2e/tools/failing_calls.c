/* failing_calls.c - lets the k-th of a kind of system call fail: for LD_PRELOAD.
 *
 *     FAILING_CALL=write:5:28[:FILE]   the 5th write fails with errno 28, once; with FILE, counting begins when it is there
 *                                  and it is removed when the call has failed
 *     FAILING_CALL=pwrite:2:short      half of the bytes are written, once (write and pwrite only)
 *
 * Kinds: open write pwrite fsync rename ftruncate fallocate mmap close. fdatasync counts as fsync; openat and creat as open. A
 * close that fails has closed. Only calls that go through the C library's symbols are seen. */
#undef _FILE_OFFSET_BITS /* by which open would be open64: here both are meant */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int is_short = -1;

static struct {
    char kind[16], file[256];
    long at;
    int error; /* is_short: writes half */
} plan;
static atomic_long count;
static bool is_planned;

__attribute__((constructor)) static void read_plan(void)
{
    const char *text = getenv("FAILING_CALL");
    char error[16] = "";

    if (text == NULL ||
        sscanf(text, "%15[^:]:%ld:%15[^:]:%255s", plan.kind, &plan.at, error, plan.file) < 3)
        return;
    plan.error = strcmp(error, "short") == 0 ? is_short : atoi(error);
    is_planned = true;
}

/* Looks at the file by system calls of its own: it must not count itself. */
static bool has_begun(void)
{
    return plan.file[0] == '\0' || syscall(SYS_access, plan.file, F_OK) == 0;
}

static bool is_up(const char *kind)
{
    if (!is_planned || strcmp(kind, plan.kind) != 0 || !has_begun())
        return false;
    if (atomic_fetch_add(&count, 1) + 1 != plan.at)
        return false;
    if (plan.file[0] != '\0')
        syscall(SYS_unlink, plan.file);
    return true;
}

static int fail(void)
{
    errno = plan.error;
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

int open(const char *path, int flags, ...)
{
    TAKE_MODE(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    TAKE_MODE(flags)
    return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...)
{
    TAKE_MODE(flags)
    return open_at(folder, path, flags, mode);
}

static ssize_t half_or_fail(size_t n)
{
    return plan.error == is_short && n > 1 ? (ssize_t)(n / 2)
           : plan.error == is_short        ? (ssize_t)n
                                           : fail();
}

/* The kernel's own objects, such as an eventfd, have no type, and no way to fail. */
static bool can_fail(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) != 0;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    if (can_fail(fd) && is_up("write")) {
        ssize_t some = half_or_fail(n);
        return some < 0 ? some : syscall(SYS_write, fd, bytes, (size_t)some);
    }
    return syscall(SYS_write, fd, bytes, n);
}

static ssize_t write_at(int fd, const void *bytes, size_t n, off_t at)
{
    if (is_up("pwrite")) {
        ssize_t some = half_or_fail(n);
        return some < 0 ? some : syscall(SYS_pwrite64, fd, bytes, (size_t)some, at);
    }
    return syscall(SYS_pwrite64, fd, bytes, n, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return write_at(fd, bytes, n, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t at)
{
    return write_at(fd, bytes, n, at);
}

int fsync(int fd)
{
    return is_up("fsync") ? fail() : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return is_up("fsync") ? fail() : (int)syscall(SYS_fdatasync, fd);
}

int rename(const char *from, const char *to)
{
    return is_up("rename") ? fail() : (int)syscall(SYS_rename, from, to);
}

int ftruncate(int fd, off_t size)
{
    return is_up("ftruncate") ? fail() : (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate64(int fd, off_t size)
{
    return ftruncate(fd, size);
}

/* This one returns its error. */
int posix_fallocate(int fd, off_t at, off_t n)
{
    if (is_up("fallocate"))
        return plan.error;
    return syscall(SYS_fallocate, fd, 0, at, n) == 0 ? 0 : errno;
}

int posix_fallocate64(int fd, off_t at, off_t n)
{
    return posix_fallocate(fd, at, n);
}

static void *map(void *where, size_t n, int prot, int flags, int fd, off_t at)
{
    if (is_up("mmap")) {
        errno = plan.error;
        return MAP_FAILED;
    }
    return (void *)syscall(SYS_mmap, where, n, prot, flags, fd, at);
}

void *mmap(void *where, size_t n, int prot, int flags, int fd, off_t at)
{
    return map(where, n, prot, flags, fd, at);
}

void *mmap64(void *where, size_t n, int prot, int flags, int fd, off_t at)
{
    return map(where, n, prot, flags, fd, at);
}

int close(int fd)
{
    int done = (int)syscall(SYS_close, fd);

    return is_up("close") ? fail() : done;
}
