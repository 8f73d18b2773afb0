/* box.h - AES-256-GCM (NIST SP 800-38D): what must be read again by us and by nobody else. */
#ifndef CRYPTO_BOX_H
#define CRYPTO_BOX_H

#include "crypto/secret.h"

/* nonce ‖ ciphertext ‖ tag. The nonce is random: one key is good for 2^32 of them (section 8.3). */
enum { BOX_NONCE_LEN = 12, BOX_TAG_LEN = 16, BOX_OVERHEAD = BOX_NONCE_LEN + BOX_TAG_LEN };

/* The purposes of their keys, for seal_subkey. */
#define BOX_MEMBER_SECRETS  STR("keyward member secrets v1")
#define BOX_CURSORS         STR("keyward cursors v1")
#define BOX_WEBHOOK_SECRETS STR("keyward webhook secrets v1")

/* Owns a copy of its key, and wipes it at the end.
 * Threads   Any number may use one box at once. */
struct box;

enum kw_err box_new(const struct secret *key, struct box **out) MUST_USE; /* KW_ENOMEM */
void box_free(struct box *b);                                             /* takes NULL */
void box_freep(struct box **b);

/* Seals n bytes, together with what they belong to (aad: the id of a member), into n + BOX_OVERHEAD bytes at out.
 * KW_ENOMEM; KW_EIO: no random bytes. */
enum kw_err box_seal(const struct box *b, struct str aad, struct str plain, uint8_t *out) MUST_USE;

/* Opens what box_seal made into sealed.n - BOX_OVERHEAD bytes at out. KW_EDAMAGED: one bit of it, of its aad or of the key
 * is another; out is wiped then. KW_ENOMEM. */
enum kw_err box_open(const struct box *b, struct str aad, struct str sealed, void *out) MUST_USE;

#endif
