/* index_reach.c - how far back the records of a closed day reach; see index.h. The head of its index has, behind "kwindex 2" and a zero,
 * u16 days and u32 CRC-32C of these, the segment's size and the hash it ends with: it holds for no other segment. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/file.h"
#include "base/pack.h"
#include "record/index_entry.h"

enum { REACH_AT = 10, REACH_LEN = 6, HASH_LEN = 8, SEALED_LEN = 2 + 8 + HASH_LEN };

static enum kw_err seal(int segment, uint64_t size, uint16_t days, uint8_t out[REACH_LEN])
{
    uint8_t bytes[SEALED_LEN], hash[HASH_LEN];
    struct packer sealed = {.p = bytes, .cap = sizeof bytes};
    struct packer to = {.p = out, .cap = REACH_LEN};

    if (size < BATCH_TRAILER)
        return KW_ENOTFOUND;
    TRY(file_pread(segment, hash, sizeof hash, (off_t)(size - BATCH_TRAILER)));
    pack_u16(&sealed, days);
    pack_u64(&sealed, size);
    pack_bytes(&sealed, hash, sizeof hash);
    pack_u16(&to, days);
    pack_u32(&to, crc32c(bytes, sizeof bytes));
    return KW_OK;
}

static enum kw_err open_index(const char *audit_dir, int32_t day, int flags, int *fd)
{
    char path[DAY_PATH_MAX];

    TRY(day_path(audit_dir, day, ".idx", path));
    *fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
    return *fd < 0 ? file_err(errno) : KW_OK;
}

bool index_reach(const char *audit_dir, int32_t day, int segment, uint64_t size, uint16_t *days)
{
    AUTO(file_closep) int fd = -1;
    uint8_t there[REACH_LEN], held[REACH_LEN];
    struct unpacker from = {.p = there, .n = sizeof there};

    if (open_index(audit_dir, day, O_RDONLY, &fd) != KW_OK ||
        file_pread(fd, there, sizeof there, REACH_AT) != KW_OK)
        return false;
    uint16_t n = unpack_u16(&from);
    if (seal(segment, size, n, held) != KW_OK || memcmp(there, held, sizeof there) != 0)
        return false;
    *days = n;
    return true;
}

void index_keep_reach(const char *audit_dir, int32_t day, int segment, uint64_t size, uint16_t days)
{
    AUTO(file_closep) int fd = -1;
    uint8_t bytes[REACH_LEN];
    uint16_t there;

    if (index_reach(audit_dir, day, segment, size, &there) && there == days)
        return;
    if (seal(segment, size, days, bytes) == KW_OK &&
        open_index(audit_dir, day, O_WRONLY, &fd) == KW_OK)
        ignore(file_pwrite(fd, bytes, sizeof bytes, REACH_AT)); /* then the next search looks again */
}
