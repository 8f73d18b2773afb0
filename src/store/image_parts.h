/* image_parts.h - what the images of all kinds have in common; for image*.c only. */
#ifndef STORE_IMAGE_PARTS_H
#define STORE_IMAGE_PARTS_H

#include "base/pack.h"
#include "store/image.h"

enum { IMAGE_MAX = 2048 }; /* but for a policy's */

/* The kind is part of the image: the seal of an account is never the seal of a key. */
enum image_kind {
    IMAGE_KEY = 1,
    IMAGE_ACCOUNT = 2,
    IMAGE_POLICY = 3,
    IMAGE_MEMBER = 4,
    IMAGE_TOKEN = 5,
    IMAGE_ENVIRONMENT = 6,
    IMAGE_FAMILY = 7,
    IMAGE_SPEND_RULES = 8,
    IMAGE_DOCUMENT = 9
};

static inline bool is_terminated(const char *s, size_t size)
{
    return memchr(s, '\0', size) != NULL;
}

/* Room for one more image in out; image_finish makes what was packed a part of out. KW_ENOMEM, KW_EINVAL. */
struct packer image_start(struct buf *out, size_t max);
enum kw_err image_finish(struct buf *out, const struct packer *to) MUST_USE;

/* The formats of an image. What was added later stands at the end, and only where one of it says something: rows that were
 * sealed before keep their image, and equal rows have equal bytes. */
enum image_format { IMAGE_FIRST = 1, IMAGE_SECOND = 2, IMAGE_THIRD = 3, IMAGE_FOURTH = 4 };

/* A byte of format, a byte of kind, the object and its version. KW_EFORMAT: newer than `newest`. */
void image_head(struct packer *to, enum image_format format, enum image_kind kind, uint32_t object,
                uint32_t version);
struct image_head {
    enum image_format format;
    uint32_t object, version;
};
enum kw_err image_unpack_head(struct unpacker *from, enum image_format newest, enum image_kind kind,
                              struct image_head *out) MUST_USE;

/* A string of at most size - 1 bytes, none of them zero, into zeroed memory. */
void image_unpack_text(struct unpacker *from, char *out, size_t size);

#endif
