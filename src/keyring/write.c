/* write.c - objects into the keyring, one at a time, under the eyes of its readers; see write.h. */
#include <stdlib.h>

#include "base/crc32c.h"
#include "base/words.h"
#include "keyring/writer.h"

/* Two clocks are never read at the same moment: a difference below this is none. */
enum { CLOCK_JITTER_US = 2000 };

void writer_store(_Atomic uint32_t *seq, void *to, const void *from, size_t n)
{
    _Atomic uint64_t *words = to;
    const uint64_t *source = from;
    _Atomic uint32_t *crc = seq + 1;
    uint32_t now = atomic_load_explicit(seq, memory_order_relaxed) | 1;

    atomic_store_explicit(seq, now, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(crc, ((const uint32_t *)from)[1], memory_order_relaxed);
    for (size_t i = 1; i < n / sizeof *source; i++)
        atomic_store_explicit(&words[i], source[i], memory_order_relaxed);
    atomic_store_explicit(seq, now + 1, memory_order_release);
}

/* Appends a list to the heap; readers find it only through a record that is published afterwards.
 */
static enum kw_err put_list(struct keyring_writer *w, const struct keyring_rule *rules, size_t n,
                            uint64_t *offset)
{
    const struct keyring_area *heap = &w->head->heap;
    uint64_t used = atomic_load_explicit(&w->head->heap_used, memory_order_relaxed);
    struct keyring_list list = {.crc = crc32c(rules, n * sizeof *rules), .n = (uint32_t)n};
    uint64_t size = sizeof list + n * sizeof *rules;

    if (used > heap->size || heap->size - used < size)
        return KW_EFULL;
    uint8_t *to = (uint8_t *)writer_at(w, heap) + used;
    memcpy(to, &list, sizeof list);
    memcpy(to + sizeof list, rules, n * sizeof *rules);
    atomic_store_explicit(&w->head->heap_used, used + size, memory_order_release);
    *offset = used;
    return KW_OK;
}

/* Finds the index word of an id, or the empty one where it belongs. KW_EFULL: too far away, or too
 * many. */
static enum kw_err index_place(struct keyring_writer *w, struct str id, uint32_t slot,
                               _Atomic uint64_t **place, uint64_t *word)
{
    struct keyring_header *head = w->head;
    _Atomic uint64_t *index = writer_at(w, &head->index);
    struct keyring_hash h = keyring_hash_of(id, head->hash_seed, head->index_words);

    *word = (uint64_t)h.tag << 32 | slot;
    for (uint32_t probe = 0; probe < LAYOUT_PROBES_MAX; probe++) {
        _Atomic uint64_t *at = &index[(h.word + probe) & (head->index_words - 1)];
        uint64_t there = atomic_load_explicit(at, memory_order_relaxed);
        if (there == 0 || there == *word) {
            *place = at;
            return KW_OK;
        }
    }
    return KW_EFULL;
}

static void raise_to(_Atomic uint32_t *n, uint32_t least)
{
    if (atomic_load_explicit(n, memory_order_relaxed) < least)
        atomic_store_explicit(n, least, memory_order_release);
}

/* Whether these are the rules that the record has in the heap already: a key that is only revoked
 * needs no room there. */
static bool has_list(const struct keyring_writer *w, const struct keyring_record *r,
                     const struct keyring_rule *rules, size_t n)
{
    const struct keyring_area *heap = &w->head->heap;
    uint64_t size = sizeof(struct keyring_list) + n * sizeof *rules;

    if (n <= KEYRING_INLINE_RULES || r->n_rules != n || r->heap_offset % 8 != 0 ||
        r->heap_offset > heap->size || heap->size - r->heap_offset < size)
        return false;
    const struct keyring_rule *there = writer_record_rules(w, r);
    const struct keyring_list *list = (const struct keyring_list *)(const void *)there - 1;
    return list->n == n && list->crc == crc32c(there, n * sizeof *rules) &&
           memcmp(there, rules, n * sizeof *rules) == 0;
}

enum kw_err writer_put_record(struct keyring_writer *w, uint32_t slot, const struct keyring_record *r,
                              const struct keyring_rule *rules, size_t n_rules)
{
    struct keyring_record *records = writer_at(w, &w->head->records);
    struct keyring_record fresh = *r;
    _Atomic uint64_t *place = NULL;
    uint64_t word = 0;

    if (slot >= w->head->record_cap)
        return KW_EFULL;
    if (slot > 0)
        TRY(index_place(w, (struct str){r->id, KW_KEY_ID_LEN}, slot, &place, &word));
    fresh.n_rules = (uint8_t)n_rules;
    if (has_list(w, &records[slot], rules, n_rules))
        fresh.heap_offset = records[slot].heap_offset;
    else if (n_rules > KEYRING_INLINE_RULES)
        TRY(put_list(w, rules, n_rules, &fresh.heap_offset));
    else if (n_rules > 0)
        memcpy(fresh.rules, rules, n_rules * sizeof *rules);
    fresh.crc = keyring_record_crc(&fresh);
    writer_store(&records[slot].seq, &records[slot], &fresh, sizeof fresh);
    if (place != NULL)
        atomic_store_explicit(place, word, memory_order_release);
    raise_to(&w->head->n_records, slot + 1);
    return KW_OK;
}

enum kw_err writer_put_account(struct keyring_writer *w, uint32_t slot,
                               const struct keyring_account *a, const struct keyring_rule *rules,
                               size_t n_rules)
{
    struct keyring_account *accounts = writer_at(w, &w->head->accounts);
    struct keyring_account fresh = *a;
    uint64_t offset = 0;

    if (slot >= w->head->account_cap)
        return KW_EFULL;
    if (n_rules > 0)
        TRY(put_list(w, rules, n_rules, &offset));
    fresh.n_rules = (uint8_t)n_rules;
    fresh.heap_offset_8 = (uint32_t)(offset / 8);
    fresh.crc = keyring_account_crc(&fresh);
    writer_store(&accounts[slot].seq, &accounts[slot], &fresh, sizeof fresh);
    raise_to(&w->head->n_accounts, slot + 1);
    return KW_OK;
}

static void pad_rules(const struct address_rule *from, size_t n,
                      struct keyring_rule to[ADDRESS_RULES_MAX])
{
    for (size_t i = 0; i < n; i++) {
        to[i] = (struct keyring_rule){.prefix = from[i].prefix, .classes = from[i].classes};
        memcpy(to[i].net, from[i].net.b, sizeof to[i].net);
    }
}

enum kw_err keyring_put_key(struct keyring_writer *w, const struct grant *g)
{
    struct keyring_rule rules[ADDRESS_RULES_MAX];
    struct keyring_record r = {
        .kind = KEYRING_KEY,
        .environment = (uint8_t)g->environment,
        .permissions = (uint8_t)g->permissions,
        .state = (uint8_t)g->state,
        .quota_window = (uint8_t)g->quota.window,
        .account_slot = g->account_slot,
        .version = g->version,
        .generation = g->generation,
        .rate_n = g->rate.n,
        .rate_window_s = g->rate.window_s,
        .rate_burst = g->rate.burst,
        .quota_n = g->quota.n,
        .expires_ms = grant_ends_ms(g),
        .old_ends_ms = g->old_ends_ms,
        .only_reads_from_s = (uint32_t)(grant_only_reads_from_ms(g) / 1000),
        .frozen = (uint8_t)g->frozen,
    };

    if (g->slot == 0 || g->n_rules > ADDRESS_RULES_MAX)
        return KW_EINVAL;
    memcpy(r.id, g->id, sizeof r.id);
    memcpy(r.digest, g->digest, sizeof r.digest);
    memcpy(r.old_digest, g->old_digest, sizeof r.old_digest);
    pad_rules(g->rules, g->n_rules, rules);
    return writer_put_record(w, g->slot, &r, rules, g->n_rules);
}

enum kw_err keyring_put_account(struct keyring_writer *w, const struct account *a)
{
    struct keyring_rule rules[ADDRESS_RULES_MAX];
    struct keyring_account r = {
        .kind = KEYRING_ACCOUNT,
        .state = (uint8_t)a->state,
        .frozen = (uint8_t)a->frozen,
        .id_len = (uint8_t)strlen(a->id),
        .version = a->version,
    };

    if (a->slot == 0 || a->n_rules > ADDRESS_RULES_MAX)
        return KW_EINVAL;
    memcpy(r.id, a->id, r.id_len);
    pad_rules(a->rules, a->n_rules, rules);
    return writer_put_account(w, a->slot, &r, rules, a->n_rules);
}

/* Into the area that is not in use, then the word that says so. Whoever still judges by the older of the two, which is
 * written over here, finds the word changed and judges again: the fence keeps what is written behind the word of the change
 * before, and pairs with that of keyring_policy_is. */
enum kw_err keyring_put_policy(struct keyring_writer *w, uint32_t version, struct str table)
{
    struct keyring_policy_place place = {0};
    uint64_t word = atomic_load_explicit(&w->head->policy_word, memory_order_relaxed);

    if (word != 0 && !keyring_policy_place(word, &place))
        return KW_EDAMAGED;
    place = (struct keyring_policy_place){
        .area = word == 0 ? 0 : 1 - place.area, .version = version, .len = (uint32_t)table.n};
    const struct keyring_area *area = &w->head->policy[place.area];
    if (table.n > area->size)
        return KW_EFULL;
    atomic_thread_fence(memory_order_release);
    words_store(writer_at(w, area), table.p, table.n);
    atomic_store_explicit(&w->head->policy_word, keyring_policy_word(&place), memory_order_release);
    return KW_OK;
}

void keyring_put_freeze(struct keyring_writer *w, enum kw_environment environment, uint32_t bits)
{
    atomic_store_explicit(&w->head->freeze[environment], keyring_freeze_word(bits),
                          memory_order_release);
}

/* Two words: a writer that ends in between leaves a pair that fits no database, and a new keyring is made. */
void keyring_put_change(struct keyring_writer *w, uint64_t seq, uint64_t mark)
{
    atomic_store_explicit(&w->head->change_mark, mark, memory_order_release);
    atomic_store_explicit(&w->head->change_seq, seq, memory_order_release);
}

void keyring_put_settled(struct keyring_writer *w, uint64_t boot_us)
{
    atomic_store_explicit(&w->head->settled_us, boot_us, memory_order_release);
}

void keyring_put_pending(struct keyring_writer *w, enum keyring_kind kind, uint32_t slot)
{
    atomic_store_explicit(&w->head->pending, (uint64_t)kind << 32 | slot, memory_order_release);
}

void keyring_beat(struct keyring_writer *w, uint64_t boot_us, int64_t wall_us)
{
    int64_t offset = wall_us - (int64_t)boot_us;
    int64_t before = atomic_load_explicit(&w->head->wall_offset_us, memory_order_relaxed);

    if (offset > before + CLOCK_JITTER_US || offset < before - CLOCK_JITTER_US) {
        atomic_store_explicit(&w->head->wall_offset_us, offset, memory_order_release);
        atomic_store_explicit(&w->head->wall_check, ~offset, memory_order_release);
    }
    atomic_store_explicit(&w->head->heartbeat_us, boot_us, memory_order_release);
}

void keyring_retire(struct keyring_writer *w)
{
    atomic_store_explicit(&w->head->retired, 1, memory_order_release);
}

const struct keyring_rule *writer_record_rules(const struct keyring_writer *w,
                                               const struct keyring_record *r)
{
    const uint8_t *heap = writer_at(w, &w->head->heap);

    if (r->n_rules <= KEYRING_INLINE_RULES)
        return r->rules;
    return ((const struct keyring_list *)(const void *)(heap + r->heap_offset))->rules;
}

const struct keyring_rule *writer_account_rules(const struct keyring_writer *w,
                                                const struct keyring_account *a)
{
    const uint8_t *heap = writer_at(w, &w->head->heap);

    return ((const struct keyring_list *)(const void *)(heap + (uint64_t)a->heap_offset_8 * 8))->rules;
}
