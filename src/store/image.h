/* image.h - the canonical bytes of a row: what is sealed, logged, and shown as the row after a
 * change. */
#ifndef STORE_IMAGE_H
#define STORE_IMAGE_H

#include "base/buf.h"
#include "core/document.h"
#include "core/family.h"
#include "core/member.h"

/* Versioned; every field, each number at its fixed width, each string behind its length: equal
 * rows, equal bytes. */
enum kw_err image_of_key(const struct grant *g, struct buf *out) MUST_USE;
enum kw_err image_of_account(const struct account *a, struct buf *out) MUST_USE;
enum kw_err image_of_environment(const struct environment *e, struct buf *out) MUST_USE;
enum kw_err image_of_token(const struct token *t, struct buf *out) MUST_USE;
enum kw_err image_of_family(const struct family *f, struct buf *out) MUST_USE;
enum kw_err image_of_policy(uint32_t version, struct str document, struct buf *out) MUST_USE;

/* What a key may spend, as its row has it. */
struct spend_row {
    uint32_t slot, version; /* the slot is the key's */
    char key[KW_KEY_ID_LEN + 1], account[KW_ACCOUNT_MAX + 1];
    struct str document; /* borrows */
};
enum kw_err image_of_spend_rules(const struct spend_row *r, struct buf *out) MUST_USE;

enum kw_err image_of_document(const struct document *d, struct buf *out) MUST_USE;

/* Of the password's hash, the encrypted secret of TOTP and the recovery codes it has only digests: an old one is not kept
 * for ever in the log. */
enum kw_err image_of_member(const struct member *m, struct buf *out) MUST_USE;

/* Reads them back. KW_EFORMAT: of another version. KW_EDAMAGED. */
enum kw_err image_read_key(struct str image, struct grant *out) MUST_USE;
enum kw_err image_read_account(struct str image, struct account *out) MUST_USE;
enum kw_err image_read_environment(struct str image, struct environment *out) MUST_USE;
enum kw_err image_read_family(struct str image, struct family *out) MUST_USE;
enum kw_err image_read_policy(struct str image, uint32_t *version, struct str *document) MUST_USE;
enum kw_err image_read_spend_rules(struct str image, struct spend_row *out) MUST_USE;
enum kw_err image_read_token(struct str image, struct token *out) MUST_USE;
enum kw_err image_read_document(struct str image, struct document *out) MUST_USE; /* its text borrows */

/* All but what is there as a digest only: password is empty, totp and recovery are zero. */
enum kw_err image_read_member(struct str image, struct member *out) MUST_USE;

#endif
