/* image_spend.c - the image of what a key may spend; see image.h. */
#include "core/key.h"
#include "core/spend_rules.h"
#include "store/image_parts.h"

enum { HEAD_MAX = 128 };

static bool row_ok(const struct spend_row *r)
{
    struct spend_rules rules;

    return r->slot != 0 && is_terminated(r->key, sizeof r->key) && key_id_ok(str_from(r->key)) &&
           is_terminated(r->account, sizeof r->account) &&
           spend_rules_read(r->document, &rules) == KW_OK;
}

enum kw_err image_of_spend_rules(const struct spend_row *r, struct buf *out)
{
    if (!row_ok(r))
        return KW_EINVAL;
    struct packer to = image_start(out, r->document.n + HEAD_MAX);
    image_head(&to, IMAGE_FIRST, IMAGE_SPEND_RULES, r->slot, r->version);
    pack_str8(&to, str_from(r->key));
    pack_str8(&to, str_from(r->account));
    pack_str32(&to, r->document);
    return image_finish(out, &to);
}

enum kw_err image_read_spend_rules(struct str image, struct spend_row *out)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_FIRST, IMAGE_SPEND_RULES, &head));
    struct spend_row r = {.slot = head.object, .version = head.version};
    image_unpack_text(&from, r.key, sizeof r.key);
    image_unpack_text(&from, r.account, sizeof r.account);
    r.document = unpack_str32(&from);
    if (!unpack_done(&from) || !row_ok(&r))
        return KW_EDAMAGED;
    *out = r;
    return KW_OK;
}
