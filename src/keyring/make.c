/* make.c - keyrings as files: made, adopted after a restart, grown, checked; see write.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/file.h"
#include "keyring/writer.h"

void keyring_writer_free(struct keyring_writer *w)
{
    if (w == NULL)
        return;
    if (w->map != NULL)
        munmap(w->map, w->size);
    file_closep(&w->fd);
    free(w);
}

void keyring_writer_freep(struct keyring_writer **w)
{
    keyring_writer_free(*w);
}

const struct keyring_header *keyring_writer_head(const struct keyring_writer *w)
{
    return w->head;
}

void keyring_writer_range(const struct keyring_writer *w, const void **begin, size_t *n)
{
    *begin = w->map;
    *n = w->size;
}

const struct keyring_record *keyring_writer_record(const struct keyring_writer *w, uint32_t slot)
{
    return (const struct keyring_record *)writer_at(w, &w->head->records) + slot;
}

static uint32_t account_version(const struct keyring_writer *w, uint32_t slot)
{
    const struct keyring_account *accounts = writer_at(w, &w->head->accounts);

    return slot < w->head->n_accounts && accounts[slot].kind == KEYRING_ACCOUNT
               ? accounts[slot].version
               : 0;
}

uint32_t keyring_version_of(const struct keyring_writer *w, enum keyring_kind kind, uint32_t slot)
{
    if (kind == KEYRING_ACCOUNT)
        return account_version(w, slot);
    if (kind != KEYRING_KEY || slot >= w->head->n_records)
        return 0;
    const struct keyring_record *r = keyring_writer_record(w, slot);
    return r->kind == KEYRING_KEY ? r->version : 0;
}

static enum kw_err writer_new(const char *path, struct keyring_writer **out)
{
    AUTO(keyring_writer_freep) struct keyring_writer *w = calloc(1, sizeof *w);

    if (w == NULL)
        return KW_ENOMEM;
    w->fd = -1;
    if (snprintf(w->path, sizeof w->path, "%s", path) >= (int)sizeof w->path)
        return KW_ERANGE;
    *out = STEAL(w);
    return KW_OK;
}

static enum kw_err map_writable(struct keyring_writer *w, uint64_t size)
{
    struct stat st;
    void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, w->fd, 0);

    if (map == MAP_FAILED)
        return KW_ENOMEM;
    w->map = map;
    w->head = map;
    w->size = size;
    if (fstat(w->fd, &st) != 0)
        return KW_EIO;
    w->inode = st.st_ino;
    return KW_OK;
}

static uint32_t index_words_for(uint32_t records)
{
    uint32_t words = 1024;

    while (words < records * 2 && words < 1u << 31)
        words *= 2;
    return words;
}

/* Twice as many places as there are to be live at once: then two buckets are hardly ever full. */
static uint32_t buckets_for(uint32_t families)
{
    uint32_t buckets = 1;

    while (buckets * (KEYRING_WAYS / 2) < families && buckets < 1u << 24)
        buckets *= 2;
    return buckets;
}

static enum kw_err fill_header(struct keyring_header *h, struct str brand,
                               const struct keyring_sizes *sizes, const struct keyring_marks *marks)
{
    if (brand.n > KEYRING_BRAND_MAX || sizes->records < 1 || sizes->records > 1u << 30)
        return KW_EINVAL;
    *h = (struct keyring_header){
        .magic = KEYRING_MAGIC,
        .format = KEYRING_FORMAT,
        .generation = marks->generation,
        .hash_seed = marks->hash_seed,
        .record_cap = sizes->records + 1, /* record 0 is nobody's */
        .account_cap = sizes->accounts + 1,
        .index_words = index_words_for(sizes->records),
        .family_buckets = buckets_for(sizes->families),
        .brand_len = (uint32_t)brand.n,
        .wall_check = ~(int64_t)0,
        .freeze = {0, keyring_freeze_word(0), keyring_freeze_word(0)},
    };
    memcpy(h->brand, brand.p, brand.n);
    TRY(keyring_boot_id(h->boot_id));
    layout_place(h, (sizes->heap + 7) / 8 * 8, sizes->policy);
    h->crc = keyring_header_crc(h);
    return KW_OK;
}

static enum kw_err create_file(struct keyring_writer *w, const char *path,
                               const struct keyring_header *h)
{
    unlink(path); /* of an attempt that did not get to its end */
    w->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (w->fd < 0 || fchmod(w->fd, 0640) != 0)
        return file_err(errno);
    int failed = posix_fallocate(w->fd, 0, (off_t)h->file_size);
    if (failed != 0)
        return file_err(failed);
    TRY(map_writable(w, h->file_size));
    memcpy(w->head, h, sizeof *h);
    return KW_OK;
}

