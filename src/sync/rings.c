/* rings.c - ring files, made and counted; see shared.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/random.h"
#include "sync/shared.h"

enum { SPARE_MIN = 2 };

static enum kw_err ring_path(const struct rings *r, unsigned number, const char *suffix,
                             char out[PATH_MAX])
{
    int n = snprintf(out, PATH_MAX - 8, RING_PATH, r->run_dir, number);

    if (n >= PATH_MAX - 8)
        return KW_ERANGE;
    snprintf(out + n, 8, "%s", suffix);
    return KW_OK;
}

static enum kw_err write_ring(const struct rings *r, int fd, uint64_t generation)
{
    struct ring_header h = {
        .magic = RING_MAGIC,
        .format = RING_FORMAT,
        .n_slots = {r->n_slots[0], r->n_slots[1]},
        .file_size = ring_file_size(r->n_slots),
        .keyring_generation = generation,
    };

    if (fchmod(fd, 0660) != 0 || (r->group != (gid_t)-1 && fchown(fd, (uid_t)-1, r->group) != 0))
        return file_err(errno);
    TRY(random_bytes(&h.ring_id, sizeof h.ring_id));
    int failed = posix_fallocate(fd, 0, (off_t)h.file_size);
    if (failed != 0)
        return file_err(failed);
    return file_pwrite(fd, &h, sizeof h, 0);
}

/* The file appears under its name only when it is whole. */
static enum kw_err make_ring(struct rings *r, unsigned number, uint64_t generation, int *out)
{
    char fresh[PATH_MAX], path[PATH_MAX];

    TRY(ring_path(r, number, ".new", fresh));
    TRY(ring_path(r, number, "", path));
    unlink(fresh);
    AUTO(file_closep) int fd = open(fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_err(errno);
    TRY(write_ring(r, fd, generation));
    if (rename(fresh, path) != 0)
        return file_err(errno);
    *out = fd;
    fd = -1;
    return KW_OK;
}

static enum kw_err add_ring(struct rings *r, uint64_t generation)
{
    if (r->n == RING_PAIRS_MAX)
        return KW_EFULL;
    TRY(make_ring(r, r->n, generation, &r->fds[r->n]));
    r->n++;
    return KW_OK;
}

enum kw_err rings_replace(struct rings *r, unsigned number, uint64_t generation)
{
    const uint64_t never = 0;
    int fresh = -1;

    if (number >= r->n)
        return KW_ENOTFOUND;
    TRY(make_ring(r, number, generation, &fresh));
    ignore(file_pwrite(r->fds[number], &never, sizeof never,
                       offsetof(struct ring_header, keyring_generation))); /* cut short: it tears */
    close(r->fds[number]);
    r->fds[number] = fresh;
    return KW_OK;
}

static enum kw_err make_folder(const struct rings *r)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/rings", r->run_dir) >= (int)sizeof path)
        return KW_ERANGE;
    if (mkdir(path, 0711) != 0 && errno != EEXIST)
        return file_err(errno);
    return chmod(path, 0711) == 0 ? KW_OK : file_err(errno);
}

enum kw_err rings_open(struct rings *r, bool *made)
{
    char path[PATH_MAX];

    r->n = 0;
    TRY(make_folder(r));
    while (r->n < RING_PAIRS_MAX) {
        TRY(ring_path(r, r->n, "", path));
        int fd = open(path, O_RDWR | O_CLOEXEC);
        if (fd < 0)
            break;
        r->fds[r->n++] = fd;
    }
    *made = r->n == 0;
    return KW_OK;
}

void rings_close(struct rings *r)
{
    for (unsigned i = 0; i < r->n; i++)
        file_closep(&r->fds[i]);
    r->n = 0;
}

enum kw_err rings_announce(struct rings *r, uint64_t generation)
{
    off_t at = offsetof(struct ring_header, keyring_generation);
    enum kw_err result = KW_OK;

    for (unsigned i = 0; i < r->n; i++) {
        enum kw_err err = file_pwrite(r->fds[i], &generation, sizeof generation, at);
        result = err == KW_OK ? result : err;
    }
    return result;
}

static bool is_claimed(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

    return fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
}

static bool is_linked(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && st.st_nlink > 0;
}

enum kw_err rings_tend(struct rings *r, uint64_t generation)
{
    unsigned claimed = 0;

    for (unsigned i = 0; i < r->n; i++) {
        if (!is_linked(r->fds[i]))
            return KW_ENOTFOUND;
        claimed += is_claimed(r->fds[i]);
    }
    while (r->n < 2 * claimed + SPARE_MIN)
        TRY(add_ring(r, generation));
    return KW_OK;
}
