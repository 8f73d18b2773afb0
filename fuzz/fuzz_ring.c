/* fuzz_ring.c - bytes as a ring file that the record knows, then as one that it does not: whatever they are, the recorder
 * goes on, and what it writes verifies. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "record/recorder.h"
#include "record/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { SLOTS = 8 };

static char folder[64], audit[96], ring[96];
static struct signer *signer;
static uint8_t public_key[PUBLIC_KEY_LEN];

static void demand(bool truth)
{
    if (!truth)
        abort();
}

static void remove_all(void)
{
    char rings[96];

    unlink(ring);
    snprintf(rings, sizeof rings, "%s/rings", folder);
    rmdir(rings);
    rmdir(audit);
    rmdir(folder);
}

static void set_up(void)
{
    char rings[96];
    const struct secret seed = {{1}};
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

    snprintf(folder, sizeof folder, "%s/keyward-fuzz-XXXXXX", base);
    demand(mkdtemp(folder) != NULL);
    snprintf(audit, sizeof audit, "%s/audit", folder);
    snprintf(rings, sizeof rings, "%s/rings", folder);
    snprintf(ring, sizeof ring, "%s/rings/000", folder);
    demand(mkdir(audit, 0700) == 0 && mkdir(rings, 0700) == 0);
    demand(signer_new(&seed, &signer) == KW_OK && signer_public(signer, public_key) == KW_OK);
    atexit(remove_all);
}

static void write_ring(struct str bytes)
{
    int fd = open(ring, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    demand(fd >= 0 && ftruncate(fd, 0) == 0);
    demand(file_pwrite(fd, bytes.p, bytes.n, 0) == KW_OK);
    close(fd);
}

/* A good ring of 8 and 8 slots, of its full size, with the input over its header or behind it. */
static void write_good_ring(struct str over, off_t at)
{
    struct ring_header h = {
        .magic = RING_MAGIC, .format = RING_FORMAT, .n_slots = {SLOTS, SLOTS}, .ring_id = 42};
    int fd = open(ring, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    h.file_size = ring_file_size(h.n_slots);
    size_t room = (size_t)h.file_size - (size_t)at;
    demand(fd >= 0 && ftruncate(fd, 0) == 0 && ftruncate(fd, (off_t)h.file_size) == 0);
    h.head[RING_PROVED] = at == 0 ? 0 : SLOTS;
    h.head[RING_UNPROVED] = at == 0 ? 0 : SLOTS;
    demand(file_pwrite(fd, &h, sizeof h, 0) == KW_OK);
    demand(file_pwrite(fd, over.p, over.n < room ? over.n : room, at) == KW_OK);
    close(fd);
}

static void drain(struct recorder *r)
{
    struct recorder_result result;

    for (int i = 0; i < 2; i++)
        demand(recorder_drain(r, 1000000, &result) == KW_OK && !result.more);
}

static void forget_record(void)
{
    char path[DAY_PATH_MAX];
    static const char *const suffixes[] = {".seg", ".idx", ".cut"};

    for (size_t i = 0; i < COUNT_OF(suffixes); i++)
        if (day_path(audit, 0, suffixes[i], path) == KW_OK)
            unlink(path);
}

static void demand_whole(void)
{
    struct verify_report report;
    enum kw_err err = verify_folder(audit, public_key, NULL, &report);

    demand(err == KW_ENOTFOUND || (err == KW_OK && report.what == NULL));
}

static enum kw_err no_sync(void *ctx, int fd)
{
    (void)ctx, (void)fd;
    return KW_OK;
}

static enum kw_err plain_write(void *ctx, int fd, const void *bytes, size_t n, off_t at)
{
    (void)ctx;
    return file_pwrite(fd, bytes, n, at);
}

/* The first byte chooses what the others are: a whole file, or what lies over a good one. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct recorder_options o = {
        .audit_dir = audit, .run_dir = folder, .io = {NULL, plain_write, no_sync}};
    struct recorder *r;

    if (signer == NULL)
        set_up();
    if (n == 0)
        return 0;
    struct str rest = {(const char *)bytes + 1, n - 1};
    o.signer = signer;
    unlink(ring);
    demand(recorder_open(&o, &r) == KW_OK);
    if (bytes[0] % 3 == 0) {
        write_ring(rest);
    } else if (bytes[0] % 3 == 1) {
        write_good_ring(rest, RING_PAGE);
    } else {
        write_good_ring((struct str){0}, 0);
        drain(r);
        write_good_ring(rest, 0);
    }
    drain(r);
    recorder_close(r);
    demand(recorder_open(&o, &r) == KW_OK);
    drain(r);
    recorder_close(r);
    demand_whole();
    forget_record();
    return 0;
}
