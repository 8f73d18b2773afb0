/* batch.c - see batch.h. */
#include "record/batch.h"

#include "base/pack.h"

enum {
    HEADER_FIXED = 88,
    MARK_FIXED = 40,
    MARK_SUM = 10,
    RECORD_PREFIX = 8,
    RECORD_VERSION = 1,
    SIGNED_LEN = 8 + 8 + DIGEST_LEN,
    GIVEN_UP = 1,
};

static const char magic[8] = "kwbatch", trailer_magic[8] = "kwtrail";

/* ---- building ---- */

static size_t n_sums(const struct ring_mark *m)
{
    size_t n = 0;

    for (int ring = 0; ring < 2; ring++)
        for (int why = 0; why < KW_N_REASONS; why++)
            n += m->counted[ring][why] != 0;
    return n;
}

static size_t header_len(const struct batch_head *head)
{
    size_t n = HEADER_FIXED;

    for (uint32_t i = 0; i < head->n_rings; i++)
        n += MARK_FIXED + MARK_SUM * n_sums(&head->rings[i]);
    return n;
}

static size_t batch_len(size_t header, const struct record *records, uint32_t n)
{
    size_t len = header + DIGEST_LEN + BATCH_TRAILER;

    for (uint32_t i = 0; i < n; i++)
        len += RECORD_PREFIX + records[i].bytes.n + DIGEST_LEN;
    return len;
}

static void pack_mark(struct packer *to, const struct ring_mark *m)
{
    pack_u64(to, m->ring_id);
    pack_u32(to, m->number);
    pack_u16(to, m->given_up ? GIVEN_UP : 0);
    pack_u16(to, (uint16_t)n_sums(m));
    pack_u64(to, m->ino);
    pack_u64(to, m->next[RING_PROVED]);
    pack_u64(to, m->next[RING_UNPROVED]);
    for (int ring = 0; ring < 2; ring++)
        for (int why = 0; why < KW_N_REASONS; why++) {
            if (m->counted[ring][why] == 0)
                continue;
            pack_u8(to, (uint8_t)ring);
            pack_u8(to, (uint8_t)why);
            pack_u64(to, m->counted[ring][why]);
        }
}

static void pack_header(struct packer *to, const struct batch_head *head, size_t header, size_t len,
                        uint32_t n_records)
{
    pack_bytes(to, magic, sizeof magic);
    pack_u32(to, BATCH_FORMAT);
    pack_u32(to, (uint32_t)header);
    pack_u64(to, len);
    pack_u64(to, head->number);
    pack_u64(to, (uint64_t)head->time_us);
    pack_bytes(to, head->previous.b, DIGEST_LEN);
    pack_u64(to, head->change_seq);
    pack_u32(to, n_records);
    pack_u32(to, head->n_rings);
    for (uint32_t i = 0; i < head->n_rings; i++)
        pack_mark(to, &head->rings[i]);
}

/* Chains what was packed from `from` on, and stores the new link behind it. */
static void add_link(struct packer *to, size_t from, struct digest *link)
{
    struct str before = {(const char *)link->b, DIGEST_LEN};
    struct str bytes = {(const char *)to->p + from, to->n - from};

    digest_of_two(before, bytes, link);
    pack_bytes(to, link->b, DIGEST_LEN);
}

static void add_record(struct packer *to, const struct record *r, struct digest *link)
{
    size_t from = to->n;

    pack_u32(to, (uint32_t)r->bytes.n);
    pack_u8(to, RECORD_VERSION);
    pack_u8(to, (uint8_t)r->kind);
    pack_u16(to, 0);
    pack_bytes(to, r->bytes.p, r->bytes.n);
    add_link(to, from, link);
}

static struct str signed_bytes(uint64_t number, int64_t time_us, const struct digest *last,
                               uint8_t out[SIGNED_LEN])
{
    struct packer to = {.p = out, .cap = SIGNED_LEN};

    pack_u64(&to, number);
    pack_u64(&to, (uint64_t)time_us);
    pack_bytes(&to, last->b, DIGEST_LEN);
    return (struct str){(const char *)out, SIGNED_LEN};
}

enum kw_err batch_build(const struct batch_head *head, const struct record *records, uint32_t n,
                        struct signer *signer, uint8_t *out, size_t *len, struct digest *last)
{
    if (n > BATCH_RECORDS_MAX || head->n_rings > BATCH_RINGS_MAX)
        return KW_ERANGE;
    size_t header = header_len(head), all = batch_len(header, records, n);
    if (all > BATCH_MAX)
        return KW_ERANGE;

