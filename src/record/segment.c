/* segment.c - see segment.h. */
#include "record/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct segments {
    struct segment_options o;
    struct verifier *verifier; /* owns */
    int fd;                    /* of the file that is written; -1: to be opened */
    int32_t day;
    uint64_t end;   /* of what is durable in it */
    bool unsettled; /* a write or sync failed: what is behind `end` is to be cut off */

    struct batch_head last; /* its rings are `marks` */
    struct record_head head;
    struct ring_mark *marks; /* owns, BATCH_RINGS_MAX */

    uint8_t *bytes; /* owns, BATCH_MAX: the batch written last */
    size_t len;
    uint64_t offset;

    uint64_t torn;
    int32_t torn_day;
};

/* ---- reading ---- */

enum kw_err segment_open(const char *audit_dir, int32_t day, int *fd, uint64_t *size)
{
    char path[DAY_PATH_MAX];
    struct stat st;

    TRY(day_path(audit_dir, day, ".seg", path));
    AUTO(file_closep) int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (opened < 0 || fstat(opened, &st) != 0)
        return file_err(errno);
    if (!S_ISREG(st.st_mode))
        return KW_EIO;
    *size = (uint64_t)st.st_size;
    *fd = opened;
    opened = -1;
    return KW_OK;
}

static enum kw_err read_len(int fd, uint64_t offset, size_t len, struct buf *out, struct batch *b)
{
    out->n = 0;
    void *room = buf_room(out, len);
    if (room == NULL)
        return KW_ENOMEM;
    TRY(file_pread(fd, room, len, (off_t)offset));
    out->n = len;
    return batch_open(buf_view(out), b);
}

enum kw_err segment_read(int fd, uint64_t size, uint64_t offset, struct buf *out, struct batch *b)
{
    uint8_t peek[BATCH_PEEK];
    size_t len;

    if (offset > size || size - offset < sizeof peek)
        return KW_ENOTFOUND;
    TRY(file_pread(fd, peek, sizeof peek, (off_t)offset));
    TRY(batch_peek(peek, &len));
    if (size - offset < len)
        return KW_ENOTFOUND;
    return read_len(fd, offset, len, out, b);
}

enum kw_err segment_read_back(int fd, uint64_t end, struct buf *out, struct batch *b)
{
    uint8_t peek[BATCH_PEEK_BACK];
    size_t len;

    if (end == 0)
        return KW_ENOTFOUND;
    if (end < sizeof peek)
        return KW_EDAMAGED;
    TRY(file_pread(fd, peek, sizeof peek, (off_t)(end - sizeof peek)));
    TRY(batch_peek_back(peek, &len));
    if (len > end)
        return KW_EDAMAGED;
    TRY(read_len(fd, end - len, len, out, b));
    return b->len == len ? KW_OK : KW_EDAMAGED;
}

/* Hops from header to header: *last becomes the offset of the last batch that is there at its full
 * length, *end where it ends. False when there is none. */
static bool hop(int fd, uint64_t size, uint64_t *last, uint64_t *end)
{
    uint8_t peek[BATCH_PEEK];
    size_t len;
    uint64_t at = 0;
    bool any = false;

    while (size - at >= sizeof peek && file_pread(fd, peek, sizeof peek, (off_t)at) == KW_OK &&
           batch_peek(peek, &len) == KW_OK && size - at >= len) {
        *last = at;
        at += len;
        any = true;
    }
    *end = at;
    return any;
}

uint64_t segment_end(int fd, uint64_t size, struct buf *buf)
{
    struct batch b;
    uint64_t last, end;

    if (segment_read_back(fd, size, buf, &b) == KW_OK)
        return size;
    hop(fd, size, &last, &end);
    return end;
}

/* ---- finding the end, to go on from there ---- */

/* KW_EDAMAGED: not what was written. KW_ECONFLICT: whole, and signed with another key. */
static enum kw_err check(const struct segments *s, const struct batch *b)
{
    uint32_t record;
    const char *what;

    TRY(batch_check(b, NULL, &record, &what));
    enum kw_err err = batch_check(b, s->verifier, &record, &what);
    return err == KW_EDAMAGED ? KW_ECONFLICT : err;
}

/* The last batch of a file by its trailer, which holds unless the power went while it was written.
 */
static enum kw_err last_by_trailer(const struct segments *s, int fd, uint64_t size, struct buf *buf,
                                   struct batch *b)
{
    TRY(segment_read_back(fd, size, buf, b));
    return check(s, b);
}

/* The end of the whole batches of a file whose last bytes are no trailer. Only one batch can have
 * been under way when the power went: whatever looks otherwise is damage, and nothing is cut off.
 */
