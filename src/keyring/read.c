/* read.c - see read.h. What is mapped may be changed by its writer at any moment, and damaged by
 * anybody with the means: everything is copied first, checked then, and used only from the copy. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.h"
#include "base/file.h"
#include "keyring/reader.h"

void keyring_close(struct keyring *k)
{
    if (k == NULL)
        return;
    if (k->map != NULL)
        munmap(UNCONST(k->map), k->head.file_size);
    free(k);
}

void keyring_closep(struct keyring **k)
{
    keyring_close(*k);
}

const struct keyring_header *keyring_head(const struct keyring *k)
{
    return (const struct keyring_header *)(const void *)k->map;
}

uint64_t keyring_generation(const struct keyring *k)
{
    return k->head.generation;
}

struct str keyring_brand(const struct keyring *k)
{
    return (struct str){k->head.brand, k->head.brand_len};
}

void keyring_range(const struct keyring *k, const void **begin, size_t *n)
{
    *begin = k->map;
    *n = k->head.file_size;
}

static enum kw_err map_file(struct keyring *k, int fd)
{
    struct stat st;
    uint8_t boot_id[16];

    if (fstat(fd, &st) != 0)
        return KW_EIO;
    TRY(layout_read_header(fd, (uint64_t)st.st_size, &k->head));
    TRY(keyring_boot_id(boot_id));
    if (memcmp(boot_id, k->head.boot_id, sizeof boot_id) != 0)
        return KW_EUNAVAILABLE;
    void *map = mmap(NULL, k->head.file_size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return KW_ENOMEM;
    k->map = map;
    k->inode = st.st_ino;
    k->device = st.st_dev;
    return KW_OK;
}

enum kw_err keyring_open(const char *path, struct keyring **out)
{
    AUTO(file_closep)
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* not even for a FIFO */
    AUTO(keyring_closep) struct keyring *k = calloc(1, sizeof *k);

    if (k == NULL)
        return KW_ENOMEM;
    if (fd < 0)
        return errno == ENOENT ? KW_EUNAVAILABLE : file_err(errno);
    TRY(map_file(k, fd));
    *out = STEAL(k);
    return KW_OK;
}

bool keyring_is_current(const struct keyring *k, const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && st.st_ino == k->inode && st.st_dev == k->device &&
           (uint64_t)st.st_size == k->head.file_size;
}

static enum kw_err copy_record(const struct keyring *k, uint32_t slot, struct keyring_record *out)
{
    const struct keyring_record *records = layout_at(k->map, &k->head.records);

    if (slot >= k->head.record_cap || !reader_copy(&records[slot], out, sizeof *out))
        return KW_EDAMAGED;
    return keyring_record_crc(out) == out->crc ? KW_OK : KW_EDAMAGED;
}

/* Looks at the whole cache line in which a word lies, at those from the word on, and branches on
 * none of them: what is counted cannot be cut short by a compiler either. */
static void search_line(const struct keyring *k, uint32_t tag, uint32_t from, struct keyring_place *s)
{
    const _Atomic uint64_t *index = layout_at(k->map, &k->head.index);
    const _Atomic uint64_t *line = &index[from & (k->head.index_words - 1) & ~(LAYOUT_LINE - 1u)];

    for (uint32_t i = 0; i < LAYOUT_LINE; i++) {
        uint64_t word = atomic_load_explicit(&line[i], memory_order_acquire);
        uint32_t counts = i >= from % LAYOUT_LINE, is_hit = counts & (word >> 32 == tag);
        s->slot |= (0 - is_hit) & (uint32_t)word;
        s->n_hits += is_hit;
        s->n_free += counts & (word == 0);
    }
}

/* In one comparison, which no compiler cuts short. */
static bool is_of(const struct keyring_record *r, struct str id)
{
    uint64_t a[2], b[2], other_kind = r->kind ^ KEYRING_KEY;

    memcpy(&a[0], r->id, sizeof a[0]); /* the two overlap, as in keyring_hash_of */
    memcpy(&a[1], r->id + KW_KEY_ID_LEN - sizeof a[1], sizeof a[1]);
    memcpy(&b[0], id.p, sizeof b[0]);
    memcpy(&b[1], id.p + KW_KEY_ID_LEN - sizeof b[1], sizeof b[1]);
    return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | other_kind) == 0;
}

/* Two ids that are near each other have one tag: once among billions. */
static enum kw_err find_among(const struct keyring *k, struct str id, struct keyring_found *out)
{
    struct keyring_hash h = keyring_hash_of(id, k->head.hash_seed, k->head.index_words);

    for (uint32_t probe = 0; probe < LAYOUT_PROBES_MAX; probe++) {
        const _Atomic uint64_t *index = layout_at(k->map, &k->head.index);
        uint32_t at = (h.word + probe) & (k->head.index_words - 1);
        uint64_t word = atomic_load_explicit(&index[at], memory_order_acquire);
        if (word == 0)
            break;
        if (word >> 32 != h.tag)
            continue;
        TRY(copy_record(k, (uint32_t)word, &out->record));
        if (is_of(&out->record, id)) {
            out->slot = (uint32_t)word;
            return KW_OK;
        }
    }
    TRY(copy_record(k, 0, &out->record));
    out->slot = 0;
    return KW_ENOTFOUND;
}

enum kw_err keyring_key_in_slot(const struct keyring *k, uint32_t slot, struct keyring_found *out)
{
    TRY(copy_record(k, slot, &out->record));
    out->slot = slot;
    return out->record.kind == KEYRING_KEY ? KW_OK : KW_ENOTFOUND;
}

void keyring_expect(const struct keyring *k, struct str id)
{
    const _Atomic uint64_t *index = layout_at(k->map, &k->head.index);

    __builtin_prefetch(&index[keyring_hash_of(id, k->head.hash_seed, k->head.index_words).word]);
}

