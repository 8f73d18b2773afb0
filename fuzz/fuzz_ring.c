/* fuzz_ring.c - bytes as a ring file: whatever they are, the recorder goes on, and what it writes verifies. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fuzz.h"
#include "record/recorder.h"
#include "record/verify.h"

enum { SLOTS = 8 };

static char folder[64], audit[96], ring[96];
static struct signer *signer;
static struct recorder *recorder;
static uint8_t public_key[PUBLIC_KEY_LEN];

static void write_ring(struct str bytes)
{
    int fd = open(ring, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    MUST(fd >= 0 && ftruncate(fd, 0) == 0);
    MUST(file_pwrite(fd, bytes.p, bytes.n, 0) == KW_OK);
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
    MUST(fd >= 0 && ftruncate(fd, 0) == 0 && ftruncate(fd, (off_t)h.file_size) == 0);
    h.head[RING_PROVED] = at == 0 ? 0 : SLOTS;
    h.head[RING_UNPROVED] = at == 0 ? 0 : SLOTS;
    MUST(file_pwrite(fd, &h, sizeof h, 0) == KW_OK);
    MUST(file_pwrite(fd, over.p, over.n < room ? over.n : room, at) == KW_OK);
    close(fd);
}

static enum kw_err no_sync(void *ctx, int fd)
{
    (void)ctx, (void)fd;
    return KW_OK;
}

static void open_recorder(void)
{
    struct recorder_options o = {
        .audit_dir = audit, .run_dir = folder, .signer = signer, .io = {.sync = no_sync}};

    MUST(recorder_open(&o, &recorder) == KW_OK);
}

static void drain(void)
{
    struct recorder_result result;

    for (int i = 0; i < 2; i++)
        MUST(recorder_drain(recorder, 1000000, &result) == KW_OK && !result.more);
}

static void forget_record(void)
{
    static const char *const suffixes[] = {".seg", ".idx", ".cut"};
    char path[DAY_PATH_MAX];

    for (size_t i = 0; i < COUNT_OF(suffixes); i++)
        if (day_path(audit, 0, suffixes[i], path) == KW_OK)
            unlink(path);
}

/* Opening costs far more than an input: once in a while, the recorder goes on from what it wrote; then the record is
 * verified, and a new one begun. */
static void take_stock(void)
{
    struct verify_report report;

    recorder_close(recorder);
    open_recorder();
    drain();
    recorder_close(recorder);
    enum kw_err err = verify_folder(audit, public_key, NULL, &report);
    MUST(err == KW_ENOTFOUND || (err == KW_OK && report.what == NULL));
    forget_record();
    open_recorder();
}

static void remove_all(void)
{
    char rings[96];

    recorder_close(recorder);
    signer_free(signer);
    forget_record();
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
    MUST(mkdtemp(folder) != NULL);
    snprintf(audit, sizeof audit, "%s/audit", folder);
    snprintf(rings, sizeof rings, "%s/rings", folder);
    snprintf(ring, sizeof ring, "%s/rings/000", folder);
    MUST(mkdir(audit, 0700) == 0 && mkdir(rings, 0700) == 0);
    MUST(signer_new(&seed, &signer) == KW_OK && signer_public(signer, public_key) == KW_OK);
    open_recorder();
    atexit(remove_all);
}

/* The first byte chooses what the others are: a whole file, or what lies over a good one that is new, or known. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static unsigned turn;

    if (signer == NULL)
        set_up();
    if (n == 0)
        return 0;
    struct str rest = {(const char *)data + 1, n - 1};
    if (data[0] % 3 == 0) {
        write_ring(rest);
    } else if (data[0] % 3 == 1) {
        write_good_ring(rest, RING_PAGE);
    } else {
        write_good_ring((struct str){0}, 0);
        drain();
        write_good_ring(rest, 0);
    }
    drain();
    if (++turn % 64 == 0)
        take_stock();
    unlink(ring); /* the next one is another file */
    drain();
    return 0;
}
