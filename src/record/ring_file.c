/* ring_file.c - see ring_file.h. */
#include "record/ring_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

enum { SLOTS_MAX = 1 << 20, LOOKS = 3 };

/* ---- the header ---- */

static bool slots_ok(const uint32_t n[2])
{
    for (int ring = 0; ring < 2; ring++)
        if (n[ring] == 0 || n[ring] > SLOTS_MAX || (n[ring] & (n[ring] - 1)) != 0)
            return false;
    return true;
}

static enum kw_err read_header(int fd, struct ring_header *h)
{
    static const char magic[sizeof h->magic] = RING_MAGIC;
    struct stat st;

    if (fstat(fd, &st) != 0)
        return file_err(errno);
    if (!S_ISREG(st.st_mode) || file_pread(fd, h, sizeof *h, 0) != KW_OK)
        return KW_EDAMAGED;
    if (memcmp(h->magic, magic, sizeof magic) != 0 || h->format != RING_FORMAT || h->zero != 0)
        return KW_EDAMAGED;
    if (h->ring_id == 0 || !slots_ok(h->n_slots))
        return KW_EDAMAGED;
    uint64_t size = ring_file_size(h->n_slots);
    return h->file_size == size && (uint64_t)st.st_size == size ? KW_OK : KW_EDAMAGED;
}

/* h is our own copy: its atomics are plain memory. */
static void take_header(struct ring_file *f, struct ring_header *h)
{
    for (int ring = 0; ring < 2; ring++) {
        f->head[ring] = atomic_load_explicit(&h->head[ring], memory_order_relaxed);
        f->tail[ring] = atomic_load_explicit(&h->tail[ring], memory_order_relaxed);
        for (enum kw_reason why = 0; (unsigned)why < KW_N_REASONS; why++)
            f->counted[ring][why] =
                atomic_load_explicit(ring_counted(h, ring, why), memory_order_relaxed);
    }
}

enum kw_err ring_file_open(const char *run_dir, uint32_t number, struct ring_file *f)
{
    char path[PATH_MAX];
    struct stat st;
    struct ring_header h;

    if (snprintf(path, sizeof path, RING_PATH, run_dir, number) >= (int)sizeof path)
        return KW_ERANGE;
    AUTO(file_closep) int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0)
        return file_err(errno);
    *f = (struct ring_file){.fd = fd, .dev = st.st_dev, .ino = st.st_ino, .number = number};
    f->next = (struct ring_mark){.number = number, .ino = st.st_ino};
    f->done = f->next;
    fd = -1;
    TRY(read_header(f->fd, &h));
    f->next.ring_id = h.ring_id;
    f->done = f->next;
    memcpy(f->n_slots, h.n_slots, sizeof f->n_slots);
    take_header(f, &h);
    return KW_OK;
}

void ring_file_close(struct ring_file *f)
{
    file_closep(&f->fd);
}

static bool within(const struct ring_file *f, int ring, uint64_t from)
{
    return f->head[ring] - from <= f->n_slots[ring];
}

enum kw_err ring_file_begin(struct ring_file *f)
{
    for (int ring = 0; ring < 2; ring++) {
        if (!within(f, ring, f->tail[ring]))
            return KW_EDAMAGED;
        f->next.next[ring] = f->tail[ring];
    }
    f->done = f->next;
    return KW_OK;
}

enum kw_err ring_file_go_on(struct ring_file *f, const struct ring_mark *mark)
{
    f->next = *mark;
    f->next.ino = f->ino;
    f->done = f->next;
    for (int ring = 0; ring < 2; ring++) {
        if (within(f, ring, mark->next[ring]))
            continue;
        if (!within(f, ring, f->tail[ring]) || f->tail[ring] < mark->next[ring])
            return KW_EDAMAGED;
        f->lost += f->tail[ring] - mark->next[ring];
        f->next.next[ring] = f->tail[ring];
    }
    return KW_OK;
}

