/* day_doc.c - see day_doc.h. */
#include "json/day_doc.h"

#include "base/file.h"
#include "base/hex.h"
#include "json/json_out.h"

void day_key_id(const uint8_t public_key[PUBLIC_KEY_LEN], char out[DAY_KEY_ID_MAX])
{
    struct digest d;

    digest_of((struct str){(const char *)public_key, PUBLIC_KEY_LEN}, &d);
    hex_put(d.b, (DAY_KEY_ID_MAX - 1) / 2, out);
    out[DAY_KEY_ID_MAX - 1] = '\0';
}

enum kw_err day_key_read(const char *path, uint8_t public_key[PUBLIC_KEY_LEN])
{
    AUTO(buf_deinit) struct buf text = BUF_MAX(256);

    TRY(file_read(path, &text));
    return hex_get(str_trim(buf_view(&text)), public_key, PUBLIC_KEY_LEN);
}

static json_t *hex_out(const uint8_t *bytes, size_t n)
{
    char text[2 * SIGNATURE_LEN];

    hex_put(bytes, n, text);
    return json_stringn(text, 2 * n);
}

json_t *day_doc(const struct day_head *h, bool is_closed, const uint64_t *records, const char *key_id)
{
    char day[DAY_NAME_MAX], head[RECORD_HEAD_TEXT];
    const uint64_t n_batches = h->head.batch - h->first + 1;

    day_name(h->day, "", day);
    record_head_print(&h->head, head);
    return json_pack("{s:s, s:b, s:b, s:I, s:I, s:o, s:I, s:o, s:o, s:o, s:s, s:s}", "day", day,
                     "closed", is_closed, "damaged", 0, "bytes", (json_int_t)h->bytes, "batches",
                     (json_int_t)n_batches, "records",
                     records == NULL ? json_null() : json_integer((json_int_t)*records), "lastBatch",
                     (json_int_t)h->head.batch, "lastAt", json_out_moment(h->head.time_us / 1000),
                     "lastHash", hex_out(h->head.hash.b, DIGEST_LEN), "signature",
                     hex_out(h->head.signature, SIGNATURE_LEN), "publicKeyId", key_id, "head", head);
}

json_t *day_doc_damaged(int32_t day, bool is_closed)
{
    char name[DAY_NAME_MAX];

    day_name(day, "", name);
    return json_pack("{s:s, s:b, s:b, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n}", "day", name,
                     "closed", is_closed, "damaged", 1, "bytes", "batches", "records", "lastBatch",
                     "lastAt", "lastHash", "signature", "publicKeyId", "head");
}