    struct packer to = {.p = out, .cap = all};
    struct digest link = head->previous;
    uint8_t message[SIGNED_LEN], signature[SIGNATURE_LEN];
    pack_header(&to, head, header, all, n);
    add_link(&to, 0, &link);
    for (uint32_t i = 0; i < n; i++)
        add_record(&to, &records[i], &link);
    TRY(signer_sign(signer, signed_bytes(head->number, head->time_us, &link, message), signature));
    pack_bytes(&to, link.b, DIGEST_LEN);
    pack_bytes(&to, signature, SIGNATURE_LEN);
    pack_u64(&to, all);
    pack_bytes(&to, trailer_magic, sizeof trailer_magic);
    *len = all;
    *last = link;
    return KW_OK;
}

/* ---- taking apart ---- */

static bool len_ok(uint64_t len)
{
    return len >= HEADER_FIXED + DIGEST_LEN + BATCH_TRAILER && len <= BATCH_MAX;
}

enum kw_err batch_peek(const uint8_t bytes[BATCH_PEEK], size_t *len, uint64_t *number)
{
    struct unpacker from = {.p = bytes + 16, .n = 16};
    uint64_t n = unpack_u64(&from), claimed = unpack_u64(&from);

    if (memcmp(bytes, magic, sizeof magic) != 0 || !len_ok(n))
        return KW_EDAMAGED;
    *len = n;
    if (number != NULL)
        *number = claimed;
    return KW_OK;
}

enum kw_err batch_peek_back(const uint8_t bytes[BATCH_PEEK_BACK], size_t *len)
{
    struct unpacker from = {.p = bytes, .n = 8};
    uint64_t n = unpack_u64(&from);

    if (memcmp(bytes + 8, trailer_magic, sizeof trailer_magic) != 0 || !len_ok(n))
        return KW_EDAMAGED;
    *len = n;
    return KW_OK;
}

static enum kw_err open_header(struct unpacker *from, struct batch *b, size_t *header)
{
    char got[sizeof magic];

    unpack_bytes(from, got, sizeof got);
    if (memcmp(got, magic, sizeof magic) != 0)
        return KW_EDAMAGED;
    uint32_t format = unpack_u32(from);
    if (format < BATCH_FORMAT_OLDEST || format > BATCH_FORMAT)
        return KW_EFORMAT;
    *header = unpack_u32(from);
    b->len = unpack_u64(from);
    b->number = unpack_u64(from);
    b->time_us = (int64_t)unpack_u64(from);
    unpack_bytes(from, b->previous.b, DIGEST_LEN);
    b->change_seq = unpack_u64(from);
    b->n_records = unpack_u32(from);
    b->n_rings = unpack_u32(from);
    if (from->bad || !len_ok(b->len) || *header < HEADER_FIXED ||
        *header > b->len - DIGEST_LEN - BATCH_TRAILER)
        return KW_EDAMAGED;
    if (b->n_records > BATCH_RECORDS_MAX || b->n_rings > BATCH_RINGS_MAX)
        return KW_EDAMAGED;
    return KW_OK;
}

enum kw_err batch_open(struct str bytes, struct batch *out)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    struct batch b = {0};
    size_t header, back;

    if (bytes.n < HEADER_FIXED)
        return KW_EDAMAGED;
    TRY(open_header(&from, &b, &header));
    if (b.len > bytes.n)
        return KW_EDAMAGED;
    const char *trailer = bytes.p + b.len - BATCH_TRAILER;
    const uint8_t *end = (const uint8_t *)bytes.p + b.len - BATCH_PEEK_BACK;
    b.trailer_ok = batch_peek_back(end, &back) == KW_OK && back == b.len;
    b.header = (struct str){bytes.p, header};
    b.rings = (struct str){bytes.p + HEADER_FIXED, header - HEADER_FIXED};
    memcpy(b.header_hash.b, bytes.p + header, DIGEST_LEN);
    b.records.p = bytes.p + header + DIGEST_LEN;
    b.records.n = (size_t)(trailer - b.records.p);
    memcpy(b.last.b, trailer, DIGEST_LEN);
    b.signature = (const uint8_t *)trailer + DIGEST_LEN;
    *out = b;
    return KW_OK;
}

