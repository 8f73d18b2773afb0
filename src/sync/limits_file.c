/* limits_file.c - the file of limits, made, extended, and asked for quotas; see shared.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "sync/shared.h"

static enum kw_err make(const char *path, gid_t group, uint32_t n_lines)
{
    struct limits_header h = {.magic = LIMITS_MAGIC, .format = LIMITS_FORMAT, .n_sets = LIMITS_SETS};
    char fresh[PATH_MAX];

    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return KW_ERANGE;
    unlink(fresh);
    AUTO(file_closep) int fd = open(fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, 0660) != 0)
        return file_err(errno);
    if (group != (gid_t)-1 && fchown(fd, (uid_t)-1, group) != 0)
        return file_err(errno);
    int failed = posix_fallocate(fd, 0, (off_t)limits_line_offset(n_lines));
    if (failed != 0)
        return file_err(failed);
    TRY(file_pwrite(fd, &h, sizeof h, 0));
    return rename(fresh, path) == 0 ? KW_OK : file_err(errno);
}

static bool header_holds(int fd)
{
    struct limits_header h;

    return file_pread(fd, &h, sizeof h, 0) == KW_OK &&
           memcmp(h.magic, LIMITS_MAGIC, sizeof LIMITS_MAGIC) == 0 && h.format == LIMITS_FORMAT &&
           h.n_sets == LIMITS_SETS;
}

static uint32_t lines_of(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || st.st_size < (off_t)limits_line_offset(0))
        return 0;
    return (uint32_t)(((uint64_t)st.st_size - limits_line_offset(0)) / LIMITS_LINE);
}

enum kw_err limits_file_open(const char *path, gid_t group, uint32_t n_lines,
                             struct limits_file *out, bool *made)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);

    *made = fd < 0 || !header_holds(fd) || lines_of(fd) == 0;
    if (*made) {
        file_closep(&fd);
        TRY(make(path, group, n_lines));
        fd = open(path, O_RDWR | O_CLOEXEC);
    }
    if (fd < 0)
        return file_err(errno);
    *out = (struct limits_file){.fd = fd, .n_lines = lines_of(fd)};
    return limits_file_extend(out, n_lines);
}

void limits_file_close(struct limits_file *f)
{
    file_closep(&f->fd);
}

enum kw_err limits_file_extend(struct limits_file *f, uint32_t n_lines)
{
    if (n_lines <= f->n_lines)
        return KW_OK;
    int failed = posix_fallocate(f->fd, 0, (off_t)limits_line_offset(n_lines));
    if (failed != 0)
        return file_err(failed);
    f->n_lines = n_lines;
    return KW_OK;
}

bool limits_file_ok(const struct limits_file *f, const char *path)
{
    struct stat here, there;

    return fstat(f->fd, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino &&
           here.st_size >= (off_t)limits_line_offset(f->n_lines) && header_holds(f->fd);
}

enum kw_err limits_file_quota(const struct limits_file *f, uint32_t slot, struct str id,
                              uint64_t *word)
{
    struct limits_line line;

    TRY(file_pread(f->fd, &line, sizeof line, (off_t)limits_line_offset(slot)));
    *word = line.tag == limits_tag(id) ? line.quota : 0;
    return KW_OK;
}

enum kw_err limits_file_set_quota(const struct limits_file *f, uint32_t slot, struct str id,
                                  uint64_t word)
{
    struct limits_line line;
    const off_t at = (off_t)limits_line_offset(slot);

    TRY(file_pread(f->fd, &line, sizeof line, at));
    if (line.tag == limits_tag(id))
        return file_pwrite(f->fd, &word, sizeof word,
                           at + (off_t)offsetof(struct limits_line, quota));
    line = (struct limits_line){.tag = limits_tag(id), .quota = word};
    return file_pwrite(f->fd, &line, sizeof line, at);
}
