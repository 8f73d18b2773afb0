/* index_file.c - the index of a day as a file: 16 bytes of head, then entries, one behind the other; see index.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "record/index_entry.h"

enum { FILE_HEAD = 16, RETRY_AFTER = 600 };

static const char file_head[FILE_HEAD] = "kwindex 2";

/* ---- read ---- */

struct span {
    uint64_t end;     /* of the entries that hold, in the index */
    uint64_t covered; /* by them, in the segment */
};

static bool is_of(int segment, uint64_t size, const struct index_entry *e, const uint8_t hash[8])
{
    uint8_t there[8];

    if (e->offset > size || size - e->offset < e->len)
        return false;
    off_t at = (off_t)(e->offset + e->len - BATCH_TRAILER);
    return file_pread(segment, there, sizeof there, at) == KW_OK &&
           memcmp(there, hash, sizeof there) == 0;
}

/* What is read of an index at once: a read for each entry of 120 bytes took ten times as long as all the rest. */
enum { WINDOW = 1 << 20 };

struct window {
    int fd;
    struct buf bytes;
    uint64_t at;  /* of the first of them, in the file */
    bool is_last; /* the file has no more */
};

/* What is there from an offset on, which only grows: an entry at least, where the file has one. */
static enum kw_err window_view(struct window *w, uint64_t at, struct str *out)
{
    if (!w->is_last && at + INDEX_ENTRY_MAX > w->at + w->bytes.n) {
        buf_clear(&w->bytes);
        uint8_t *room = buf_room(&w->bytes, WINDOW);
        if (room == NULL)
            return KW_ENOMEM;
        ssize_t got = pread(w->fd, room, WINDOW, (off_t)at);
        w->bytes.n = got < 0 ? 0 : (size_t)got;
        w->at = at;
        w->is_last = w->bytes.n < WINDOW;
    }
    *out = (struct str){w->bytes.p + (at - w->at), w->bytes.n - (size_t)(at - w->at)};
    return KW_OK;
}

static bool has_head(int fd)
{
    char bytes[FILE_HEAD];

    return file_pread(fd, bytes, FILE_HEAD, 0) == KW_OK &&
           memcmp(bytes, file_head, sizeof "kwindex 2") == 0; /* index_reach.c has the rest */
}

struct scanned {
    int segment;
    uint64_t size; /* of the segment */
    bool is_careful;
    index_fn *each; /* NULL: nobody */
    void *ctx;
};

/* Walks over the entries that hold and follow one another, as far as they are those of the segment. A batch's hash stands for all batches
 * before it: where the last is that of the segment, all are, and one look at it is enough. KW_EDAMAGED: it is not, and what was given to
 * `each` is worth nothing; is_careful looks at every one instead. */
static enum kw_err walk_entries(struct window *w, const struct scanned *s, struct span *span)
{
    uint8_t hash[8], found[8];
    struct index_entry e, last = {.number = 0};
    struct str bytes;
    size_t len;

    for (;; span->end += len, span->covered += e.len) {
        TRY(window_view(w, span->end, &bytes));
        if (!index_entry_open(bytes, &e, found, &len) || e.offset != span->covered)
            break;
        if (s->is_careful && !is_of(s->segment, s->size, &e, found))
            break;
        last = e;
        memcpy(hash, found, sizeof hash);
        if (s->each != NULL)
            TRY(s->each(s->ctx, &e));
    }
    if (!s->is_careful && last.number > 0 && !is_of(s->segment, s->size, &last, hash))
        return KW_EDAMAGED;
    return KW_OK;
}

static enum kw_err scan(int fd, const struct scanned *s, struct span *out)
{
    struct window w = {.fd = fd, .bytes = BUF_MAX(WINDOW)};
    struct span span = {.end = FILE_HEAD};

    if (!has_head(fd)) {
        *out = (struct span){.end = 0};
        return KW_OK;
    }
    enum kw_err err = walk_entries(&w, s, &span);
    buf_deinit(&w.bytes);
    TRY(err);
    *out = span;
    return KW_OK;
}

static enum kw_err open_index(const char *audit_dir, int32_t day, int flags, int *fd)
{
    char path[DAY_PATH_MAX];

    TRY(day_path(audit_dir, day, ".idx", path));
    *fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
    return *fd < 0 ? file_err(errno) : KW_OK;
}

