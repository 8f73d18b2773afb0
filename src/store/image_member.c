/* image_member.c - the images of members and of management tokens; see image.h. */
#include "crypto/digest.h"
#include "store/image_parts.h"

static bool member_strings_ok(const struct member *m)
{
    return strnlen(m->id, sizeof m->id) == KW_KEY_ID_LEN &&
           is_terminated(m->account, sizeof m->account) &&
           is_terminated(m->email, sizeof m->email) && is_terminated(m->name, sizeof m->name) &&
           is_terminated(m->created_by, sizeof m->created_by) &&
           is_terminated(m->password, sizeof m->password);
}

static bool member_values_ok(const struct member *m)
{
    return m->role >= ROLE_VIEWER && m->role <= ROLE_OWNER && m->state <= MEMBER_INVITED &&
           m->link <= LINK_RESET && m->n_recovery <= MEMBER_RECOVERY_CODES;
}

static bool token_ok(const struct token *t)
{
    return strnlen(t->id, sizeof t->id) == KW_KEY_ID_LEN &&
           is_terminated(t->account, sizeof t->account) &&
           is_terminated(t->member, sizeof t->member) && is_terminated(t->name, sizeof t->name) &&
           is_terminated(t->created_by, sizeof t->created_by) &&
           (t->scopes & ~(unsigned)SCOPES_ALL) == 0 && t->state <= TOKEN_ACTIVE;
}

/* Nothing has the digest zero. */
static void pack_digest_of(struct packer *to, const void *bytes, size_t n)
{
    struct digest d = {0};

    if (n > 0)
        digest_of((struct str){bytes, n}, &d);
    pack_bytes(to, d.b, DIGEST_LEN);
}

static void pack_proofs(struct packer *to, const struct member *m)
{
    pack_u32(to, m->epoch);
    pack_digest_of(to, m->password, strlen(m->password));
    pack_u64(to, (uint64_t)m->password_since_ms);
    pack_u8(to, m->has_totp);
    pack_digest_of(to, m->totp, m->has_totp ? sizeof m->totp : 0);
    pack_u64(to, (uint64_t)m->totp_since_ms);
    pack_u8(to, (uint8_t)m->n_recovery);
    pack_digest_of(to, m->recovery, m->n_recovery * sizeof m->recovery[0]);
    pack_u8(to, (uint8_t)m->link);
    pack_bytes(to, m->link_digest, sizeof m->link_digest);
    pack_u64(to, (uint64_t)m->link_ends_ms);
}

static void pack_member(struct packer *to, const struct member *m)
{
    image_head(to, IMAGE_FIRST, IMAGE_MEMBER, m->slot, m->version);
    pack_str8(to, str_from(m->id));
    pack_str8(to, str_from(m->account));
    pack_u32(to, m->account_slot);
    pack_str8(to, str_from(m->email));
    pack_str8(to, str_from(m->name));
    pack_u8(to, (uint8_t)m->role);
    pack_u8(to, m->is_operator);
    pack_u8(to, (uint8_t)m->state);
    pack_u64(to, (uint64_t)m->created_ms);
    pack_str8(to, str_from(m->created_by));
    pack_proofs(to, m);
}

enum kw_err image_of_member(const struct member *m, struct buf *out)
{
    if (!member_strings_ok(m) || !member_values_ok(m))
        return KW_EINVAL;
    struct packer to = image_start(out, IMAGE_MAX);
    pack_member(&to, m);
    return image_finish(out, &to);
}

enum kw_err image_of_token(const struct token *t, struct buf *out)
{
    if (!token_ok(t))
        return KW_EINVAL;
    struct packer to = image_start(out, IMAGE_MAX);
    image_head(&to, IMAGE_FIRST, IMAGE_TOKEN, t->slot, t->version);
    pack_str8(&to, str_from(t->id));
    pack_str8(&to, str_from(t->account));
    pack_str8(&to, str_from(t->member));
    pack_u32(&to, t->member_slot);
    pack_str8(&to, str_from(t->name));
    pack_u32(&to, t->scopes);
    pack_u8(&to, (uint8_t)t->state);
    pack_u64(&to, (uint64_t)t->created_ms);
    pack_u64(&to, (uint64_t)t->expires_ms);
    pack_str8(&to, str_from(t->created_by));
    pack_bytes(&to, t->digest, sizeof t->digest);
    return image_finish(out, &to);
}

/* What is true or not is one byte, 0 or 1: equal rows, equal bytes. */
static bool unpack_bool(struct unpacker *from)
{
    uint8_t v = unpack_u8(from);

    from->bad |= v > 1;
    return v == 1;
}

static void skip_digest(struct unpacker *from)
{
    uint8_t digest[DIGEST_LEN];

    unpack_bytes(from, digest, sizeof digest);
}

static void unpack_proofs(struct unpacker *from, struct member *m)
{
    m->epoch = unpack_u32(from);
    skip_digest(from);
    m->password_since_ms = (int64_t)unpack_u64(from);
    m->has_totp = unpack_bool(from);
    skip_digest(from);
    m->totp_since_ms = (int64_t)unpack_u64(from);
    m->n_recovery = unpack_u8(from);
    skip_digest(from);
    m->link = unpack_u8(from);
    unpack_bytes(from, m->link_digest, sizeof m->link_digest);
    m->link_ends_ms = (int64_t)unpack_u64(from);
}

enum kw_err image_read_member(struct str image, struct member *out)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_FIRST, IMAGE_MEMBER, &head));
    struct member m = {.slot = head.object, .version = head.version};
    image_unpack_text(&from, m.id, sizeof m.id);
    image_unpack_text(&from, m.account, sizeof m.account);
    m.account_slot = unpack_u32(&from);
    image_unpack_text(&from, m.email, sizeof m.email);
    image_unpack_text(&from, m.name, sizeof m.name);
    m.role = unpack_u8(&from);
    m.is_operator = unpack_bool(&from);
    m.state = unpack_u8(&from);
    m.created_ms = (int64_t)unpack_u64(&from);
    image_unpack_text(&from, m.created_by, sizeof m.created_by);
    unpack_proofs(&from, &m);
    if (!unpack_done(&from) || !member_strings_ok(&m) || !member_values_ok(&m))
        return KW_EDAMAGED;
    *out = m;
    return KW_OK;
}

enum kw_err image_read_token(struct str image, struct token *out)
{
    struct unpacker from = {.p = (const uint8_t *)image.p, .n = image.n};
    struct image_head head;

    TRY(image_unpack_head(&from, IMAGE_FIRST, IMAGE_TOKEN, &head));
    struct token t = {.slot = head.object, .version = head.version};
    image_unpack_text(&from, t.id, sizeof t.id);
    image_unpack_text(&from, t.account, sizeof t.account);
    image_unpack_text(&from, t.member, sizeof t.member);
    t.member_slot = unpack_u32(&from);
    image_unpack_text(&from, t.name, sizeof t.name);
    t.scopes = unpack_u32(&from);
    t.state = unpack_u8(&from);
    t.created_ms = (int64_t)unpack_u64(&from);
    t.expires_ms = (int64_t)unpack_u64(&from);
    image_unpack_text(&from, t.created_by, sizeof t.created_by);
    unpack_bytes(&from, t.digest, sizeof t.digest);
    if (!unpack_done(&from) || !token_ok(&t))
        return KW_EDAMAGED;
    *out = t;
    return KW_OK;
}
