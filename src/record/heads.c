/* heads.c - the signed ends of a record and of its days; see verify.h. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/hex.h"
#include "base/pack.h"
#include "record/verify.h"

static void head_of(const struct batch *b, struct record_head *out)
{
    *out = (struct record_head){.batch = b->number, .time_us = b->time_us, .hash = b->last};
    memcpy(out->signature, b->signature, SIGNATURE_LEN);
}

enum kw_err day_head_read(const char *audit_dir, int32_t day, struct day_head *out)
{
    AUTO(file_closep) int fd = -1;
    AUTO(buf_deinit) struct buf buf = BUF_MAX(BATCH_MAX);
    struct day_head h = {.day = day};
    uint8_t peek[BATCH_PEEK];
    size_t len;
    struct batch b;

    *out = h;
    TRY(segment_open(audit_dir, day, &fd, &h.bytes));
    out->bytes = h.bytes;
    TRY(segment_read_back(fd, segment_end(fd, h.bytes, &buf), &buf, &b));
    head_of(&b, &h.head);
    TRY(file_pread(fd, peek, sizeof peek, 0));
    TRY(batch_peek(peek, &len, &h.first));
    *out = h;
    return KW_OK;
}

enum { SIGNED_LEN = 8 + 8 + DIGEST_LEN };

enum kw_err record_head_check(struct verifier *v, const struct record_head *h)
{
    uint8_t bytes[SIGNED_LEN];
    struct packer to = {.p = bytes, .cap = sizeof bytes};

    pack_u64(&to, h->batch);
    pack_u64(&to, (uint64_t)h->time_us);
    pack_bytes(&to, h->hash.b, DIGEST_LEN);
    return verifier_check(v, (struct str){(const char *)bytes, sizeof bytes}, h->signature);
}

enum kw_err day_head_check(const char *audit_dir, const struct day_head *h, int32_t next_day,
                           const uint8_t public_key[PUBLIC_KEY_LEN])
{
    AUTO(verifier_freep) struct verifier *v = NULL;
    AUTO(file_closep) int fd = -1;
    AUTO(buf_deinit) struct buf buf = BUF_MAX(BATCH_MAX);
    uint64_t size;
    struct batch b;

    TRY(verifier_new(public_key, &v));
    TRY(record_head_check(v, &h->head));
    TRY(segment_open(audit_dir, next_day, &fd, &size));
    enum kw_err err = segment_read(fd, size, 0, &buf, &b);
    if (err != KW_OK)
        return err == KW_ENOTFOUND ? KW_EBUSY : err;
    return digest_eq(&b.previous, &h->head.hash) ? KW_OK : KW_EDAMAGED;
}

enum kw_err verify_head(const char *audit_dir, struct record_head *out)
{
    AUTO(days_deinit) struct days days = {0};
    enum kw_err err = KW_ENOTFOUND;
    struct day_head h;

    TRY(days_list(audit_dir, &days));
    for (size_t i = days.n; i-- > 0 && err == KW_ENOTFOUND;)
        err = day_head_read(audit_dir, days.day[i], &h);
    if (err == KW_OK)
        *out = h.head;
    return err;
}

/* ---- counted ---- */

enum { RECORDS_AT = 80, COUNT_HEAD = 84, ENOUGH_EACH = 1024 };

static_assert((int)COUNT_HEAD >= (int)BATCH_PEEK, "what is read tells the length, too");

enum kw_err day_count(const char *audit_dir, int32_t day, const struct verify_part *part,
                      uint64_t *records)
{
    AUTO(file_closep) int fd = -1;
    uint8_t head[COUNT_HEAD];
    uint64_t size, n = 0;
    uint32_t of_batch;
    size_t len;

    TRY(segment_open(audit_dir, day, &fd, &size));
    uint32_t turn = 0;
    for (uint64_t at = 0; size - at >= sizeof head; at += len) {
        if (turn++ % ENOUGH_EACH == 0 && part->enough != NULL && part->enough(part->ctx))
            return KW_EBUSY;
        TRY(file_pread(fd, head, sizeof head, (off_t)at));
        TRY(batch_peek(head, &len, NULL));
        if (size - at < len)
            break;
        memcpy(&of_batch, head + RECORDS_AT, sizeof of_batch);
        n += of_batch;
    }
    *records = n;
    return KW_OK;
}

/* ---- heads as text ---- */

size_t record_head_print(const struct record_head *h, char out[RECORD_HEAD_TEXT])
{
    char hash[2 * DIGEST_LEN + 1] = {0}, signature[2 * SIGNATURE_LEN + 1] = {0};

    hex_put(h->hash.b, DIGEST_LEN, hash);
    hex_put(h->signature, SIGNATURE_LEN, signature);
    int n = snprintf(out, RECORD_HEAD_TEXT, "keyward-head 1 %" PRIu64 " %" PRIu64 " %s %s",
                     h->batch, (uint64_t)h->time_us, hash, signature);
    return (size_t)n;
}

enum kw_err record_head_parse(struct str text, struct record_head *out)
{
    struct record_head h;
    struct str word, number, time, hash;
    uint64_t time_us;

    if (!str_cut(text, ' ', &word, &text) || !str_eq(word, STR("keyward-head")))
        return KW_ESYNTAX;
    if (!str_cut(text, ' ', &word, &text) || !str_eq(word, STR("1")))
        return KW_ESYNTAX;
    if (!str_cut(text, ' ', &number, &text) || !str_cut(text, ' ', &time, &text) ||
        !str_cut(text, ' ', &hash, &text))
        return KW_ESYNTAX;
    TRY(str_u64(number, UINT64_MAX, &h.batch));
    TRY(str_u64(time, INT64_MAX, &time_us));
    TRY(hex_get(hash, h.hash.b, DIGEST_LEN));
    TRY(hex_get(text, h.signature, SIGNATURE_LEN));
    h.time_us = (int64_t)time_us;
    *out = h;
    return KW_OK;
}
