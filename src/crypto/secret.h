/* secret.h - bytes that must not be seen: wiped when they go, compared in constant time, without a
 * printer. */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { DIGEST_LEN = 32, SECRET_LEN = 32, SECRET_TEXT_MAX = 96 };

struct digest { /* SHA-256 of a key's text, or a MAC */
    uint8_t b[DIGEST_LEN];
};

struct secret { /* a symmetric key */
    uint8_t b[SECRET_LEN];
};

struct secret_text { /* the text of a key, on its single way to whoever asked for it */
    char p[SECRET_TEXT_MAX];
    size_t n;
};

bool digest_eq(const struct digest *a, const struct digest *b); /* constant time */

void digest_wipe(struct digest *d); /* these three are for AUTO */
void secret_wipe(struct secret *s);
void secret_text_wipe(struct secret_text *s);

static inline struct str secret_text_view(const struct secret_text *s)
{
    return (struct str){s->p, s->n};
}

#endif
