/* index.c - the entry of a batch: made, and taken apart; see index.h. index_file.c has the file. */
#include "base/crc32c.h"
#include "base/pack.h"
#include "core/spend_event.h"
#include "record/hash.h"
#include "record/index_entry.h"
#include "record/leak.h"
#include "record/reading.h"
#include "record/sign_in.h"

/* An entry:
 *   u32 length of the entry, u32 CRC-32C of all behind it, u64 offset, u64 number, u32 length of
 * the batch, u32 records, i64 from, i64 until, u64 first bytes of the batch's hash (so that the
 * index of another segment is not believed), and the filter: 2^n bytes. */
enum { ENTRY_FIXED = 56, BLOOM_MIN = 64, BLOOM_MAX = INDEX_ENTRY_MAX - ENTRY_FIXED, PROBES = 6 };

uint64_t index_item(enum index_kind kind, struct str bytes)
{
    return hash_bytes(bytes, (uint64_t)kind);
}

/* ---- one entry ---- */

/* Four bytes for each record: the request id, and where nobody comes twice in a batch, a key and a source as well. Of batches that do not
 * hold what is asked for one in 170 is then read in vain; with two bytes it was one in eleven, and nine tenths of a search. */
static uint32_t bloom_len(uint32_t n_records)
{
    uint32_t len = BLOOM_MIN;

    while (len < 4 * n_records && len < BLOOM_MAX)
        len *= 2;
    return len;
}

/* A filter is a power of two of bytes: a mask does instead of a division. */
static void bloom_add(uint8_t *bloom, size_t len, uint64_t item)
{
    uint32_t at = (uint32_t)item, step = (uint32_t)(item >> 32) | 1;

    for (int i = 0; i < PROBES; i++, at += step)
        bloom[at / 8 & (len - 1)] |= (uint8_t)(1 << at % 8);
}

bool index_may_hold(const struct index_entry *e, uint64_t item)
{
    uint32_t at = (uint32_t)item, step = (uint32_t)(item >> 32) | 1;

    for (int i = 0; i < PROBES; i++, at += step)
        if (((uint8_t)e->bloom.p[at / 8 & (e->bloom.n - 1)] & 1 << at % 8) == 0)
            return false;
    return true;
}

struct filling {
    uint8_t *bloom;
    size_t len;
    int64_t from_us, until_us;
};

static void add_time(struct filling *f, int64_t time_us)
{
    if (time_us < f->from_us)
        f->from_us = time_us;
    if (time_us > f->until_us)
        f->until_us = time_us;
}

static void add_item(struct filling *f, enum index_kind kind, const void *bytes, size_t n)
{
    bloom_add(f->bloom, f->len, index_item(kind, (struct str){bytes, n}));
}

static void add_event(struct filling *f, const struct event *e)
{
    static const uint8_t no_request[EVENT_REQUEST_ID];
    struct address source = address_source(&e->source);
    uint8_t why = (uint8_t)e->reason;

    add_time(f, e->time_us);
    if (e->kind == EVENT_WARNING)
        add_item(f, INDEX_WARNINGS, NULL, 0);
    add_item(f, INDEX_SOURCE, source.b, sizeof source.b);
    add_item(f, INDEX_REASON, &why, sizeof why);
    if (e->key_id[0] != '\0')
        add_item(f, INDEX_KEY, e->key_id, sizeof e->key_id);
    if (e->account.n > 0)
        add_item(f, INDEX_ACCOUNT, e->account.p, e->account.n);
    else if (e->key_id[0] != '\0')
        add_item(f, INDEX_NO_ACCOUNT, NULL, 0);
    if (memcmp(e->request_id, no_request, sizeof no_request) != 0)
        add_item(f, INDEX_REQUEST, e->request_id, sizeof e->request_id);
}

static void add_change(struct filling *f, const struct record_change *c)
{
    add_time(f, change_time_us(c));
    add_item(f, INDEX_CHANGES, NULL, 0);
    if (c->kind == CHANGE_KEY || c->kind == CHANGE_SPEND_RULES)
        add_item(f, INDEX_KEY, c->id.p, c->id.n);
    if (c->kind == CHANGE_ACCOUNT)
        add_item(f, INDEX_ACCOUNT, c->id.p, c->id.n);
    if (c->account.n > 0)
        add_item(f, INDEX_ACCOUNT, c->account.p, c->account.n);
}

static void add_sign_in(struct filling *f, const struct sign_in *s)
{
    struct address source = address_source(&s->source);

    add_time(f, s->time_us);
    add_item(f, INDEX_SIGN_INS, NULL, 0);
    if (s->summed > 0)
        return;
    add_item(f, INDEX_SOURCE, source.b, sizeof source.b);
    add_item(f, INDEX_REQUEST, s->request_id, sizeof s->request_id);
    if (s->account.n > 0)
        add_item(f, INDEX_ACCOUNT, s->account.p, s->account.n);
}

