/* image_document.c - the image of a document; see image.h. */
#include "store/image_parts.h"

enum { HEAD_MAX = 320 };

enum kw_err image_of_document(const struct document *d, struct buf *out)
{
    if (!document_ok(d))
        return KW_EINVAL;
    struct packer to = image_start(out, d->text.n + HEAD_MAX);
    image_head(&to, IMAGE_FIRST, IMAGE_DOCUMENT, d->slot, d->version);
    pack_u8(&to, (uint8_t)d->kind);
    pack_str8(&to, str_from(d->id));
    pack_str8(&to, str_from(d->account));
    pack_str8(&to, str_from(d->key));
    pack_str8(&to, str_from(d->subject));
    pack_str8(&to, str_from(d->state));
    pack_u64(&to, (uint64_t)d->created_ms);
    pack_str32(&to, d->text);
    return image_finish(out, &to);
}

enum kw_err image_read_document(struct str image, struct document *out)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_FIRST, IMAGE_DOCUMENT, &head));
    struct document d = {.slot = head.object, .version = head.version};
    d.kind = unpack_u8(&from);
    image_unpack_text(&from, d.id, sizeof d.id);
    image_unpack_text(&from, d.account, sizeof d.account);
    image_unpack_text(&from, d.key, sizeof d.key);
    image_unpack_text(&from, d.subject, sizeof d.subject);
    image_unpack_text(&from, d.state, sizeof d.state);
    d.created_ms = (int64_t)unpack_u64(&from);
    d.text = unpack_str32(&from);
    if (!unpack_done(&from) || !document_ok(&d))
        return KW_EDAMAGED;
    *out = d;
    return KW_OK;
}
