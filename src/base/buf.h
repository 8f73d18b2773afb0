/* buf.h - bytes that grow, up to the maximum that their maker set. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* Growing failures do not need looking at one by one: what does not fit is not written and sets
 * `failed`, which the caller reads once, at the end. Not thread-safe. */
struct buf {
    char *p; /* owns */
    size_t n, cap, max;
    bool failed;
};

#define BUF_MAX(bytes) ((struct buf){.max = (bytes)})

void buf_deinit(struct buf *b); /* frees; b is empty afterwards and may be used again */
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Empties a buffer that is used again and again, and forgets that something did not fit. Its memory stays. */
static inline void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
}

/* Makes room for n bytes more and returns where they begin; the caller fills them and adds to b->n.
 * NULL, and `failed`, when that is not possible. */
void *buf_room(struct buf *b, size_t n);

static inline struct str buf_view(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

#endif