static void add_leak(struct filling *f, const struct leak *l)
{
    struct address source = address_source(&l->source);

    add_time(f, l->time_us);
    add_item(f, INDEX_LEAKS, NULL, 0);
    if (l->summed > 0)
        return;
    add_item(f, INDEX_KEY, l->key.p, l->key.n);
    add_item(f, INDEX_ACCOUNT, l->account.p, l->account.n);
    add_item(f, INDEX_SOURCE, source.b, sizeof source.b);
    add_item(f, INDEX_REQUEST, l->request_id, sizeof l->request_id);
}

/* A key that there is not has no account: it is then nobody's, and not for the list of claims. */
static void add_spend(struct filling *f, const struct spend_event *s)
{
    add_time(f, s->time_us);
    add_item(f, INDEX_SPENDS, NULL, 0);
    add_item(f, INDEX_REQUEST, s->request_id, sizeof s->request_id);
    add_item(f, INDEX_KEY, s->key.p, s->key.n);
    if (s->account.n > 0)
        add_item(f, INDEX_ACCOUNT, s->account.p, s->account.n);
}

static void add_reading(struct filling *f, const struct reading *r)
{
    struct address source = address_source(&r->source);

    add_time(f, r->time_us);
    add_item(f, INDEX_READINGS, NULL, 0);
    if (r->summed > 0)
        return;
    add_item(f, INDEX_SOURCE, source.b, sizeof source.b);
    add_item(f, INDEX_REQUEST, r->request_id, sizeof r->request_id);
    if (r->account.n > 0)
        add_item(f, INDEX_ACCOUNT, r->account.p, r->account.n);
}

static void fill(struct filling *f, const struct batch *b)
{
    size_t at = 0;
    bool bad;
    struct record r;
    struct event e;
    struct record_change c;
    struct sign_in s;
    struct leak l;
    struct spend_event spend;
    struct reading reading;

    while (batch_next(b, &at, &r, NULL, NULL, &bad)) {
        if (r.kind == RECORD_EVENT && event_decode(r.bytes, &e) == KW_OK)
            add_event(f, &e);
        if (r.kind == RECORD_CHANGE && change_decode(r.bytes, &c) == KW_OK)
            add_change(f, &c);
        if (r.kind == RECORD_SIGN_IN && sign_in_decode(r.bytes, &s) == KW_OK)
            add_sign_in(f, &s);
        if (r.kind == RECORD_LEAK && leak_decode(r.bytes, &l) == KW_OK)
            add_leak(f, &l);
        if (r.kind == RECORD_SPEND && spend_event_decode(r.bytes, &spend) == KW_OK)
            add_spend(f, &spend);
        if (r.kind == RECORD_READING && reading_decode(r.bytes, &reading) == KW_OK)
            add_reading(f, &reading);
    }
}

enum kw_err index_build(const struct batch *b, uint64_t offset, struct buf *out)
{
    size_t len = bloom_len(b->n_records);
    uint8_t *entry = buf_room(out, ENTRY_FIXED + len);
    struct packer to = {.p = entry, .cap = ENTRY_FIXED};

    if (entry == NULL)
        return KW_ENOMEM;
    struct filling f = {entry + ENTRY_FIXED, len, INT64_MAX, INT64_MIN};
    memset(f.bloom, 0, len);
    fill(&f, b);
    pack_u32(&to, (uint32_t)(ENTRY_FIXED + len));
    pack_u32(&to, 0);
    pack_u64(&to, offset);
    pack_u64(&to, b->number);
    pack_u32(&to, (uint32_t)b->len);
    pack_u32(&to, b->n_records);
    pack_u64(&to, (uint64_t)f.from_us);
    pack_u64(&to, (uint64_t)f.until_us);
    pack_bytes(&to, b->last.b, 8);
    uint32_t crc = crc32c(entry + 8, ENTRY_FIXED + len - 8);
    memcpy(entry + 4, &crc, sizeof crc);
    out->n += ENTRY_FIXED + len;
    return KW_OK;
}

static bool is_power_of_two(uint32_t n)
{
    return (n & (n - 1)) == 0;
}

bool index_entry_open(struct str bytes, struct index_entry *e, uint8_t hash[8], size_t *len)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    uint32_t n = unpack_u32(&from), crc = unpack_u32(&from);

    if (from.bad || n < ENTRY_FIXED + BLOOM_MIN || !is_power_of_two(n - ENTRY_FIXED) ||
        n > bytes.n || crc32c(bytes.p + 8, n - 8) != crc)
        return false;
    e->offset = unpack_u64(&from);
    e->number = unpack_u64(&from);
    e->len = unpack_u32(&from);
    e->n_records = unpack_u32(&from);
    e->from_us = (int64_t)unpack_u64(&from);
    e->until_us = (int64_t)unpack_u64(&from);
    unpack_bytes(&from, hash, 8);
    e->bloom = (struct str){bytes.p + ENTRY_FIXED, n - ENTRY_FIXED};
    *len = n;
    return !from.bad && e->len >= BATCH_TRAILER;
}
