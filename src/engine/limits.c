/* limits.c - see limits.h. */
#include "engine/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/guard.h"

struct limits {
    uint8_t *map;
    size_t size;
    uint32_t n_lines;
};

/* 100 failures in 60 s from one source, ten times that from the /48 around it. */
static const struct rate source_rate = {.n = 100, .window_s = 60, .burst = 100},
                         around_rate = {.n = 1000, .window_s = 60, .burst = 1000};

uint64_t limits_tag(struct str id)
{
    uint64_t first, last;

    memcpy(&first, id.p, sizeof first);
    memcpy(&last, id.p + KW_KEY_ID_LEN - sizeof last, sizeof last);
    return (first ^ (last << 17 | last >> 47)) | 1;
}

void limits_close(struct limits *l)
{
    if (l == NULL)
        return;
    if (l->map != NULL) {
        guard_remove(l->map);
        munmap(l->map, l->size);
    }
    free(l);
}

void limits_closep(struct limits **l)
{
    limits_close(*l);
}

void limits_range(const struct limits *l, const void **begin, size_t *n)
{
    *begin = l->map;
    *n = l->size;
}

static enum kw_err check_header(int fd, size_t size)
{
    struct limits_header h;

    if (size < limits_line_offset(1))
        return KW_EDAMAGED;
    TRY(file_pread(fd, &h, sizeof h, 0));
    if (memcmp(h.magic, LIMITS_MAGIC, sizeof LIMITS_MAGIC) != 0 || h.format != LIMITS_FORMAT)
        return KW_EFORMAT;
    return h.n_sets == LIMITS_SETS ? KW_OK : KW_EDAMAGED;
}

enum kw_err limits_open(const char *path, _Atomic int *torn, struct limits **out)
{
    AUTO(file_closep) int fd = open(path, O_RDWR | O_CLOEXEC);
    AUTO(limits_closep) struct limits *l = calloc(1, sizeof *l);
    struct stat st;

    if (l == NULL)
        return KW_ENOMEM;
    if (fd < 0)
        return errno == ENOENT ? KW_EUNAVAILABLE : file_err(errno);
    if (fstat(fd, &st) != 0)
        return KW_EIO;
    size_t size = (size_t)st.st_size;
    TRY(check_header(fd, size));
    void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return KW_ENOMEM;
    *l = (struct limits){.map = map,
                         .size = size,
                         .n_lines = (uint32_t)((size - limits_line_offset(0)) / LIMITS_LINE)};
    TRY(guard_add(l->map, l->size, torn));
    *out = STEAL(l);
    return KW_OK;
}

void limits_expect(const struct limits *l, uint32_t slot)
{
    if (slot < l->n_lines)
        __builtin_prefetch(l->map + limits_line_offset(slot), 1);
}

/* Empties a word that still is what it was before the line was taken over. */
static void empty(_Atomic uint64_t *word, uint64_t before)
{
    atomic_compare_exchange_strong(word, &before, 0);
}

/* The key's line. One with another tag has been damaged, or is a new key's: it becomes this key's,
 * with nothing used. Others may have taken from it as soon as it has its tag, so what they wrote
 * stays. */
static struct limits_line *line_of(struct limits *l, uint32_t slot, struct str id)
{
    struct limits_line *line = (struct limits_line *)(void *)(l->map + limits_line_offset(slot));
    uint64_t tag = limits_tag(id);
    uint64_t there = atomic_load(&line->tag);

    if (there == tag)
        return line;
    uint64_t rate = atomic_load(&line->rate), quota = atomic_load(&line->quota);
    if (atomic_compare_exchange_strong(&line->tag, &there, tag)) {
        empty(&line->rate, rate);
        empty(&line->quota, quota);
    }
    return line;
}

/* Takes one from a limit that admitted when it was looked at; judges again whenever somebody else
 * was faster. */
#define TAKE(word, seen, judge_again, verdict)                                           \
    while ((verdict).ok && !atomic_compare_exchange_weak(word, &(seen), (verdict).next)) \
    (verdict) = (judge_again)

static void look(const struct limits_ask *ask, uint64_t rate_word, uint64_t quota_word,
                 struct limits_answer *out)
{
    out->rate = rate_look(&ask->rate, rate_word, ask->boot_us);
    out->quota = quota_look(&ask->quota, quota_word, ask->wall_s);
}