/* A stranger must not learn from the time it takes which ids exist. A search ends behind the cache
 * line of the index in which the id is, or would be put; an unknown id has record 0 fetched and
 * read, which is there for this; nothing but the number of lines makes a difference. */
struct keyring_place keyring_seek(const struct keyring *k, struct str id)
{
    struct keyring_hash h = keyring_hash_of(id, k->head.hash_seed, k->head.index_words);
    const struct keyring_record *records = layout_at(k->map, &k->head.records);
    struct keyring_place s = {0};

    for (uint32_t from = h.word; s.n_hits + s.n_free == 0 && from - h.word < LAYOUT_PROBES_MAX;
         from = (from | (LAYOUT_LINE - 1)) + 1)
        search_line(k, h.tag, from, &s);
    const char *record = (const char *)&records[s.slot < k->head.record_cap ? s.slot : 0];
    for (size_t line = 0; line < sizeof records[0]; line += 64)
        __builtin_prefetch(record + line);
    return s;
}

enum kw_err keyring_find(const struct keyring *k, struct str id, const struct keyring_place *place,
                         struct keyring_found *out)
{
    if (place->n_hits > 1)
        return find_among(k, id, out);
    TRY(copy_record(k, place->slot, &out->record));
    if (is_of(&out->record, id) != (place->slot != 0))
        return find_among(k, id, out);
    out->slot = place->slot;
    return place->slot != 0 ? KW_OK : KW_ENOTFOUND;
}

enum kw_err keyring_account(const struct keyring *k, uint32_t slot, struct keyring_account *out)
{
    const struct keyring_account *accounts = layout_at(k->map, &k->head.accounts);

    if (slot >= k->head.account_cap || !reader_copy(&accounts[slot], out, sizeof *out))
        return KW_EDAMAGED;
    if (keyring_account_crc(out) != out->crc || out->id_len > KW_ACCOUNT_MAX)
        return KW_EDAMAGED;
    return out->kind == KEYRING_ACCOUNT ? KW_OK : KW_ENOTFOUND;
}

static struct address_rule rule_of(const struct keyring_rule *r)
{
    struct address_rule rule = {.prefix = r->prefix, .classes = r->classes};

    memcpy(rule.net.b, r->net, sizeof rule.net.b);
    return rule;
}

static enum kw_err list_rules(const struct keyring *k, uint64_t offset, size_t n,
                              struct address_rule rules[ADDRESS_RULES_MAX])
{
    struct keyring_rule copy[ADDRESS_RULES_MAX];
    struct keyring_list list;
    const struct keyring_area *heap = &k->head.heap;
    uint64_t size = sizeof list + n * sizeof copy[0];

    if (n > ADDRESS_RULES_MAX || offset > heap->size || heap->size - offset < size)
        return KW_EDAMAGED;
    const uint8_t *from = (const uint8_t *)layout_at(k->map, heap) + offset;
    memcpy(&list, from, sizeof list);
    memcpy(copy, from + sizeof list, n * sizeof copy[0]);
    if (list.n != n || list.crc != crc32c(copy, n * sizeof copy[0]))
        return KW_EDAMAGED;
    for (size_t i = 0; i < n; i++)
        rules[i] = rule_of(&copy[i]);
    return KW_OK;
}

enum kw_err keyring_key_rules(const struct keyring *k, const struct keyring_record *r,
                              struct address_rule rules[ADDRESS_RULES_MAX], size_t *n)
{
    if (r->n_rules > KEYRING_INLINE_RULES)
        TRY(list_rules(k, r->heap_offset, r->n_rules, rules));
    else
        for (size_t i = 0; i < r->n_rules; i++)
            rules[i] = rule_of(&r->rules[i]);
    *n = r->n_rules;
    return KW_OK;
}

enum kw_err keyring_account_rules(const struct keyring *k, const struct keyring_account *a,
                                  struct address_rule rules[ADDRESS_RULES_MAX], size_t *n)
{
    if (a->n_rules > 0)
        TRY(list_rules(k, (uint64_t)a->heap_offset_8 * 8, a->n_rules, rules));
    *n = a->n_rules;
    return KW_OK;
}

enum kw_err keyring_policy(const struct keyring *k, struct keyring_policy *out)
{
    uint64_t word = atomic_load_explicit(&keyring_head(k)->policy_word, memory_order_acquire);
    struct keyring_policy_place place = {0};

    if (word != 0 && !keyring_policy_place(word, &place))
        return KW_EDAMAGED;
    const struct keyring_area *area = &k->head.policy[place.area];
    if (place.len > area->size)
        return KW_EDAMAGED;
    *out = (struct keyring_policy){
        .word = word, .version = place.version, .table = {layout_at(k->map, area), place.len}};
    return KW_OK;
}

bool keyring_policy_is(const struct keyring *k, uint64_t word)
{
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&keyring_head(k)->policy_word, memory_order_relaxed) == word;
}

bool keyring_wall_offset(const struct keyring *k, int64_t *offset_us)
{
    const struct keyring_header *h = keyring_head(k);

    for (int spin = 0; spin < READER_SPINS; spin++) {
        int64_t offset = atomic_load_explicit(&h->wall_offset_us, memory_order_acquire);
        if (atomic_load_explicit(&h->wall_check, memory_order_acquire) == ~offset) {
            *offset_us = offset;
            return true;
        }
    }
    return false;
}

uint32_t keyring_freeze(const struct keyring *k, enum kw_environment environment)
{
    uint64_t word = atomic_load_explicit(&keyring_head(k)->freeze[environment], memory_order_acquire);

    return keyring_freeze_word((uint32_t)word) == word ? (uint32_t)word : FREEZE_ALL;
}