enum kw_err keyring_create(const char *path, struct str brand, const struct keyring_sizes *sizes,
                           const struct keyring_marks *marks, struct keyring_writer **out)
{
    AUTO(keyring_writer_freep) struct keyring_writer *w = NULL;
    struct keyring_header h;
    struct keyring_record nobody = {.kind = KEYRING_EMPTY};
    char fresh[PATH_MAX];

    TRY(writer_new(path, &w));
    TRY(fill_header(&h, brand, sizes, marks));
    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return KW_ERANGE;
    TRY(create_file(w, fresh, &h));
    memcpy(nobody.digest, marks->nobody_digest, sizeof nobody.digest);
    memcpy(nobody.old_digest, marks->nobody_digest, sizeof nobody.old_digest);
    TRY(writer_put_record(w, 0, &nobody, NULL, 0));
    writer_put_nobody(w, marks->nobody_digest);
    *out = STEAL(w);
    return KW_OK;
}

enum kw_err keyring_publish(struct keyring_writer *w)
{
    char fresh[PATH_MAX];

    if (snprintf(fresh, sizeof fresh, "%s.new", w->path) >= (int)sizeof fresh)
        return KW_ERANGE;
    return rename(fresh, w->path) == 0 ? KW_OK : file_err(errno);
}

enum kw_err keyring_copy(const struct keyring_writer *from, struct keyring_writer *to)
{
    const struct keyring_header *head = from->head;
    const struct keyring_record *records = writer_at(from, &head->records);
    const struct keyring_account *accounts = writer_at(from, &head->accounts);
    struct keyring_policy_place policy = {0};

    for (uint32_t i = 1; i < head->n_accounts; i++)
        if (accounts[i].kind != KEYRING_EMPTY)
            TRY(writer_put_account(to, i, &accounts[i], writer_account_rules(from, &accounts[i]),
                                   accounts[i].n_rules));
    for (uint32_t i = 1; i < head->n_records; i++)
        if (records[i].kind != KEYRING_EMPTY)
            TRY(writer_put_record(to, i, &records[i], writer_record_rules(from, &records[i]),
                                  records[i].n_rules));
    if (head->policy_word != 0 && !keyring_policy_place(head->policy_word, &policy))
        return KW_EDAMAGED;
    if (head->policy_word != 0)
        TRY(keyring_put_policy(to, policy.version,
                               (struct str){writer_at(from, &head->policy[policy.area]), policy.len}));
    for (enum kw_environment e = KW_SANDBOX; e <= KW_PRODUCTION; e++)
        to->head->freeze[e] = head->freeze[e];
    TRY(writer_copy_families(from, to));
    to->head->wall_offset_us = head->wall_offset_us;
    to->head->wall_check = head->wall_check;
    to->head->heartbeat_us = head->heartbeat_us;
    to->head->change_seq = head->change_seq;
    to->head->change_mark = head->change_mark;
    to->head->settled_us = head->settled_us;
    return KW_OK;
}

static uint64_t list_size(size_t n)
{
    return sizeof(struct keyring_list) + n * sizeof(struct keyring_rule);
}

uint64_t keyring_heap_needed(const struct keyring_writer *w)
{
    const struct keyring_record *records = writer_at(w, &w->head->records);
    const struct keyring_account *accounts = writer_at(w, &w->head->accounts);
    uint64_t n = 0;

    for (uint32_t i = 1; i < w->head->n_accounts; i++)
        n += accounts[i].n_rules > 0 ? list_size(accounts[i].n_rules) : 0;
    for (uint32_t i = 1; i < w->head->n_records; i++)
        n += records[i].n_rules > KEYRING_INLINE_RULES ? list_size(records[i].n_rules) : 0;
    return n;
}

enum kw_err keyring_adopt(const char *path, struct keyring_writer **out)
{
    AUTO(keyring_writer_freep) struct keyring_writer *w = NULL;
    struct keyring_header h;
    struct stat st;
    uint8_t boot_id[16];

    TRY(writer_new(path, &w));
    w->fd = open(path, O_RDWR | O_CLOEXEC);
    if (w->fd < 0)
        return errno == ENOENT ? KW_EUNAVAILABLE : file_err(errno);
    if (fstat(w->fd, &st) != 0)
        return KW_EIO;
    TRY(layout_read_header(w->fd, (uint64_t)st.st_size, &h));
    TRY(keyring_boot_id(boot_id));
    if (memcmp(boot_id, h.boot_id, sizeof boot_id) != 0 || h.retired != 0)
        return KW_EUNAVAILABLE;
    TRY(map_writable(w, h.file_size));
    uint32_t at = 0;
    uint64_t at_family = 0;
    TRY(keyring_scrub(w, &at, h.record_cap));
    TRY(keyring_scrub_families(w, &at_family, UINT64_MAX));
    *out = STEAL(w);
    return KW_OK;
}

