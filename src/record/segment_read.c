/* segment_read.c - the files of the record, for whoever reads them; see segment.h. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file.h"
#include "record/segment.h"

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
    buf_clear(out);
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
    TRY(batch_peek(peek, &len, NULL));
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

bool segment_hop(int fd, uint64_t size, uint64_t *last, uint64_t *end)
{
    uint8_t peek[BATCH_PEEK];
    size_t len;
    uint64_t at = 0;
    bool any = false;

    while (size - at >= sizeof peek && file_pread(fd, peek, sizeof peek, (off_t)at) == KW_OK &&
           batch_peek(peek, &len, NULL) == KW_OK && size - at >= len) {
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
    segment_hop(fd, size, &last, &end);
    return end;
}