void ring_file_damage(struct ring_file *f)
{
    f->damaged = true;
    for (int ring = 0; ring < 2; ring++)
        f->head[ring] = f->next.next[ring] + f->n_slots[ring];
}

/* A read may meet a write half-way: what does not hold at once is looked at again. */
enum kw_err ring_file_look(struct ring_file *f)
{
    struct ring_header h = {.format = 0};

    for (int i = 0; i < LOOKS; i++) {
        enum kw_err err = read_header(f->fd, &h);
        if (err != KW_OK && err != KW_EDAMAGED)
            return err;
        if (err != KW_OK || h.ring_id != f->next.ring_id ||
            memcmp(h.n_slots, f->n_slots, sizeof f->n_slots) != 0)
            continue;
        take_header(f, &h);
        if (within(f, RING_PROVED, f->next.next[0]) && within(f, RING_UNPROVED, f->next.next[1]))
            return KW_OK;
    }
    return KW_EDAMAGED;
}

/* ---- slots ---- */

/* Reads n things of a size that lie in a circle: the piece up to its end, then the one from its
 * beginning. */
static enum kw_err read_circle(const struct ring_file *f, int ring, uint64_t from, uint32_t n,
                               uint64_t (*offset)(const uint32_t *, int, uint64_t), size_t size,
                               void *out)
{
    uint64_t left = f->n_slots[ring] - from % f->n_slots[ring];
    uint32_t first = n < left ? n : (uint32_t)left;

    TRY(file_pread(f->fd, out, first * size, (off_t)offset(f->n_slots, ring, from)));
    return file_pread(f->fd, (char *)out + first * size, (n - first) * size,
                      (off_t)offset(f->n_slots, ring, from + first));
}

enum kw_err ring_file_read(const struct ring_file *f, int ring, uint32_t n, struct ring_slot *slots,
                           uint64_t *committed, uint32_t *got)
{
    uint64_t from = f->next.next[ring], there = f->head[ring] - from;
    uint32_t k = 0;

    if (n > there)
        n = (uint32_t)there;
    if (n > f->n_slots[ring])
        n = f->n_slots[ring];
    TRY(read_circle(f, ring, from, n, ring_commit_offset, sizeof *committed, committed));
    for (uint32_t i = 0; i < n; i++)
        committed[i] = committed[i] == from + i + 1;
    while (k < n && (f->locked || committed[k]))
        k++;
    /* The verifier stored the commit word behind the slot; we read the slot behind the word. */
    atomic_thread_fence(memory_order_acquire);
    TRY(read_circle(f, ring, from, k, ring_slot_offset, sizeof *slots, slots));
    *got = k;
    return KW_OK;
}

bool ring_file_event(const struct ring_file *f, const struct ring_slot *slot, uint64_t position,
                     struct event *e)
{
    if (slot->len == 0 || slot->len > EVENT_MAX)
        return false;
    if (event_decode((struct str){(const char *)slot->event, slot->len}, e) != KW_OK)
        return false;
    return e->kind == EVENT_DECISION && e->count == 1 && e->ring == f->next.ring_id &&
           e->position == position;
}

/* ---- lock and tail ---- */

static bool set_lock(const struct ring_file *f, short type)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

    return fcntl(f->fd, F_OFD_SETLK, &lock) == 0;
}

bool ring_file_lock(struct ring_file *f)
{
    if (!f->locked)
        f->locked = set_lock(f, F_WRLCK);
    return f->locked;
}

void ring_file_unlock(struct ring_file *f)
{
    if (f->locked)
        f->locked = !set_lock(f, F_UNLCK);
}

enum kw_err ring_file_move_tail(struct ring_file *f)
{
    for (int ring = 0; ring < 2; ring++) {
        if (f->tail[ring] == f->done.next[ring])
            continue;
        off_t at = (off_t)(offsetof(struct ring_header, tail) + sizeof(uint64_t) * (size_t)ring);
        TRY(file_pwrite(f->fd, &f->done.next[ring], sizeof(uint64_t), at));
        f->tail[ring] = f->done.next[ring];
    }
    return KW_OK;
}