static bool record_ok(struct unpacker *from, struct record *r)
{
    uint32_t n = unpack_u32(from);
    uint8_t version = unpack_u8(from), kind = unpack_u8(from);
    uint16_t zero = unpack_u16(from);

    if (from->bad || version != RECORD_VERSION || zero != 0 || from->n < n)
        return false;
    if (kind < RECORD_EVENT || kind > RECORD_READING)
        return false;
    r->kind = kind;
    r->bytes = (struct str){(const char *)from->p, n};
    from->p += n;
    from->n -= n;
    return from->n >= DIGEST_LEN;
}

bool batch_next(const struct batch *b, size_t *at, struct record *out, struct str *raw,
                struct digest *hash, bool *bad)
{
    struct unpacker from = {.p = (const uint8_t *)b->records.p + *at, .n = b->records.n - *at};
    struct record r;

    *bad = false;
    if (from.n == 0)
        return false;
    *bad = !record_ok(&from, &r);
    if (*bad)
        return false;
    if (raw != NULL)
        *raw = (struct str){b->records.p + *at, RECORD_PREFIX + r.bytes.n};
    if (hash != NULL)
        memcpy(hash->b, from.p, DIGEST_LEN);
    *at += RECORD_PREFIX + r.bytes.n + DIGEST_LEN;
    *out = r;
    return true;
}

static void unpack_sums(struct unpacker *from, uint16_t n, struct ring_mark *m)
{
    for (uint16_t i = 0; i < n && !from->bad; i++) {
        uint8_t ring = unpack_u8(from), why = unpack_u8(from);
        uint64_t sum = unpack_u64(from);
        if (ring > RING_UNPROVED || why >= KW_N_REASONS)
            from->bad = true;
        else
            m->counted[ring][why] = sum;
    }
}

bool batch_next_ring(const struct batch *b, size_t *at, struct ring_mark *out)
{
    struct unpacker from = {.p = (const uint8_t *)b->rings.p + *at, .n = b->rings.n - *at};
    struct ring_mark m = {.ring_id = unpack_u64(&from), .number = unpack_u32(&from)};

    m.given_up = (unpack_u16(&from) & GIVEN_UP) != 0;
    uint16_t n = unpack_u16(&from);
    m.ino = unpack_u64(&from);
    m.next[RING_PROVED] = unpack_u64(&from);
    m.next[RING_UNPROVED] = unpack_u64(&from);
    unpack_sums(&from, n, &m);
    if (from.bad)
        return false;
    *at = b->rings.n - from.n;
    *out = m;
    return true;
}

/* ---- checking ---- */

static bool link_holds(const struct digest *before, struct str bytes, const struct digest *stored)
{
    struct digest link;

    digest_of_two((struct str){(const char *)before->b, DIGEST_LEN}, bytes, &link);
    return digest_eq(&link, stored);
}

static enum kw_err found(const char *text, const char **what)
{
    *what = text;
    return KW_EDAMAGED;
}

static enum kw_err check_records(const struct batch *b, struct digest *link, uint32_t *record,
                                 const char **what)
{
    size_t at = 0;
    bool bad;
    struct record r;
    struct str raw;
    struct digest stored;

    for (*record = 1; batch_next(b, &at, &r, &raw, &stored, &bad); (*record)++) {
        if (*record > b->n_records)
            return found("there are more records than the header says", what);
        if (!link_holds(link, raw, &stored))
            return found("the record, or its hash, was changed", what);
        *link = stored;
    }
    if (bad)
        return found("not in the form of a record", what);
    if (*record != b->n_records + 1)
        return found("there are fewer records than the header says", what);
    return KW_OK;
}

enum kw_err batch_check(const struct batch *b, struct verifier *verifier, uint32_t *record,
                        const char **what)
{
    struct digest link = b->header_hash;
    uint8_t message[SIGNED_LEN];
    enum kw_err err;

    *record = 0;
    if (!link_holds(&b->previous, b->header, &b->header_hash))
        return found("the header, or its hash, was changed", what);
    TRY(check_records(b, &link, record, what));
    if (!b->trailer_ok)
        return found("the trailer does not hold", what);
    if (!digest_eq(&link, &b->last))
        return found("the trailer's hash is not that of the last record", what);
    if (verifier == NULL)
        return KW_OK;
    err = verifier_check(verifier, signed_bytes(b->number, b->time_us, &b->last, message),
                         b->signature);
    return err == KW_EDAMAGED ? found("the signature is not that of the key", what) : err;
}