enum kw_err index_read(const char *audit_dir, int32_t day, index_fn *each, void *ctx,
                       uint64_t *covered)
{
    AUTO(file_closep) int fd = -1;
    AUTO(file_closep) int segment = -1;
    uint64_t size;
    struct span span = {0};

    TRY(segment_open(audit_dir, day, &segment, &size));
    enum kw_err err = open_index(audit_dir, day, O_RDONLY, &fd);
    if (err == KW_OK)
        TRY(scan(fd, &(struct scanned){segment, size, false, each, ctx}, &span));
    else if (err != KW_ENOTFOUND)
        return err;
    *covered = span.covered;
    return KW_OK;
}

static enum kw_err append_entry(int fd, struct span *span, const struct batch *b, struct buf *buf)
{
    buf_clear(buf);
    TRY(index_build(b, span->covered, buf));
    TRY(file_pwrite(fd, buf->p, buf->n, (off_t)span->end));
    span->end += buf->n;
    span->covered += b->len;
    return KW_OK;
}

/* Adds the entries of the batches that are not covered yet. */
static enum kw_err catch_up(int fd, int segment, uint64_t size, struct span *span)
{
    AUTO(buf_deinit) struct buf bytes = BUF_MAX(BATCH_MAX);
    AUTO(buf_deinit) struct buf entry = BUF_MAX(INDEX_ENTRY_MAX);
    struct batch b;

    if (ftruncate(fd, (off_t)span->end) != 0)
        return file_err(errno);
    if (span->end == 0) {
        TRY(file_pwrite(fd, file_head, FILE_HEAD, 0));
        span->end = FILE_HEAD;
    }
    for (;;) {
        enum kw_err err = segment_read(segment, size, span->covered, &bytes, &b);
        if (err == KW_ENOTFOUND)
            return KW_OK;
        TRY(err);
        TRY(append_entry(fd, span, &b, &entry));
    }
}

/* Opens for writing: one process at a time. */
static enum kw_err open_up_to_date(const char *audit_dir, int32_t day, int *out, struct span *span)
{
    AUTO(file_closep) int fd = -1;
    AUTO(file_closep) int segment = -1;
    uint64_t size;

    TRY(segment_open(audit_dir, day, &segment, &size));
    TRY(open_index(audit_dir, day, O_RDWR | O_CREAT, &fd));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return KW_EBUSY;
    enum kw_err err = scan(fd, &(struct scanned){segment, size, false, NULL, NULL}, span);
    if (err == KW_EDAMAGED)
        err = scan(fd, &(struct scanned){segment, size, true, NULL, NULL}, span);
    TRY(err);
    TRY(catch_up(fd, segment, size, span));
    *out = fd;
    fd = -1;
    return KW_OK;
}

enum kw_err index_update(const char *audit_dir, int32_t day)
{
    AUTO(file_closep) int fd = -1;
    struct span span;

    return open_up_to_date(audit_dir, day, &fd, &span);
}

/* ---- the recorder's end ---- */

struct index_writer {
    const char *audit_dir;
    int fd; /* -1: none */
    int32_t day;
    struct span span;
    uint32_t wait; /* batches to let pass before trying again */
    struct buf entry;
};

enum kw_err index_writer_new(const char *audit_dir, struct index_writer **out)
{
    struct index_writer *w = calloc(1, sizeof *w);

    if (w == NULL)
        return KW_ENOMEM;
    *w = (struct index_writer){.audit_dir = audit_dir, .fd = -1, .entry = BUF_MAX(INDEX_ENTRY_MAX)};
    *out = w;
    return KW_OK;
}

void index_writer_free(struct index_writer *w)
{
    if (w == NULL)
        return;
    file_closep(&w->fd);
    buf_deinit(&w->entry);
    free(w);
}

void index_writer_freep(struct index_writer **w)
{
    index_writer_free(*w);
}

/* Afterwards the index covers the batch that was just written, too. */
static enum kw_err open_day(struct index_writer *w, int32_t day)
{
    file_closep(&w->fd);
    w->day = day;
    return open_up_to_date(w->audit_dir, day, &w->fd, &w->span);
}

static enum kw_err add(struct index_writer *w, int32_t day, uint64_t offset, struct str batch)
{
    struct batch b;

    if (w->fd < 0 || w->day != day || w->span.covered != offset)
        return open_day(w, day);
    TRY(batch_open(batch, &b));
    return append_entry(w->fd, &w->span, &b, &w->entry);
}

void index_writer_add(struct index_writer *w, int32_t day, uint64_t offset, struct str batch)
{
    if (w->wait > 0 && w->day == day) {
        w->wait--;
        return;
    }
    w->wait = 0;
    if (add(w, day, offset, batch) == KW_OK)
        return;
    file_closep(&w->fd);
    w->wait = RETRY_AFTER;
}