/* Takes from the rate first; what it gave is not given back if the quota then refuses. */
static void take(struct limits_line *line, const struct limits_ask *ask, struct limits_answer *a,
                 uint64_t rate_word, uint64_t quota_word)
{
    if (ask->rate.n != 0)
        TAKE(&line->rate, rate_word, rate_judge(&ask->rate, rate_word, ask->boot_us), a->rate);
    if (a->rate.ok && ask->quota.window != QUOTA_NONE)
        TAKE(&line->quota, quota_word, quota_judge(&ask->quota, quota_word, ask->wall_s), a->quota);
    if (!a->rate.ok)
        look(ask, rate_word, quota_word, a);
}

enum kw_err limits_take(struct limits *l, const struct limits_ask *ask, struct limits_answer *out)
{
    if (ask->slot >= l->n_lines)
        return KW_EUNAVAILABLE;
    struct limits_line *line = line_of(l, ask->slot, ask->id);
    uint64_t rate_word = atomic_load(&line->rate), quota_word = atomic_load(&line->quota);
    struct limits_answer a = {
        .rate = rate_judge(&ask->rate, rate_word, ask->boot_us),
        .quota = quota_judge(&ask->quota, quota_word, ask->wall_s),
    };

    if (a.rate.ok && a.quota.ok)
        take(line, ask, &a, rate_word, quota_word);
    else
        look(ask, rate_word, quota_word, &a);
    a.refused_by = !a.rate.ok ? KW_LIMIT_RATE : !a.quota.ok ? KW_LIMIT_QUOTA : KW_NO_LIMIT;
    *out = a;
    return KW_OK;
}

/* A line with another tag is not this key's yet: nothing of it is used. */
enum kw_err limits_peek(const struct limits *l, const struct limits_ask *ask,
                        struct limits_answer *out)
{
    if (ask->slot >= l->n_lines)
        return KW_EUNAVAILABLE;
    const struct limits_line *line =
        (const struct limits_line *)(const void *)(l->map + limits_line_offset(ask->slot));
    bool is_ours = atomic_load(&line->tag) == limits_tag(ask->id);

    look(ask, is_ours ? atomic_load(&line->rate) : 0, is_ours ? atomic_load(&line->quota) : 0, out);
    out->refused_by = KW_NO_LIMIT;
    return KW_OK;
}

static uint64_t network_hash(const struct address *net, size_t n_bytes)
{
    uint64_t h = 0xcbf29ce484222325u ^ n_bytes;

    for (size_t i = 0; i < n_bytes; i++)
        h = (h ^ net->b[i]) * 0x100000001b3u; /* FNV-1a */
    h ^= h >> 29;
    return h | 1;
}

/* The entry of a source; the one that has been quiet for longest makes room for a new one. */
static struct limits_miss *miss_of(struct limits *l, uint64_t source)
{
    struct limits_miss *set = (struct limits_miss *)(void *)(l->map + LIMITS_PAGE) +
                              (source >> 8) % LIMITS_SETS * LIMITS_WAYS;
    struct limits_miss *oldest = &set[0];

    for (size_t i = 0; i < LIMITS_WAYS; i++) {
        if (atomic_load_explicit(&set[i].source, memory_order_relaxed) == source)
            return &set[i];
        if (atomic_load_explicit(&set[i].word, memory_order_relaxed) <
            atomic_load_explicit(&oldest->word, memory_order_relaxed))
            oldest = &set[i];
    }
    uint64_t there = atomic_load(&oldest->source);
    if (atomic_compare_exchange_strong(&oldest->source, &there, source))
        atomic_store(&oldest->word, 0);
    return oldest;
}

static bool count_miss(struct limits *l, uint64_t source, const struct rate *rate, uint64_t boot_us,
                       uint32_t *retry_s)
{
    struct limits_miss *miss = miss_of(l, source);
    uint64_t word = atomic_load(&miss->word);
    struct limit_verdict v = rate_judge(rate, word, boot_us);

    TAKE(&miss->word, word, rate_judge(rate, word, boot_us), v);
    if (!v.ok)
        *retry_s = v.retry_s;
    return v.ok;
}

static bool is_v4(const struct address *a)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    return memcmp(a->b, mapped, sizeof mapped) == 0;
}

bool limits_miss(struct limits *l, const struct address *client, uint64_t boot_us, uint32_t *retry_s)
{
    struct address net = address_source(client);

    if (is_v4(client))
        return count_miss(l, network_hash(&net, 16), &source_rate, boot_us, retry_s);
    return count_miss(l, network_hash(&net, 8), &source_rate, boot_us, retry_s) &&
           count_miss(l, network_hash(&net, 6), &around_rate, boot_us, retry_s);
}
