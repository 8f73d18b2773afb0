/* change.c - see change.h. */
#include "record/change.h"

#include <assert.h>

#include "base/pack.h"
#include "base/utf8.h"

enum { CHANGE_VERSION = 1, CHANGE_FIXED = 26 };

static_assert(CHANGE_FIXED + 3 + CHANGE_ACTOR_MAX + 2 * CHANGE_ID_MAX + 4 + CHANGE_SUMMARY_MAX <=
                  CHANGE_MAX,
              "the longest change fits");

size_t change_encode(const struct record_change *c, uint8_t out[CHANGE_MAX])
{
    struct packer to = {.p = out, .cap = CHANGE_MAX};

    pack_u8(&to, CHANGE_VERSION);
    pack_u8(&to, (uint8_t)c->kind);
    pack_u32(&to, c->object);
    pack_u32(&to, c->version);
    pack_u64(&to, c->n);
    pack_u64(&to, (uint64_t)c->time_ms);
    pack_str8(&to, utf8_cut(c->actor, CHANGE_ACTOR_MAX));
    pack_str8(&to, utf8_cut(c->id, CHANGE_ID_MAX));
    pack_str8(&to, utf8_cut(c->account, CHANGE_ID_MAX));
    pack_str32(&to, c->summary.n > CHANGE_SUMMARY_MAX ? STR("{}") : c->summary);
    return to.n;
}

enum kw_err change_decode(struct str bytes, struct record_change *out)
{
    struct unpacker from = {.p = (const uint8_t *)bytes.p, .n = bytes.n};
    struct record_change c = {0};

    if (unpack_u8(&from) != CHANGE_VERSION)
        return from.bad ? KW_EDAMAGED : KW_EFORMAT;
    c.kind = unpack_u8(&from);
    c.object = unpack_u32(&from);
    c.version = unpack_u32(&from);
    c.n = unpack_u64(&from);
    c.time_ms = (int64_t)unpack_u64(&from);
    c.actor = unpack_str8(&from);
    c.id = unpack_str8(&from);
    c.account = unpack_str8(&from);
    c.summary = unpack_str32(&from);
    if (!unpack_done(&from) || c.kind < CHANGE_KEY || c.kind > CHANGE_DOCUMENT)
        return KW_EDAMAGED;
    if (c.actor.n > CHANGE_ACTOR_MAX || c.id.n > CHANGE_ID_MAX || c.account.n > CHANGE_ID_MAX ||
        c.summary.n > CHANGE_SUMMARY_MAX)
        return KW_EDAMAGED;
    *out = c;
    return KW_OK;
}
