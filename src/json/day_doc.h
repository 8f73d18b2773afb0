/* day_doc.h - the signed end of one day of the record, as JSON: what is kept elsewhere, to hold the record against. */
#ifndef JSON_DAY_DOC_H
#define JSON_DAY_DOC_H

#include <jansson.h>

#include "record/verify.h"

enum { DAY_KEY_ID_MAX = 17 };

/* What names the key that signs the record: the first 16 digits of the SHA-256 of its 32 bytes, terminated. */
void day_key_id(const uint8_t public_key[PUBLIC_KEY_LEN], char out[DAY_KEY_ID_MAX]);

/* The key in the file at a path. KW_ESYNTAX, KW_ERANGE: it is none; errors of file_read. */
enum kw_err day_key_read(const char *path, uint8_t public_key[PUBLIC_KEY_LEN]) MUST_USE;

/* {"day":"2026-11-24","closed":true,"damaged":false,"bytes":…,"batches":…,"records":…,"lastBatch":…,"lastAt":…,"lastHash":…,"signature":…,
 * "publicKeyId":…,"head":"keyward-head 1 …"}. records NULL: not counted. NULL: no memory. */
json_t *day_doc(const struct day_head *h, bool is_closed, const uint64_t *records,
                const char *key_id);

/* The same of a day without an end that can be shown: "damaged" is true, and all that would be in the end is null. NULL: no memory. */
json_t *day_doc_damaged(int32_t day, bool is_closed);

#endif
