/* image_family.c - the image of a family of tokens; see image.h. */
#include "core/permission.h"
#include "store/image_parts.h"

static bool family_ok(const struct family *f)
{
    return strnlen(f->id, sizeof f->id) == KW_KEY_ID_LEN &&
           strnlen(f->key, sizeof f->key) == KW_KEY_ID_LEN &&
           is_terminated(f->account, sizeof f->account) &&
           (f->environment == KW_SANDBOX || f->environment == KW_PRODUCTION) &&
           f->permissions >= 1 && f->permissions <= PERMISSION_ALL && f->state <= FAMILY_ACTIVE &&
           f->access_s <= FAMILY_ACCESS_MAX_S;
}

static void pack_tokens(struct packer *to, const struct family *f)
{
    pack_bytes(to, f->access_digest, sizeof f->access_digest);
    pack_u64(to, (uint64_t)f->access_ends_ms);
    pack_bytes(to, f->old_access_digest, sizeof f->old_access_digest);
    pack_u64(to, (uint64_t)f->old_access_ends_ms);
    pack_bytes(to, f->refresh_digest, sizeof f->refresh_digest);
    pack_u32(to, f->refreshes);
    pack_u64(to, (uint64_t)f->refreshed_ms);
    pack_bytes(to, f->refreshed_from.b, sizeof f->refreshed_from.b);
    pack_bytes(to, f->nonce, sizeof f->nonce);
}

static void pack(struct packer *to, const struct family *f)
{
    image_head(to, IMAGE_FIRST, IMAGE_FAMILY, f->slot, f->version);
    pack_str8(to, str_from(f->id));
    pack_str8(to, str_from(f->key));
    pack_u32(to, f->key_slot);
    pack_str8(to, str_from(f->account));
    pack_u8(to, (uint8_t)f->environment);
    pack_u8(to, (uint8_t)f->permissions);
    pack_u64(to, f->secret_mark);
    pack_u8(to, (uint8_t)f->state);
    pack_u32(to, f->access_s);
    pack_u64(to, (uint64_t)f->created_ms);
    pack_u64(to, (uint64_t)f->ends_ms);
    pack_bytes(to, f->created_from.b, sizeof f->created_from.b);
    pack_tokens(to, f);
}

enum kw_err image_of_family(const struct family *f, struct buf *out)
{
    if (!family_ok(f))
        return KW_EINVAL;
    struct packer to = image_start(out, IMAGE_MAX);
    pack(&to, f);
    return image_finish(out, &to);
}

static void unpack_tokens(struct unpacker *from, struct family *f)
{
    unpack_bytes(from, f->access_digest, sizeof f->access_digest);
    f->access_ends_ms = (int64_t)unpack_u64(from);
    unpack_bytes(from, f->old_access_digest, sizeof f->old_access_digest);
    f->old_access_ends_ms = (int64_t)unpack_u64(from);
    unpack_bytes(from, f->refresh_digest, sizeof f->refresh_digest);
    f->refreshes = unpack_u32(from);
    f->refreshed_ms = (int64_t)unpack_u64(from);
    unpack_bytes(from, f->refreshed_from.b, sizeof f->refreshed_from.b);
    unpack_bytes(from, f->nonce, sizeof f->nonce);
}

enum kw_err image_read_family(struct str image, struct family *out)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_FIRST, IMAGE_FAMILY, &head));
    struct family f = {.slot = head.object, .version = head.version};
    image_unpack_text(&from, f.id, sizeof f.id);
    image_unpack_text(&from, f.key, sizeof f.key);
    f.key_slot = unpack_u32(&from);
    image_unpack_text(&from, f.account, sizeof f.account);
    f.environment = unpack_u8(&from);
    f.permissions = unpack_u8(&from);
    f.secret_mark = unpack_u64(&from);
    f.state = unpack_u8(&from);
    f.access_s = unpack_u32(&from);
    f.created_ms = (int64_t)unpack_u64(&from);
    f.ends_ms = (int64_t)unpack_u64(&from);
    unpack_bytes(&from, f.created_from.b, sizeof f.created_from.b);
    unpack_tokens(&from, &f);
    if (!unpack_done(&from) || !family_ok(&f))
        return KW_EDAMAGED;
    *out = f;
    return KW_OK;
}