static enum kw_err end_of_whole(const struct segments *s, int fd, uint64_t size, struct buf *buf,
                                uint64_t *out)
{
    struct batch b;
    uint64_t last, end;
    bool any = hop(fd, size, &last, &end);

    if (any && end == size) { /* full length, but not all of it has arrived on the disk */
        end = last;
        any = hop(fd, end, &last, &end);
    }
    if (size - end > BATCH_MAX)
        return KW_EDAMAGED;
    if (any) {
        TRY(segment_read(fd, end, last, buf, &b));
        TRY(check(s, &b));
    }
    *out = end;
    return KW_OK;
}

/* Keeps what is about to be cut off: somebody may want to look at it. Best effort, as the disk may
 * be full. */
static void keep_cut(const struct segments *s, int fd, int32_t day, uint64_t from, uint64_t size)
{
    char path[DAY_PATH_MAX];
    AUTO(buf_deinit) struct buf bytes = BUF_MAX(BATCH_MAX);
    size_t n = (size_t)(size - from);
    void *room = buf_room(&bytes, n);

    if (room == NULL || file_pread(fd, room, n, (off_t)from) != KW_OK)
        return;
    if (day_path(s->o.audit_dir, day, ".cut", path) == KW_OK)
        ignore(file_replace(path, (struct str){room, n}, 0600));
}

static enum kw_err cut_off(int fd, uint64_t end)
{
    if (ftruncate(fd, (off_t)end) != 0 || fsync(fd) != 0)
        return file_err(errno);
    return KW_OK;
}

static enum kw_err open_rw(const struct segments *s, int32_t day, int flags, int *fd, uint64_t *size)
{
    char path[DAY_PATH_MAX];
    struct stat st;

    TRY(day_path(s->o.audit_dir, day, ".seg", path));
    AUTO(file_closep) int opened = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    if (opened < 0 || fstat(opened, &st) != 0)
        return file_err(errno);
    *size = (uint64_t)st.st_size;
    *fd = opened;
    opened = -1;
    return KW_OK;
}

static enum kw_err adopt(struct segments *s, const struct batch *b)
{
    size_t at = 0;

    for (uint32_t i = 0; i < b->n_rings; i++)
        if (!batch_next_ring(b, &at, &s->marks[i]))
            return KW_EDAMAGED;
    s->last = (struct batch_head){.number = b->number,
                                  .time_us = b->time_us,
                                  .previous = b->previous,
                                  .change_seq = b->change_seq,
                                  .rings = s->marks,
                                  .n_rings = b->n_rings};
    s->head = (struct record_head){.batch = b->number, .time_us = b->time_us, .hash = b->last};
    memcpy(s->head.signature, b->signature, SIGNATURE_LEN);
    return KW_OK;
}

/* Finds the last whole batch of one file and cuts off what is behind it. *found is false when it
 * holds none. */
static enum kw_err resume_day(struct segments *s, int32_t day, bool *found)
{
    AUTO(file_closep) int fd = -1;
    AUTO(buf_deinit) struct buf buf = BUF_MAX(BATCH_MAX);
    struct batch b;
    uint64_t size = 0, end;

    TRY(open_rw(s, day, 0, &fd, &size));
    end = size;
    enum kw_err err = last_by_trailer(s, fd, size, &buf, &b);
    if (err == KW_EDAMAGED) {
        TRY(end_of_whole(s, fd, size, &buf, &end));
        keep_cut(s, fd, day, end, size);
        TRY(cut_off(fd, end));
        s->torn = size - end;
        s->torn_day = day;
        err = last_by_trailer(s, fd, end, &buf, &b);
    }
    *found = err == KW_OK;
    if (err == KW_OK)
        TRY(adopt(s, &b));
    else if (err != KW_ENOTFOUND)
        return err;
    if (s->day < 0) {
        s->day = day;
        s->end = end;
    }
    return KW_OK;
}

/* From the last file back: one that was made just before a crash may hold nothing yet. */
static enum kw_err resume(struct segments *s)
{
    AUTO(days_deinit) struct days days = {0};
    bool found = false;

    TRY(days_list(s->o.audit_dir, &days));
    for (size_t i = days.n; i-- > 0 && !found;)
        TRY(resume_day(s, days.day[i], &found));
    return KW_OK;
}

/* ---- opening and closing ---- */

static enum kw_err system_write(void *ctx, int fd, const void *bytes, size_t n, off_t at)
{
    (void)ctx;
    return file_pwrite(fd, bytes, n, at);
}

static enum kw_err system_sync(void *ctx, int fd)
{
    (void)ctx;
    return fdatasync(fd) == 0 ? KW_OK : file_err(errno);
}

void segments_close(struct segments *s)
{
    if (s == NULL)
        return;
    file_closep(&s->fd);
    verifier_free(s->verifier);
    free(s->marks);
    free(s->bytes);
    free(s);
}

void segments_closep(struct segments **s)
{
    segments_close(*s);
}

enum kw_err segments_open(const struct segment_options *o, struct segments **out)
{
    AUTO(segments_closep) struct segments *s = calloc(1, sizeof *s);
    uint8_t public_key[PUBLIC_KEY_LEN];

