/* mint.h - tokens derived from tokens: a pair from a refresh token, and the refresh token that follows it. */
#ifndef JOBS_MINT_H
#define JOBS_MINT_H

#include "core/family.h"
#include "core/key.h"
#include "crypto/seal.h"

/* HMAC-SHA-256 under a subkey of the master key, over what is derived, the family's nonce and the refresh token. So nothing has to be
 * kept by which a token could be made: neither what the database holds, nor that and the master key, is enough, without the
 * token before. And of an old refresh token it can be told that it was one: the present one follows from it.
 *
 * Owns its sealer.
 * Threads   One at a time. */
struct mint {
    struct sealer *sealer;
    struct str brand; /* borrows */
};

#define MINT_PURPOSE STR("keyward tokens v1")

/* A new family's first refresh token, its id and nonce: random. The rest of the family is the caller's. KW_EIO. */
enum kw_err mint_first(const struct mint *m, struct family *f, struct secret_text *refresh) MUST_USE;

/* The refresh token that follows one of the family, and the access token of its pair. */
enum kw_err mint_next(const struct mint *m, const struct family *f,
                      const struct secret_text *refresh, struct secret_text *out) MUST_USE;
enum kw_err mint_access(const struct mint *m, const struct family *f,
                        const struct secret_text *refresh, struct secret_text *out) MUST_USE;

/* The digests of a pair. */
enum kw_err mint_pair(const struct mint *m, const struct family *f,
                      const struct secret_text *refresh, struct family_pair *out) MUST_USE;

/* How many steps behind the current refresh token a text is: 0: it is the current one. KW_ENOTFOUND: it is none of the last
 * FAMILY_ANCESTORS, or none of the family. */
enum kw_err mint_age(const struct mint *m, const struct family *f, const struct secret_text *text,
                     uint32_t *out) MUST_USE;

#endif
