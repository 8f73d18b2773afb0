/* claim.c - see claim.h. */
#include "engine/claim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/guard.h"

struct claim {
    int fd;
    uint8_t *map;
    size_t size;
    uint32_t n_slots[2]; /* copies: what lies in the mapping may be overwritten by anybody who may
                            write to it */
    uint64_t ring_id;
};

void claim_close(struct claim *c)
{
    if (c == NULL)
        return;
    if (c->map != NULL) {
        guard_remove(c->map);
        munmap(c->map, c->size);
    }
    file_closep(&c->fd);
    free(c);
}

void claim_closep(struct claim **c)
{
    claim_close(*c);
}

static struct ring_header *header(const struct claim *c)
{
    return (struct ring_header *)(void *)c->map;
}

static bool is_power_of_two(uint32_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

static enum kw_err check_header(struct claim *c, struct ring_header *h)
{
    struct stat st;

    if (fstat(c->fd, &st) != 0 || st.st_size < RING_PAGE)
        return KW_EDAMAGED;
    TRY(file_pread(c->fd, h, sizeof *h, 0));
    if (memcmp(h->magic, RING_MAGIC, sizeof RING_MAGIC) != 0 || h->format != RING_FORMAT)
        return KW_EFORMAT;
    if (!is_power_of_two(h->n_slots[0]) || !is_power_of_two(h->n_slots[1]) ||
        h->file_size != (uint64_t)st.st_size || ring_file_size(h->n_slots) != h->file_size)
        return KW_EDAMAGED;
    return KW_OK;
}

/* The lock belongs to the open file description: it is held by this process as long as the file is
 * open here. */
static bool lock(int fd)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

    return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

/* What an earlier holder left behind has to be on the record first. */
static bool is_drained(const struct ring_header *h)
{
    return h->head[RING_PROVED] == h->tail[RING_PROVED] &&
           h->head[RING_UNPROVED] == h->tail[RING_UNPROVED];
}

static enum kw_err map_ring(struct claim *c, const struct ring_header *h, _Atomic int *torn)
{
    void *map = mmap(NULL, h->file_size, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd, 0);

    if (map == MAP_FAILED)
        return KW_ENOMEM;
    c->map = map;
    c->size = h->file_size;
    c->ring_id = h->ring_id;
    memcpy(c->n_slots, h->n_slots, sizeof c->n_slots);
    return guard_add(c->map, c->size, torn);
}

/* KW_EBUSY: another one's. */
static enum kw_err try_claim(const char *path, _Atomic int *torn, struct claim **out)
{
    AUTO(claim_closep) struct claim *c = calloc(1, sizeof *c);
    struct ring_header h;

    if (c == NULL)
        return KW_ENOMEM;
    c->fd = open(path, O_RDWR | O_CLOEXEC);
    if (c->fd < 0)
        return file_err(errno);
    if (!lock(c->fd))
        return KW_EBUSY;
    TRY(check_header(c, &h));
    if (!is_drained(&h))
        return KW_EBUSY;
    TRY(map_ring(c, &h, torn));
    *out = STEAL(c);
    return KW_OK;
}

enum kw_err claim_open(const char *run_dir, _Atomic int *torn, struct claim **out)
{
    char path[PATH_MAX];
    enum kw_err result = KW_EUNAVAILABLE; /* no rings at all */

    for (unsigned i = 0; i < RING_PAIRS_MAX; i++) {
        if (snprintf(path, sizeof path, RING_PATH, run_dir, i) >= (int)sizeof path)
            return KW_EINVAL;
        enum kw_err err = try_claim(path, torn, out);
        if (err == KW_OK)
            return KW_OK;
        if (err == KW_ENOTFOUND)
            return result;
        result = err == KW_EBUSY ? KW_EFULL : err;
    }
    return result;
}

uint64_t claim_generation(const struct claim *c)
{
    return atomic_load_explicit(&header(c)->keyring_generation, memory_order_acquire);
}

uint64_t claim_ring_id(const struct claim *c)
{
    return c->ring_id;
}

/* The acquire of tail pairs with nothing: serve moves it by pwrite, which is a system call and
 * orders everything. */
enum kw_err claim_reserve(struct claim *c, int ring, uint64_t *position)
{
    struct ring_header *h = header(c);
    uint64_t head = atomic_load_explicit(&h->head[ring], memory_order_relaxed);

    do {
        uint64_t tail = atomic_load_explicit(&h->tail[ring], memory_order_acquire);
        if (head - tail >= c->n_slots[ring])
            return KW_EFULL;
    } while (!atomic_compare_exchange_weak_explicit(&h->head[ring], &head, head + 1,
                                                    memory_order_acq_rel, memory_order_relaxed));
    *position = head;
    return KW_OK;
}

void claim_fill(struct claim *c, int ring, uint64_t position, struct event *e)
{
    struct ring_slot *slot =
        (struct ring_slot *)(void *)(c->map + ring_slot_offset(c->n_slots, ring, position));
    _Atomic uint64_t *commit =
        (_Atomic uint64_t *)(void *)(c->map + ring_commit_offset(c->n_slots, ring, position));

    /* Whoever filled this slot a round ago may have been another thread: its commit hands it over. */
    atomic_load_explicit(commit, memory_order_acquire);
    e->ring = c->ring_id;
    e->position = position;
    slot->len = (uint16_t)event_encode(e, slot->event);
    atomic_store_explicit(commit, position + 1, memory_order_release);
}

void claim_count(struct claim *c, int ring, enum kw_reason why)
{
    atomic_fetch_add_explicit(ring_counted(header(c), ring, why), 1, memory_order_relaxed);
}
