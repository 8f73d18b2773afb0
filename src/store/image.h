/* image.h - the canonical bytes of a row: what is sealed, logged, and shown as the row after a
 * change. */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include "base/buf.h"
#include "core/grant.h"

/* Versioned; every field, each number at its fixed width, each string behind its length: equal
 * rows, equal bytes. */
enum kw_err image_of_key(const struct grant *g, struct buf *out) MUST_USE;
enum kw_err image_of_account(const struct account *a, struct buf *out) MUST_USE;
enum kw_err image_of_policy(uint32_t version, struct str document, struct buf *out) MUST_USE;

/* Reads them back. KW_EFORMAT: of another version. KW_EDAMAGED. */
enum kw_err image_read_key(struct str image, struct grant *out) MUST_USE;
enum kw_err image_read_account(struct str image, struct account *out) MUST_USE;
enum kw_err image_read_policy(struct str image, uint32_t *version, struct str *document) MUST_USE;

#endif