    if (s == NULL)
        return KW_ENOMEM;
    s->o = *o;
    s->fd = -1;
    s->day = -1;
    if (s->o.io.write == NULL)
        s->o.io.write = system_write;
    if (s->o.io.sync == NULL)
        s->o.io.sync = system_sync;
    s->marks = calloc(BATCH_RINGS_MAX, sizeof *s->marks);
    s->bytes = malloc(BATCH_MAX);
    if (s->marks == NULL || s->bytes == NULL)
        return KW_ENOMEM;
    TRY(signer_public(o->signer, public_key));
    TRY(verifier_new(public_key, &s->verifier));
    TRY(resume(s));
    *out = STEAL(s);
    return KW_OK;
}

const struct batch_head *segments_last(const struct segments *s)
{
    return &s->last;
}

void segments_head(const struct segments *s, struct record_head *out)
{
    *out = s->head;
}

uint64_t segments_torn(const struct segments *s, int32_t *day)
{
    *day = s->torn_day;
    return s->torn;
}

struct str segments_bytes(const struct segments *s, int32_t *day, uint64_t *offset)
{
    *day = s->day;
    *offset = s->offset;
    return (struct str){(const char *)s->bytes, s->len};
}

/* ---- appending ---- */

/* Drops what the kernel may still hold of the bytes whose sync failed, and looks whether what was
 * acknowledged is really there. */
static enum kw_err reread(const struct segments *s, int fd)
{
    AUTO(buf_deinit) struct buf buf = BUF_MAX(BATCH_MAX);
    struct batch b;

    if (s->end == 0)
        return KW_OK;
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    TRY(segment_read_back(fd, s->end, &buf, &b));
    TRY(check(s, &b));
    return digest_eq(&b.last, &s->head.hash) ? KW_OK : KW_EDAMAGED;
}

/* Opens the file that is written now, at the end of what is durable. */
static enum kw_err reopen(struct segments *s)
{
    AUTO(file_closep) int fd = -1;
    uint64_t size = 0;

    TRY(open_rw(s, s->day, O_CREAT, &fd, &size));
    if (size > s->end && s->unsettled)
        TRY(cut_off(fd, s->end));
    else if (size != s->end)
        return KW_EDAMAGED;
    if (s->unsettled)
        TRY(reread(s, fd));
    s->unsettled = false;
    s->fd = fd;
    fd = -1;
    return KW_OK;
}

static enum kw_err sync_folder(const struct segments *s)
{
    AUTO(file_closep) int fd = open(s->o.audit_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0 || fsync(fd) != 0)
        return file_err(errno);
    return KW_OK;
}

/* A new day begins a new file. A clock that went back does not go back to an old one. */
static void turn_day(struct segments *s, int32_t day)
{
    if (day <= s->day)
        return;
    file_closep(&s->fd);
    s->day = day;
    s->end = 0;
}

static enum kw_err write_batch(struct segments *s, size_t len)
{
    if (s->fd < 0)
        TRY(reopen(s));
    s->unsettled = true; /* until all of it is durable */
    TRY(s->o.io.write(s->o.io.ctx, s->fd, s->bytes, len, (off_t)s->end));
    TRY(s->o.io.sync(s->o.io.ctx, s->fd));
    if (s->end == 0)
        TRY(sync_folder(s));
    s->unsettled = false;
    return KW_OK;
}

static void settle(struct segments *s, const struct batch_head *head, size_t len,
                   const struct digest *last)
{
    s->offset = s->end;
    s->end += len;
    s->len = len;
    if (head->n_rings > 0)
        memmove(s->marks, head->rings, head->n_rings * sizeof *s->marks);
    s->last = *head;
    s->last.rings = s->marks;
    s->head = (struct record_head){.batch = head->number, .time_us = head->time_us, .hash = *last};
    memcpy(s->head.signature, s->bytes + len - BATCH_TRAILER + DIGEST_LEN, SIGNATURE_LEN);
}

/* Never before the batch before, nor before the day of a file that was made just before a crash. */
static int64_t not_before(const struct segments *s, int64_t time_us)
{
    int64_t least = s->last.number > 0 ? s->last.time_us : INT64_MIN;

    if (s->day > 0 && least < day_begin_us(s->day))
        least = day_begin_us(s->day);
    return time_us < least ? least : time_us;
}

enum kw_err segments_append(struct segments *s, const struct batch_head *head,
                            const struct record *records, uint32_t n)
{
    struct batch_head next = *head;
    struct digest last;
    size_t len;

    next.number = s->last.number + 1;
    next.previous = s->head.hash;
    next.time_us = not_before(s, head->time_us);
    TRY(batch_build(&next, records, n, s->o.signer, s->bytes, &len, &last));
    if (s->unsettled)
        TRY(reopen(s));
    turn_day(s, day_of(next.time_us));
    enum kw_err err = write_batch(s, len);
    if (err != KW_OK) {
        file_closep(&s->fd);
        return err;
    }
    settle(s, &next, len, &last);
    return KW_OK;
}