enum kw_err keyring_writer_check(const struct keyring_writer *w)
{
    struct stat st;

    if (stat(w->path, &st) != 0 || st.st_ino != w->inode)
        return KW_ENOTFOUND;
    if ((uint64_t)st.st_size != w->size)
        return KW_EDAMAGED;
    return w->head->crc == keyring_header_crc(w->head) ? KW_OK : KW_EDAMAGED;
}

static bool list_holds(const struct keyring_writer *w, uint64_t offset, size_t n)
{
    const struct keyring_area *heap = &w->head->heap;

    if (offset % 8 != 0 || offset > heap->size ||
        heap->size - offset < sizeof(struct keyring_list) + n * sizeof(struct keyring_rule))
        return false;
    const void *at = (const uint8_t *)writer_at(w, heap) + offset;
    const struct keyring_list *list = at;
    return list->n == n && list->crc == crc32c(list->rules, n * sizeof list->rules[0]);
}

static bool record_holds(const struct keyring_writer *w, const struct keyring_record *r)
{
    if (r->seq % 2 != 0 || r->crc != keyring_record_crc(r))
        return false;
    return r->n_rules <= KEYRING_INLINE_RULES || list_holds(w, r->heap_offset, r->n_rules);
}

static bool account_holds(const struct keyring_writer *w, const struct keyring_account *a)
{
    if (a->seq % 2 != 0 || a->crc != keyring_account_crc(a))
        return false;
    return a->n_rules == 0 || list_holds(w, (uint64_t)a->heap_offset_8 * 8, a->n_rules);
}

/* Whether the index leads from a record's id to the record. */
static bool index_leads_to(const struct keyring_writer *w, uint32_t slot,
                           const struct keyring_record *r)
{
    const _Atomic uint64_t *index = writer_at(w, &w->head->index);
    uint32_t mask = w->head->index_words - 1;
    struct keyring_hash h = keyring_hash_of((struct str){r->id, KW_KEY_ID_LEN}, w->head->hash_seed,
                                            w->head->index_words);

    for (uint32_t probe = 0; probe < LAYOUT_PROBES_MAX; probe++) {
        uint64_t word = index[(h.word + probe) & mask];
        if (word == ((uint64_t)h.tag << 32 | slot))
            return true;
        if (word == 0)
            return false;
    }
    return false;
}

/* The words on which decisions depend. Whoever scrubs is the one that writes them: none of them is half written. */
static bool words_hold(const struct keyring_header *h)
{
    struct keyring_policy_place policy;
    int64_t offset = atomic_load_explicit(&h->wall_offset_us, memory_order_relaxed);
    uint64_t word = atomic_load_explicit(&h->policy_word, memory_order_relaxed);

    if (atomic_load_explicit(&h->wall_check, memory_order_relaxed) != ~offset)
        return false;
    for (enum kw_environment e = KW_SANDBOX; e <= KW_PRODUCTION; e++) {
        uint64_t freeze = atomic_load_explicit(&h->freeze[e], memory_order_relaxed);
        if (freeze != keyring_freeze_word((uint32_t)freeze))
            return false;
    }
    return word == 0 || keyring_policy_place(word, &policy);
}

enum kw_err keyring_scrub(const struct keyring_writer *w, uint32_t *at, uint32_t n)
{
    const struct keyring_record *records = writer_at(w, &w->head->records);
    const struct keyring_account *accounts = writer_at(w, &w->head->accounts);
    uint32_t n_records = w->head->n_records, n_accounts = w->head->n_accounts;

    if (n_records > w->head->record_cap || n_accounts > w->head->account_cap || !words_hold(w->head))
        return KW_EDAMAGED;
    for (uint32_t i = 0; i < n && i < n_records; i++, *at = (*at + 1) % n_records) {
        const struct keyring_record *r = &records[*at % n_records];
        bool empty = r->kind == KEYRING_EMPTY && r->seq == 0 && *at != 0;
        if (!empty && (!record_holds(w, r) || (*at != 0 && !index_leads_to(w, *at, r))))
            return KW_EDAMAGED;
    }
    for (uint32_t i = 1; i < n_accounts; i++)
        if (accounts[i].kind != KEYRING_EMPTY && !account_holds(w, &accounts[i]))
            return KW_EDAMAGED;
    return KW_OK;
}
